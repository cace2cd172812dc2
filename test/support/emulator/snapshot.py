"""What there is, regardless of permissions. Reads without creating anything:
asking moto for a backend that doesn't exist makes one, with a region list that takes a while."""

import clock
from moto.iam.models import AccessKey, User, iam_backends
from moto.secretsmanager.models import FakeSecret, ReplicaSecret, secretsmanager_backends


def accounts(only: str | None = None) -> list[dict]:
    wanted = sorted(iam_backends) if only is None else [only]
    return [
        {"accountId": account_id, "users": _users(account_id), "secrets": _secrets(account_id)}
        for account_id in wanted
    ]


def secret_value(account_id: str, name: str, stage: str) -> str:
    for secret in secrets_of(account_id):
        for version in secret.versions.values():
            if secret.name == name and stage in version["version_stages"]:
                return version["secret_string"]
    raise ValueError(f"{account_id} has no secret {name} with a version {stage}")


def _users(account_id: str) -> list[dict]:
    iam = iam_backends[account_id]["aws"] if account_id in iam_backends else None
    users = iam.users.values() if iam else []
    return [_user(user) for user in sorted(users, key=lambda user: user.name)]


def _user(user: User) -> dict:
    return {
        "userName": user.name,
        "arn": user.arn,
        "keys": [_key(key) for key in user.access_keys],
    }


def _key(key: AccessKey) -> dict:
    fields = {
        "id": key.access_key_id,
        "status": key.status,
        "createdAt": clock.to_ms(key.create_date),
    }
    if key.last_used is not None:
        fields["lastUsedAt"] = clock.to_ms(key.last_used.timestamp)
    return fields


def secrets_of(account_id: str) -> list[FakeSecret | ReplicaSecret]:
    regions = dict.get(secretsmanager_backends, account_id) or {}
    return [secret for backend in dict.values(regions) for secret in backend.secrets.values()]


def _secrets(account_id: str) -> list[dict]:
    secrets = sorted(secrets_of(account_id), key=lambda secret: (secret.name, secret.region))
    return [_secret(secret) for secret in secrets]


def _secret(secret: FakeSecret | ReplicaSecret) -> dict:
    fields = {
        "name": secret.name,
        "region": secret.region,
        "replicaOf": secret.source.region if isinstance(secret, ReplicaSecret) else None,
        "versions": {
            version_id: list(version["version_stages"])
            for version_id, version in secret.versions.items()
        },
        "policy": secret.policy,
        "kmsKeyId": secret.kms_key_id,
        "tags": {tag["Key"]: tag["Value"] for tag in secret.tags or []},
        "deletedAt": secret.deleted_date and int(secret.deleted_date * 1000),
    }
    return {name: value for name, value in fields.items() if value is not None}
