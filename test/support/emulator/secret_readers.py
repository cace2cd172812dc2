"""Which users may read a secret of their account. Their own policies don't count for that in this
emulator, so that the secret's resource policy alone decides; it has to name the very user."""

import patch_organizations
import policies
from callers import Caller
from moto.secretsmanager.models import FakeSecret, ReplicaSecret, secretsmanager_backends
from wire import AwsRequest

_READING = {"secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"}


def is_reading(request: AwsRequest) -> bool:
    return request.action in _READING


def may_read(request: AwsRequest, caller: Caller) -> bool:
    secrets = secretsmanager_backends[caller.account_id][request.region].secrets
    secret = secrets.get(request.parameter("SecretId") or "")
    return secret is not None and is_admitted(secret, request.action, caller)


def is_admitted(secret: FakeSecret | ReplicaSecret, action: str, caller: Caller) -> bool:
    """Does the secret's resource policy say so?"""
    if secret.policy is None:
        return False
    return policies.decision(
        (
            statement
            for statement in policies.statements(secret.policy)
            if policies.speaks_of(statement, action, secret.arn) and _names(statement, caller)
        ),
        context_of(caller),
    )


def _names(statement: dict, caller: Caller) -> bool:
    principals = policies.aws_principals(statement)
    everyone = statement["Effect"] == "Deny" and "*" in principals
    return everyone or caller.principal_arn in principals


def context_of(caller: Caller) -> dict[str, str]:
    organization_id = patch_organizations.organization_id_of(caller.account_id)
    return {
        "aws:PrincipalArn": caller.principal_arn,
        "aws:userid": caller.user_id,
        "aws:PrincipalAccount": caller.account_id,
        **({"aws:PrincipalOrgID": organization_id} if organization_id else {}),
    }
