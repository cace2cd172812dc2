"""Organizations: lists page at 20 in a stable order, and may be read by the management account
and by delegated administrators, by no one else."""

import json

import paging
from moto.core import DEFAULT_ACCOUNT_ID
from moto.organizations.exceptions import InvalidInputException, OrganizationsClientError
from moto.organizations.models import OrganizationsBackend, organizations_backends
from moto.organizations.responses import OrganizationsResponse

_PAGE = 20


def install() -> None:
    OrganizationsResponse.organizations_backend = property(_backend)
    OrganizationsResponse.list_accounts = _list_accounts
    OrganizationsResponse.list_accounts_for_parent = _list_accounts_for_parent
    OrganizationsResponse.list_organizational_units_for_parent = _list_ous_for_parent
    OrganizationsResponse.list_children = _list_children


def _backend(self: OrganizationsResponse) -> OrganizationsBackend:
    own = organizations_backends[self.current_account][self.partition]
    if self.current_account not in organizations_backends.master_accounts:
        return own  # the management account, or in no organization at all
    if self._get_action() == "DescribeOrganization":
        return own  # any member may ask who manages it
    management_id, partition = organizations_backends.master_accounts[self.current_account]
    organization = organizations_backends[management_id][partition]
    if any(admin.account.id == self.current_account for admin in organization.admins):
        return organization
    raise OrganizationsClientError(
        "AccessDeniedException", "You don't have permissions to access this resource."
    )


def _list_accounts(self: OrganizationsResponse) -> str:
    accounts = [account.describe() for account in self.organizations_backend.accounts]
    return _page(self, "Accounts", accounts, "listAccounts")


def _list_accounts_for_parent(self: OrganizationsResponse) -> str:
    organization = self.organizations_backend
    parent_id = organization.validate_parent_id(self._get_param("ParentId"))
    accounts = [a.describe() for a in organization.accounts if a.parent_id == parent_id]
    return _page(self, "Accounts", accounts, "listAccountsForParent")


def _list_ous_for_parent(self: OrganizationsResponse) -> str:
    organization = self.organizations_backend
    parent_id = organization.validate_parent_id(self._get_param("ParentId"))
    units = [
        {"Id": unit.id, "Arn": unit.arn, "Name": unit.name}
        for unit in organization.ou
        if unit.parent_id == parent_id
    ]
    return _page(self, "OrganizationalUnits", units, "listOrganizationalUnitsForParent")


def _list_children(self: OrganizationsResponse) -> str:
    children = self.organizations_backend.list_children(**self.request_params)["Children"]
    return _page(self, "Children", children, "listChildren")


def _page(response: OrganizationsResponse, member: str, things: list, name: str) -> str:
    asked = response._get_param("MaxResults")
    try:
        found, token = paging.page(things, response._get_param("NextToken"), asked, _PAGE, name)
    except paging.BadToken:
        raise InvalidInputException("You specified an invalid NextToken.") from None
    return json.dumps({member: found} | ({"NextToken": token} if token else {}))


def state_of(account_id: str) -> str | None:
    for organization in _organizations():
        for account in organization.accounts:
            if account.id == account_id:
                return account.state
    return None


def organization_id_of(account_id: str) -> str | None:
    for organization in _organizations():
        if any(account.id == account_id for account in organization.accounts):
            return organization.org.id
    return None


def _organizations():
    return (backends["aws"] for backends in organizations_backends.values())


def organization() -> OrganizationsBackend:
    return organizations_backends[DEFAULT_ACCOUNT_ID]["aws"]


def reset() -> None:
    organizations_backends.master_accounts.clear()
