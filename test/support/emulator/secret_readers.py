"""Which users may read a secret. Users have no identity policies in this emulator, so that the
secret's resource policy alone decides; it has to name the very user."""

import policies
from callers import Caller
from moto.secretsmanager.models import secretsmanager_backends
from wire import AwsRequest

_READING = {"secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"}


def is_reading(request: AwsRequest) -> bool:
    return request.action in _READING


def may_read(request: AwsRequest, caller: Caller) -> bool:
    secrets = secretsmanager_backends[caller.account_id][request.region].secrets
    secret = secrets.get(request.parameter("SecretId") or "")
    if secret is None or secret.policy is None:
        return False
    effects = {
        statement["Effect"]
        for statement in policies.statements(secret.policy)
        if policies.speaks_of(statement, request.action, secret.arn)
        and _names(statement, caller)
        and policies.conditions_hold(statement.get("Condition", {}), _context(caller))
    }
    return effects == {"Allow"}


def _names(statement: dict, caller: Caller) -> bool:
    principals = policies.aws_principals(statement)
    everyone = statement["Effect"] == "Deny" and "*" in principals
    return everyone or caller.principal_arn in principals


def _context(caller: Caller) -> dict[str, str]:
    return {"aws:PrincipalArn": caller.principal_arn, "aws:PrincipalAccount": caller.account_id}
