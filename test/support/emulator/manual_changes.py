"""Changes of keys as people make them: no call is recorded, no permission checked."""

import callers
import clock
from moto.iam.models import AccessKey, iam_backends
from seed_iam import used_at


def mark_used(key_ids: list[str], at_ms: int | None) -> None:
    use = used_at(clock.now_ms() if at_ms is None else at_ms)
    for key_id in key_ids:
        _key(key_id).last_used = use


def set_key(key_id: str, change: dict) -> None:
    key = _key(key_id)
    key.status = change.get("status", key.status)
    if "createdAt" in change:
        key.create_date = clock.from_ms(change["createdAt"])
    if "lastUsedAt" in change:
        used = change["lastUsedAt"]
        key.last_used = None if used is None else used_at(used)


def key_credentials(key_id: str) -> dict:
    key = _key(key_id)
    return {"accessKeyId": key.access_key_id, "secretAccessKey": key.secret_access_key}


def open_session(account_id: str, role_name: str) -> dict:
    """The role needn't exist: then it is a stranger with every permission."""
    roles = iam_backends[account_id]["aws"].roles.values()
    path = next((role.path for role in roles if role.name == role_name), "/")
    return callers.open_session(account_id, role_name, path).credentials()


def _key(key_id: str) -> AccessKey:
    account_id = callers.account_of_key(key_id)
    if account_id is None:
        raise ValueError(f"no user has the access key {key_id}")
    return iam_backends[account_id]["aws"].access_keys[key_id]
