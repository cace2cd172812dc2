"""Which access keys the secrets hold, and whether those keys are real. Returns no secret."""

import json

from moto.iam.models import iam_backends
from snapshot import secrets_of


def key_secrets() -> list[dict]:
    """Every version that holds a key of its own account and has a staging label."""
    return [
        {"accountId": account_id, "secretName": secret.name, **fields}
        for account_id in sorted(iam_backends)
        for secret in secrets_of(account_id)
        for version in secret.versions.values()
        if version["version_stages"] and (fields := _described(account_id, version)) is not None
    ]


def _described(account_id: str, version: dict) -> dict | None:
    value = json.loads(version["secret_string"])
    key_id = value.get("AccessKeyId")
    if key_id is None:
        return None
    key = iam_backends[account_id]["aws"].access_keys.get(key_id)
    return {
        "keyId": key_id,
        "stages": list(version["version_stages"]),
        "right": key is not None
        and key.secret_access_key == value["SecretAccessKey"]
        and key.user_name == value["UserName"],
    }
