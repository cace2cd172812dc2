"""Secrets Manager, replicas in other regions: they have a key of their own, share everything else
with their primary, its policy too, and are changed through it alone."""

import json

from moto.secretsmanager.exceptions import InvalidParameterException
from moto.secretsmanager.models import (
    FakeSecret,
    ReplicaSecret,
    SecretsManagerBackend,
    secretsmanager_backends,
)


def install() -> None:
    FakeSecret.create_replicas = _create_replicas
    FakeSecret.to_dict = _describe(FakeSecret.to_dict)
    ReplicaSecret.policy = property(lambda self: self.source.policy)
    ReplicaSecret.deleted_date = None
    backend = SecretsManagerBackend
    backend.get_resource_policy = _get_resource_policy(backend.get_resource_policy)
    backend.replicate_secret_to_regions = _telling_arn(backend.replicate_secret_to_regions)
    backend.remove_regions_from_replication = _telling_arn(backend.remove_regions_from_replication)


def _create_replicas(
    self: FakeSecret, replica_regions: list[dict], force_overwrite: bool
) -> list[ReplicaSecret]:
    replicas = getattr(self, "replicas", [])  # none yet while it is being created
    known = secretsmanager_backends[self.account_id]
    taken = {self.region, *(replica.region for replica in replicas if replica.has_replica)}
    regions = [wanted["Region"] for wanted in replica_regions]
    if any(region in taken or region not in known for region in regions):
        raise InvalidParameterException("Invalid replica region.")
    replicas[:] = [replica for replica in replicas if replica.region not in regions]
    return [
        _create_replica(self, wanted["Region"], wanted.get("KmsKeyId"), force_overwrite)
        for wanted in replica_regions
    ]


def _create_replica(
    secret: FakeSecret, region: str, kms_key_id: str | None, force_overwrite: bool
) -> ReplicaSecret:
    there = secretsmanager_backends[secret.account_id][region].secrets
    if force_overwrite:
        there.pop(secret.name)
    failed = secret.name in there
    problem = f"Replication failed: Secret name {secret.name} already exists in region {region}."
    replica = ReplicaSecret(secret, region, *(["Failed", problem] if failed else []))
    replica.arn = secret.arn.replace(f":{secret.region}:", f":{region}:", 1)
    replica.kms_key_id = kms_key_id
    if kms_key_id is not None:
        replica.config["KmsKeyId"] = kms_key_id
    if not failed:
        there[replica.arn] = replica
    return replica


def _describe(original):
    def to_dict(self: FakeSecret) -> dict:
        return original(self) | ({"PrimaryRegion": self.region} if self.replicas else {})

    return to_dict


def _get_resource_policy(original):
    def get_resource_policy(self: SecretsManagerBackend, secret_id: str) -> str:
        secret = self.secrets.get(secret_id)
        if not isinstance(secret, ReplicaSecret):
            return original(self, secret_id)
        there = secretsmanager_backends[self.account_id][secret.source.region]
        answer = json.loads(there.get_resource_policy(secret.source.arn))
        return json.dumps(answer | {"ARN": secret.arn})

    return get_resource_policy


def _telling_arn(original):
    def act(self: SecretsManagerBackend, secret_id: str, *rest, **named) -> tuple[str, list[dict]]:
        _, statuses = original(self, secret_id, *rest, **named)
        return self.secrets[secret_id].arn, statuses

    return act
