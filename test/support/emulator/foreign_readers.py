"""Which users may read a secret of another account. All of these have to allow it: the secret's
resource policy, naming the very user; the user's own inline policies; and, for the value, the
policy of the customer-managed key that encrypts it, and the user's own policies for that key."""

import policies
import secret_readers
from callers import Caller
from patch_secrets import account_in
from moto.iam.models import iam_backends
from moto.kms.models import Key, kms_backends
from moto.secretsmanager.models import FakeSecret, ReplicaSecret, secretsmanager_backends
from wire import AwsRequest

_DECRYPT = "kms:Decrypt"


def is_foreign(request: AwsRequest, caller: Caller) -> bool:
    owner = account_in(request.parameter("SecretId"))
    return request.service == "secretsmanager" and owner not in (None, caller.account_id)


def may_read(request: AwsRequest, caller: Caller) -> bool:
    secret = _secret(request)
    if secret is None or not caller.is_user or not secret_readers.is_reading(request):
        return False
    context = secret_readers.context_of(caller)
    return (
        secret_readers.is_admitted(secret, request.action, caller)
        and _user_allows(caller, request.action, secret.arn, context)
        and (request.operation == "DescribeSecret" or _may_decrypt(secret, request, caller))
    )


def _secret(request: AwsRequest) -> FakeSecret | ReplicaSecret | None:
    """By its full ARN: other accounts know it by no other name."""
    arn = request.parameter("SecretId")
    secret = secretsmanager_backends[account_in(arn)][request.region].secrets.get(arn)
    return secret if secret is not None and secret.arn == arn else None


def _user_allows(caller: Caller, action: str, resource: str, context: dict[str, str]) -> bool:
    user = iam_backends[caller.account_id]["aws"].users[caller.arn.rpartition("/")[2]]
    return policies.decision(
        (
            statement
            for document in user.policies.values()
            for statement in policies.statements(document)
            if policies.speaks_of(statement, action, resource)
        ),
        context,
    )


def _may_decrypt(
    secret: FakeSecret | ReplicaSecret, request: AwsRequest, caller: Caller
) -> bool:
    key = _key_of(secret, account_in(secret.arn))
    if key is None or key.key_state != "Enabled":
        return False
    context = secret_readers.context_of(caller) | {
        "kms:CallerAccount": caller.account_id,
        "kms:ViaService": f"secretsmanager.{request.region}.amazonaws.com",
        "kms:EncryptionContext:SecretARN": secret.arn,
    }
    return _key_admits(key, caller, context) and _user_allows(caller, _DECRYPT, key.arn, context)


def _key_of(secret: FakeSecret | ReplicaSecret, account_id: str) -> Key | None:
    """None: it is AWS's own, or there is none of that name in the account and the region."""
    name = secret.kms_key_id or "alias/aws/secretsmanager"
    if name.startswith("arn:") and name.split(":")[3:5] != [secret.region, account_id]:
        return None
    kms = kms_backends[account_id][secret.region]
    alias = kms.get_alias_name(name)
    by_alias = alias.startswith("alias/")
    key = kms.keys.get(kms.get_key_id_from_alias(alias) if by_alias else kms.get_key_id(name))
    is_of_aws = key is not None and any(name.startswith("alias/aws/") for name in key.aliases)
    return None if is_of_aws else key


def _key_admits(key: Key, caller: Caller, context: dict[str, str]) -> bool:
    root = f"arn:aws:iam::{caller.account_id}:root"
    return policies.decision(
        (
            statement
            for statement in policies.statements(key.policy)
            if policies.speaks_of(statement, _DECRYPT, key.arn)
            and policies.speaks_of_principal(statement, {caller.arn, caller.account_id, root})
        ),
        context,
    )
