"""AssumeRole as AWS does it: refused unless the role exists, its trust policy admits the caller
and the account is open; the session ends by the emulator's clock and keeps its session policy."""

import callers
import clock
import patch_organizations
import policies
from moto.core.responses import ActionResult
from moto.iam.models import Role, iam_backends
from moto.sts.responses import TokenResponse
from wire import AwsError

_SHUT = {"PENDING_ACTIVATION", "SUSPENDED", "CLOSED"}


def install() -> None:
    TokenResponse.assume_role = _assume_role(TokenResponse.assume_role)
    TokenResponse.get_caller_identity = _get_caller_identity


def _get_caller_identity(self: TokenResponse) -> ActionResult:
    caller = callers.current()
    return ActionResult(
        {"UserId": caller.user_id, "Account": caller.account_id, "Arn": caller.arn}
    )


def _assume_role(original):
    def assume_role(self: TokenResponse) -> ActionResult:
        caller = callers.current()
        role_arn = self._get_param("RoleArn")
        role = _find_role(role_arn)
        if role is None or not _may_assume(caller, role, self._get_param("ExternalId")):
            raise AwsError(
                "AccessDenied",
                f"User: {caller.arn} is not authorized to perform: sts:AssumeRole"
                f" on resource: {role_arn}",
                403,
            )
        _check_duration(caller, int(self._get_param("DurationSeconds") or 3600))
        answer = original(self)
        assumed = answer.result["Credentials"]
        callers.remember(
            callers.Session(
                caller=callers.Caller(
                    account_id=role.account_id,
                    arn=assumed.arn,
                    user_id=assumed.user_id,
                    principal_arn=role.arn,
                    role_name=role.name,
                    session_policy=self._get_param("Policy"),
                ),
                access_key_id=assumed.access_key_id,
                secret_access_key=assumed.secret_access_key,
                session_token=assumed.session_token,
                expires_ms=clock.to_ms(assumed.expiration),
            )
        )
        return answer

    return assume_role


def _find_role(role_arn: str) -> Role | None:
    account_id = role_arn.split(":")[4] if role_arn.count(":") >= 5 else ""
    if account_id not in iam_backends:
        return None
    roles = iam_backends[account_id]["aws"].roles.values()
    return next((role for role in roles if role.arn == role_arn), None)


def _may_assume(caller: callers.Caller, role: Role, external_id: str | None) -> bool:
    if patch_organizations.state_of(role.account_id) in _SHUT:
        return False
    account_root = f"arn:aws:iam::{caller.account_id}:root"
    context = {
        "aws:PrincipalArn": caller.principal_arn,
        "aws:PrincipalAccount": caller.account_id,
        "aws:PrincipalOrgID": patch_organizations.organization_id_of(caller.account_id),
        "sts:ExternalId": external_id,
    }
    return policies.trust_admits(
        role.assume_role_policy_document,
        {caller.arn, caller.principal_arn, caller.account_id, account_root},
        {name: value for name, value in context.items() if value is not None},
    )


def _check_duration(caller: callers.Caller, seconds: int) -> None:
    if seconds < 900:
        raise AwsError("ValidationError", "DurationSeconds must be at least 900")
    if caller.role_name is not None and seconds > 3600:
        raise AwsError(
            "ValidationError",
            "The requested DurationSeconds exceeds the 1 hour session limit"
            " for roles assumed by role chaining",
        )
