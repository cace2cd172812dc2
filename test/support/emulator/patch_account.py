"""Account Management: whose contacts one sees. The management account and delegated administrators
name the member; nobody else may name an account, and the management account's are for itself."""

from patch_organizations import organization
from moto.account.exceptions import UnspecifiedContactType
from moto.account.responses import AccountResponse
from moto.core import DEFAULT_ACCOUNT_ID
from wire import AwsError


def install() -> None:
    AccountResponse._get_account_id = _account_id
    UnspecifiedContactType.code = 404


def _account_id(self: AccountResponse) -> str:
    named = self._get_param("AccountId")
    if named is not None and not _may_name(self.current_account, named):
        raise AwsError(
            "AccessDeniedException",
            f"{self.current_account} is not authorized to perform: account:{self._get_action()}"
            f" on account {named}",
            403,
        )
    return named or self.current_account


def _may_name(caller_id: str, named: str) -> bool:
    members = {account.id for account in organization().accounts} - {DEFAULT_ACCOUNT_ID}
    administrators = {admin.account.id for admin in organization().admins}
    return caller_id in {DEFAULT_ACCOUNT_ID, *administrators} and named in members
