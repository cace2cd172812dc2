"""What people do in many weeks at once: users and keys made, switched, used and deleted; accounts
that join, leave, are suspended and come back. No call is recorded, nobody is asked."""

import callers
import clock
import mend_organizations
import seed
import seed_iam
from moto.iam.models import IAMBackend, Role, iam_backends
from moto.organizations.models import FakeAccount


def do(deeds: list[dict]) -> None:
    """In order. The first that can't be done ends it."""
    for deed in deeds:
        does = _DEEDS.get(deed.get("does"))
        if does is None:
            raise ValueError(f"people do {', '.join(_DEEDS)}, not {deed.get('does')}")
        does(deed)


def _create_user(deed: dict) -> None:
    seed_iam.create_user(_iam(deed), {"keys": [], **deed})


def _delete_user(deed: dict) -> None:
    iam, user = _iam(deed), _user(deed)
    for key in list(user.access_keys):
        iam.delete_access_key(key.access_key_id, user.name)
    iam.delete_user(user.name)


def _create_key(deed: dict) -> None:
    seed_iam.create_key(_iam(deed), _user(deed), deed)


def _set_key(deed: dict) -> None:
    _key(deed).status = deed["status"]


def _delete_key(deed: dict) -> None:
    key = _key(deed)
    _iam(deed).delete_access_key(key.access_key_id, key.user_name)


def _use_key(deed: dict) -> None:
    _key(deed).last_used = seed_iam.used_at(deed["at"])


def _join(deed: dict) -> None:
    account = seed.join(mend_organizations.organization(), deed)
    seed_iam.fill_account(account.id, deed, _service_role())


def _leave(deed: dict) -> None:
    mend_organizations.organization().accounts.remove(_account(deed))


def _change_state(deed: dict) -> None:
    seed.set_state(_account(deed), deed["state"])


_DEEDS = {
    "create-user": _create_user,
    "delete-user": _delete_user,
    "create-key": _create_key,
    "set-key": _set_key,
    "delete-key": _delete_key,
    "use-key": _use_key,
    "join": _join,
    "leave": _leave,
    "change-state": _change_state,
}


def _account(deed: dict) -> FakeAccount:
    for account in mend_organizations.organization().accounts:
        if account.id == deed["accountId"]:
            return account
    raise ValueError(f"the organization has no account {deed['accountId']}")


def _service_role() -> Role:
    for account_id in list(iam_backends):
        for role in iam_backends[account_id]["aws"].roles.values():
            if role.name == seed_iam.SERVICE_ROLE:
                return role
    raise ValueError("nothing was seeded")


def _iam(deed: dict) -> IAMBackend:
    if deed["accountId"] not in iam_backends:
        raise ValueError(f"there is no account {deed['accountId']}")
    return iam_backends[deed["accountId"]]["aws"]


def _user(deed: dict):
    user = _iam(deed).users.get(deed["userName"])
    if user is None:
        raise ValueError(f"{deed['accountId']} has no user {deed['userName']}")
    return user


def _key(deed: dict):
    key = _iam(deed).access_keys.get(deed["keyId"])
    if key is None:
        raise ValueError(f"{deed['accountId']} has no access key {deed['keyId']}")
    return key
