"""Is this call allowed? Enforced for role sessions: what the role's inline policies and the
session policy both allow. A role without inline policies is not restricted. Nor are users, but in
what secrets they read. Secrets of other accounts are read by users only."""

import foreign_readers
import patch_organizations
import policies
import secret_readers
from callers import Caller
from moto.iam.models import iam_backends
from moto.secretsmanager.models import secretsmanager_backends
from wire import AwsError, AwsRequest


def authorize(request: AwsRequest, caller: Caller) -> None:
    if request.action == "sts:GetCallerIdentity":
        return  # always allowed, even if denied
    resource = _resource(request, caller.account_id)
    if not _may_read(request, caller):
        raise _denied(request, caller, resource)
    if not all(
        _allowed(documents, request.action, resource) for documents in _layers(caller)
    ):
        raise _denied(request, caller, resource)


def _may_read(request: AwsRequest, caller: Caller) -> bool:
    if foreign_readers.is_foreign(request, caller):
        return foreign_readers.may_read(request, caller)
    if caller.is_user and secret_readers.is_reading(request):
        return secret_readers.may_read(request, caller)
    return True


def _allowed(documents: list[str], action: str, resource: str | None) -> bool:
    verdicts = {policies.verdict(document, action, resource) for document in documents}
    return "Allow" in verdicts and "Deny" not in verdicts


def _layers(caller: Caller) -> list[list[str]]:
    """Each layer has to allow the call."""
    layers = [[caller.session_policy]] if caller.session_policy else []
    role = _role(caller)
    if role is not None and role.policies:
        layers.append(list(role.policies.values()))
    return layers


def _role(caller: Caller):
    if caller.role_name is None:
        return None
    roles = iam_backends[caller.account_id]["aws"].roles.values()
    return next((role for role in roles if role.name == caller.role_name), None)


def _denied(request: AwsRequest, caller: Caller, resource: str | None) -> AwsError:
    on = f" on resource: {resource}" if resource else ""
    return AwsError(
        "AuthorizationError" if request.service == "sns" else "AccessDenied",
        f"User: {caller.arn} is not authorized to perform: {request.action}{on}",
        403,
        json_code="AccessDeniedException",
        json_status=400,
    )


def _resource(request: AwsRequest, account_id: str) -> str | None:
    """The ARN the call is about, or None where it isn't easily had."""
    if request.service == "iam":
        return _iam_resource(request, account_id)
    if request.service == "secretsmanager":
        return _secret_arn(request, account_id)
    if request.service == "account":
        return _account_arn(request, account_id)
    if request.service == "events":
        return f"arn:aws:events:{request.region}:{account_id}:event-bus/default"
    if request.service == "dynamodb" and request.parameter("TableName"):
        table = request.parameter("TableName").split("/")[-1]
        return f"arn:aws:dynamodb:{request.region}:{account_id}:table/{table}"
    if request.action == "lambda:InvokeFunction":
        name = request.http.path.rsplit("/", 2)[-2]
        return f"arn:aws:lambda:{request.region}:{account_id}:function:{name}"
    if request.service == "sns" and request.parameter("SubscriptionArn"):
        # A subscription is known by the ARN of its topic.
        return ":".join(request.parameter("SubscriptionArn").split(":")[:6])
    return request.parameter("TopicArn") or request.parameter("RoleArn")


def _account_arn(request: AwsRequest, account_id: str) -> str:
    named, organization = request.parameter("AccountId"), patch_organizations.organization().org
    if named is None or organization is None:
        return f"arn:aws:account::{account_id}:account"
    return f"arn:aws:account::{organization.master_account_id}:account/{organization.id}/{named}"


def _iam_resource(request: AwsRequest, account_id: str) -> str | None:
    iam = iam_backends[account_id]["aws"]
    user_name, role_name = request.parameter("UserName"), request.parameter("RoleName")
    group_name = request.parameter("GroupName")
    if group_name:
        group = iam.groups.get(group_name)
        return group.arn if group else f"arn:aws:iam::{account_id}:group/{group_name}"
    if user_name:
        user = iam.users.get(user_name)
        return user.arn if user else f"arn:aws:iam::{account_id}:user/{user_name}"
    if role_name:
        role = next((role for role in iam.roles.values() if role.name == role_name), None)
        return role.arn if role else f"arn:aws:iam::{account_id}:role/{role_name}"
    return None


def _secret_arn(request: AwsRequest, account_id: str) -> str | None:
    name = request.parameter("SecretId") or request.parameter("Name")
    if not name:
        return None
    secret = secretsmanager_backends[account_id][request.region].secrets.get(name)
    if secret is not None:
        return secret.arn
    if name.startswith("arn:"):
        return name
    # AWS appends six characters to the names of new secrets; policies end in -?????? or *.
    return f"arn:aws:secretsmanager:{request.region}:{account_id}:secret:{name}-AbCdEf"
