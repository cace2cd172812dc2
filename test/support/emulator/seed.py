"""Builds an organization in moto's own objects: 10,000 users in a second, where asking for each
of them over HTTP would take minutes."""

from contextlib import contextmanager

import seed_iam
import state
from moto.account.models import account_backends
from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.organizations import utils as organizations_utils
from moto.organizations.models import (
    FakeAccount,
    FakeDelegatedAdministrator,
    OrganizationsBackend,
    organizations_backends,
)
from moto.sns.models import sns_backends
from patch_subscriptions import set_confirmed

_MANAGEMENT = DEFAULT_ACCOUNT_ID
_FIRST_MEMBER = 111111111101
_REGION = "eu-central-1"
_NAME = "access-key-rotation"
# The older field knows three states only.
_STATUS = {"PENDING_ACTIVATION": "SUSPENDED", "CLOSED": "SUSPENDED"}


def seed(text: dict) -> dict:
    """Forgets everything but the clock's time, which tests set before or after, as they like."""
    state.reset_but_clock()
    management = {"name": "management", **text.get("management", {})}
    organization = _create_organization(management)
    units: dict[str, str] = {}
    accounts = [
        _create_account(organization, units, member, str(_FIRST_MEMBER + index))
        for index, member in enumerate(text["accounts"])
    ]
    service_account_id = _service_account(organization, accounts, text.get("service", {}))
    service_role = seed_iam.create_service_role(
        service_account_id, text.get("service", {}).get("policy")
    )
    for account_id, member in zip(
        [_MANAGEMENT, *(account.id for account in accounts)], [management, *text["accounts"]]
    ):
        seed_iam.fill_account(account_id, member, service_role)
        if "securityContact" in member:
            _set_security_contact(account_id, member["securityContact"])
    return {
        "managementAccountId": _MANAGEMENT,
        "serviceAccountId": service_account_id,
        "accounts": [
            {"id": account.id, "name": account.name, "ouPath": _path_to(organization, account)}
            for account in accounts
        ],
        "ous": units,
        "rootId": organization.org.root_id,
        "credentials": seed_iam.service_credentials(service_role),
        "tableName": _create_table(service_account_id),
        "topicArn": _create_topic(service_account_id, text.get("topicReaders", [])),
        **(
            {"organizationsRoleArn": seed_iam.create_organizations_role(_MANAGEMENT, service_role)}
            if text.get("organizationsRole")
            else {}
        ),
    }


def _create_topic(account_id: str, readers: list[str]) -> str:
    """Its readers have confirmed their subscriptions already."""
    backend = sns_backends[account_id][_REGION]
    topic_arn = backend.create_topic(_NAME).arn
    for address in readers:
        set_confirmed(backend.subscribe(topic_arn, address, "email"), True)
    return topic_arn


@contextmanager
def _account_id(account_id: str):
    """moto makes account ids up; in here it makes up this one."""
    original = organizations_utils.make_random_account_id
    organizations_utils.make_random_account_id = lambda: account_id
    try:
        yield
    finally:
        organizations_utils.make_random_account_id = original


def _create_organization(management: dict) -> OrganizationsBackend:
    backend = organizations_backends[_MANAGEMENT]["aws"]
    with _account_id(_MANAGEMENT):
        backend.create_organization(region="us-east-1")
    backend.accounts[0].name = management["name"]
    # AWS gives OrganizationAccountAccessRole to members only.
    seed_iam.forget_roles(_MANAGEMENT)
    return backend


def _create_account(
    organization: OrganizationsBackend, units: dict[str, str], member: dict, default_id: str
) -> FakeAccount:
    account = join(organization, {"id": default_id, **member})
    if member.get("ou"):
        account.parent_id = _unit(organization, units, member["ou"])
    return account


def join(organization: OrganizationsBackend, member: dict) -> FakeAccount:
    account_id = member["id"]
    if any(account.id == account_id for account in organization.accounts):
        raise ValueError(f"two accounts would have the id {account_id}")
    email = member.get("email", f"{account_id}@example.com")
    with _account_id(account_id):
        organization.create_account(AccountName=member["name"], Email=email)
    account = organization.accounts[-1]
    set_state(account, member.get("state", "ACTIVE"))
    return account


def set_state(account: FakeAccount, state: str) -> None:
    account.state = state
    account.status = _STATUS.get(state, state)


def _unit(organization: OrganizationsBackend, units: dict[str, str], path: str) -> str:
    """The id of the unit at "Workloads/Prod"; it and those above it are made as needed."""
    if path not in units:
        above, _, name = path.rpartition("/")
        parent_id = _unit(organization, units, above) if above else organization.org.root_id
        made = organization.create_organizational_unit(Name=name, ParentId=parent_id)
        units[path] = made["OrganizationalUnit"]["Id"]
    return units[path]


def _path_to(organization: OrganizationsBackend, account: FakeAccount) -> list[str]:
    """Ids of what the account is in, the root first."""
    parents = {unit.id: unit.parent_id for unit in organization.ou}
    path, at = [], account.parent_id
    while at is not None:
        path.insert(0, at)
        at = parents[at]
    return path


def _service_account(
    organization: OrganizationsBackend, accounts: list[FakeAccount], service: dict
) -> str:
    wanted = service.get("account", "management")
    if wanted == "management":
        return _MANAGEMENT
    account = next((account for account in accounts if account.name == wanted), None)
    if account is None:
        raise ValueError(f"the service is to run in {wanted}, and no account has that name")
    if service.get("delegatedAdministrator", True):
        organization.admins.append(FakeDelegatedAdministrator(account))
    return account.id


def _set_security_contact(account_id: str, email: str) -> None:
    account_backends[account_id]["aws"].put_alternate_contact(
        "SECURITY", email, name="Security", phone_number="+49 30 123456", title="Security team"
    )


def _create_table(account_id: str) -> str:
    dynamodb = dynamodb_backends[account_id][_REGION]
    dynamodb.create_table(
        _NAME,
        schema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        attr=[
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "S"},
        ],
        throughput=None,
        global_indexes=[],
        indexes=[],
        streams=None,
        billing_mode="PAY_PER_REQUEST",
        sse_specification=None,
        tags=[],
        deletion_protection_enabled=False,
        warm_throughput=None,
    )
    dynamodb.update_time_to_live(_NAME, {"Enabled": True, "AttributeName": "expiresAt"})
    return _NAME
