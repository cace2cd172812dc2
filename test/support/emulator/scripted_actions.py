"""What people do in many weeks at once: users and keys made, switched, used and deleted; accounts
that join, leave, are suspended and come back. No call is recorded, no permission checked."""

import callers
import clock
import patch_organizations
import seed
import seed_iam
from moto.iam.models import IAMBackend, Role, iam_backends
from moto.organizations.models import FakeAccount


def perform_all(actions: list[dict]) -> None:
    """In order. The first that can't be done ends it."""
    for action in actions:
        perform = _KINDS.get(action.get("kind"))
        if perform is None:
            raise ValueError(f"a scripted action is one of {', '.join(_KINDS)}, not {action.get('kind')}")
        perform(action)


def _create_user(action: dict) -> None:
    seed_iam.create_user(_iam(action), {"keys": [], **action})


def _delete_user(action: dict) -> None:
    iam, user = _iam(action), _user(action)
    for key in list(user.access_keys):
        iam.delete_access_key(key.access_key_id, user.name)
    iam.delete_user(user.name)


def _create_key(action: dict) -> None:
    seed_iam.create_key(_iam(action), _user(action), action)


def _set_key(action: dict) -> None:
    _key(action).status = action["status"]


def _delete_key(action: dict) -> None:
    key = _key(action)
    _iam(action).delete_access_key(key.access_key_id, key.user_name)


def _use_key(action: dict) -> None:
    _key(action).last_used = seed_iam.used_at(action["at"])


def _join(action: dict) -> None:
    account = seed.join(patch_organizations.organization(), action)
    seed_iam.fill_account(account.id, action, _service_role())


def _leave(action: dict) -> None:
    patch_organizations.organization().accounts.remove(_account(action))


def _change_state(action: dict) -> None:
    seed.set_state(_account(action), action["state"])


_KINDS = {
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


def _account(action: dict) -> FakeAccount:
    for account in patch_organizations.organization().accounts:
        if account.id == action["accountId"]:
            return account
    raise ValueError(f"the organization has no account {action['accountId']}")


def _service_role() -> Role:
    for account_id in list(iam_backends):
        for role in iam_backends[account_id]["aws"].roles.values():
            if role.name == seed_iam.SERVICE_ROLE:
                return role
    raise ValueError("nothing was seeded")


def _iam(action: dict) -> IAMBackend:
    if action["accountId"] not in iam_backends:
        raise ValueError(f"there is no account {action['accountId']}")
    return iam_backends[action["accountId"]]["aws"]


def _user(action: dict):
    user = _iam(action).users.get(action["userName"])
    if user is None:
        raise ValueError(f"{action['accountId']} has no user {action['userName']}")
    return user


def _key(action: dict):
    key = _iam(action).access_keys.get(action["keyId"])
    if key is None:
        raise ValueError(f"{action['accountId']} has no access key {action['keyId']}")
    return key
