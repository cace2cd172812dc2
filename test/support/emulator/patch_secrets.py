"""Secrets Manager: names are checked, a value once put is never replaced under the same version
id, a staging label is on one version at a time, versions keep the labels nobody takes away, what is
about to be deleted takes no tag, and an ARN leads to the account it names."""

import re

from moto.secretsmanager.exceptions import (
    InvalidParameterException,
    InvalidRequestException,
    OperationNotPermittedOnReplica,
    ResourceExistsException,
)
from moto.secretsmanager.models import (
    FakeSecret,
    ReplicaSecret,
    SecretsManagerBackend,
    secretsmanager_backends,
)
from moto.secretsmanager.responses import SecretsManagerResponse

_NAME = re.compile(r"[A-Za-z0-9/_+=.@-]{1,512}")


def install() -> None:
    backend = SecretsManagerBackend
    backend.create_secret = _create_secret(backend.create_secret)
    backend.put_secret_value = _put_secret_value(backend.put_secret_value)
    backend.update_secret_version_stage = _move_stage(backend.update_secret_version_stage)
    backend.tag_resource = _tag(backend.tag_resource)
    SecretsManagerResponse.backend = property(_backend)
    FakeSecret._form_version_ids_to_stages = _stages_of_versions
    FakeSecret.reset_default_version = _make_current


def account_in(secret_id: str | None) -> str | None:
    """The account that an ARN names; None of a name."""
    parts = (secret_id or "").split(":")
    return parts[4] if parts[0] == "arn" and len(parts) >= 7 else None


def _backend(self: SecretsManagerResponse) -> SecretsManagerBackend:
    # Who may follow an ARN into another account was decided before.
    account_id = account_in(self._get_param("SecretId")) or self.current_account
    return secretsmanager_backends[account_id][self.region]


def _create_secret(original):
    def create_secret(self, name: str, **rest):
        if not _NAME.fullmatch(name):
            raise InvalidParameterException(
                "Invalid name. Must be a valid name containing alphanumeric characters,"
                " or any of the following: -/_+=.@!"
            )
        existing = self.secrets.get(name)
        if isinstance(existing, ReplicaSecret):
            raise ResourceExistsException(
                f"The operation failed because the secret {name} already exists."
            )
        if existing is not None and existing.is_deleted():
            raise InvalidRequestException(
                "You can't create this secret because a secret with this name"
                " is already scheduled for deletion."
            )
        return original(self, name=name, **rest)

    return create_secret


def _put_secret_value(original):
    def put_secret_value(self, secret_id: str, client_request_token: str | None, **rest):
        secret = self.secrets.get(secret_id)
        if isinstance(secret, ReplicaSecret):
            raise OperationNotPermittedOnReplica()
        _refuse_deleted(secret)
        version = secret.versions.get(client_request_token) if secret else None
        if version is None:
            return original(
                self, secret_id=secret_id, client_request_token=client_request_token, **rest
            )
        same = all(
            version.get(kind) == rest.get(kind) for kind in ("secret_string", "secret_binary")
        )
        if not same:
            raise ResourceExistsException(
                f"You can't use ClientRequestToken {client_request_token} because that value"
                f" is already in use for a version of secret {secret.arn}."
            )
        return secret.to_short_dict(include_version_stages=True, version_id=client_request_token)

    return put_secret_value


def _tag(original):
    def tag_resource(self, secret_id: str, tags: list) -> None:
        _refuse_deleted(self.secrets.get(secret_id))
        original(self, secret_id=secret_id, tags=tags)

    return tag_resource


def _refuse_deleted(secret: FakeSecret | None) -> None:
    if secret is not None and secret.is_deleted():
        raise InvalidRequestException(
            "You can't perform this operation on the secret because it was marked for deletion."
        )


def _move_stage(original):
    def update_secret_version_stage(self, secret_id: str, version_stage: str, **rest):
        secret = self.secrets.get(secret_id)
        if isinstance(secret, ReplicaSecret):
            raise OperationNotPermittedOnReplica()
        wanted, left = rest.get("move_to_version_id"), rest.get("remove_from_version_id")
        holder = _holder(secret, version_stage) if secret else None
        if wanted and holder not in (None, wanted, left):
            raise InvalidParameterException(
                f"The staging label {version_stage} is currently attached to version {holder},"
                " so you must explicitly reference that version in RemoveFromVersionId."
            )
        if holder is not None and holder == wanted:
            return secret.arn, secret.name  # there already; moto would put it there twice
        answer = original(self, secret_id=secret_id, version_stage=version_stage, **rest)
        for version_id, version in secret.versions.items():
            if "AWSCURRENT" in version["version_stages"]:
                secret.set_default_version_id(version_id)
        return answer

    return update_secret_version_stage


def _holder(secret: FakeSecret, stage: str) -> str | None:
    versions = secret.versions.items()
    return next((id for id, version in versions if stage in version["version_stages"]), None)


def _make_current(self: FakeSecret, version: dict, version_id: str) -> None:
    """moto would strip the version that was current of every other label."""
    labels = version["version_stages"]
    for other in self.versions.values():
        was_current = "AWSCURRENT" in other["version_stages"]
        kept = [s for s in other["version_stages"] if s not in (*labels, "AWSPREVIOUS")]
        other["version_stages"] = kept + (["AWSPREVIOUS"] if was_current else [])
    self.versions[version_id] = version
    self.set_default_version_id(version_id)


def _stages_of_versions(self: FakeSecret) -> dict[str, list[str]]:
    """Versions without a stage are deprecated; DescribeSecret doesn't list them."""
    return {
        version_id: version["version_stages"]
        for version_id, version in self.versions.items()
        if version["version_stages"]
    }
