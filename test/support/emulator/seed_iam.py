"""What the seed puts into an account's IAM: users with their keys, and the rotation's roles."""

import json

import callers
import clock
from moto.iam.models import AccessKey, AccessKeyLastUsed, IAMBackend, Role, User, iam_backends

SERVICE_ROLE = "access-key-rotation-service"
_MEMBER_ROLE = "access-key-rotation"
_ORGANIZATIONS_ROLE = "access-key-rotation-organizations"
_KEYS_PER_USER = 2


def fill_account(account_id: str, text: dict, service_role: Role) -> None:
    iam = iam_backends[account_id]["aws"]
    iam.account_summary._account_access_keys_present = int(text.get("rootHasKeys", False))
    for user in text.get("users", []):
        create_user(iam, user)
    if text.get("memberRole") is not False:
        _create_member_role(iam, text.get("memberRole") or {}, service_role)


def forget_roles(account_id: str) -> None:
    iam_backends[account_id]["aws"].roles.clear()


def create_service_role(account_id: str, policy: dict | None) -> Role:
    trust = _trust({"Service": ["lambda.amazonaws.com", "states.amazonaws.com"]}, {})
    return _create_role(iam_backends[account_id]["aws"], SERVICE_ROLE, "/", trust, policy)


def create_organizations_role(account_id: str, service_role: Role) -> str:
    trust = _trust_of_service(service_role, None)
    iam = iam_backends[account_id]["aws"]
    return _create_role(iam, _ORGANIZATIONS_ROLE, "/", trust, None).arn


def service_credentials(service_role: Role) -> dict:
    return callers.open_session(service_role.account_id, service_role.name).credentials()


def _create_member_role(iam: IAMBackend, text: dict, service_role: Role) -> None:
    trust = _trust_of_service(service_role, text.get("externalId"))
    name, path = text.get("name", _MEMBER_ROLE), text.get("path", "/")
    _create_role(iam, name, path, trust, text.get("policy"))


def _trust_of_service(service_role: Role, external_id: str | None) -> dict:
    wanted = {"aws:PrincipalArn": service_role.arn}
    if external_id is not None:
        wanted["sts:ExternalId"] = external_id
    root = f"arn:aws:iam::{service_role.account_id}:root"
    return _trust({"AWS": root}, {"StringEquals": wanted})


def _trust(principal: dict, condition: dict) -> dict:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    if condition:
        statement["Condition"] = condition
    return {"Version": "2012-10-17", "Statement": [statement]}


def _create_role(
    iam: IAMBackend, name: str, path: str, trust: dict, policy: dict | None
) -> Role:
    role = iam.create_role(
        role_name=name,
        assume_role_policy_document=json.dumps(trust),
        path=path,
        permissions_boundary=None,
        description="",
        tags=[],
        max_session_duration="3600",
    )
    if policy is not None:
        role.put_policy(name, json.dumps(policy))
    return role


def create_user(iam: IAMBackend, text: dict) -> None:
    user_name, keys = text["userName"], text["keys"]
    if len(keys) > _KEYS_PER_USER:
        raise ValueError(f"{user_name} would have {len(keys)} access keys")
    tags = [{"Key": key, "Value": value} for key, value in text.get("tags", {}).items()]
    user = iam.create_user("us-east-1", user_name, text.get("path", "/"), tags)
    if keys:
        user.create_date = clock.from_ms(min(key["createdAt"] for key in keys))
    for group_name in dict.fromkeys(text.get("groups", [])):
        group = iam.groups.get(group_name) or iam.create_group(group_name)
        group.users.append(user)
    for key_text in keys:
        create_key(iam, user, key_text)


def create_key(iam: IAMBackend, user: User, text: dict) -> None:
    if len(user.access_keys) >= _KEYS_PER_USER:
        raise ValueError(f"{user.name} would have {len(user.access_keys) + 1} access keys")
    key = user.create_access_key(prefix="AKIA", status=text.get("status", "Active"))
    _describe_key(key, text)
    iam.access_keys[key.access_key_id] = key


def _describe_key(key: AccessKey, text: dict) -> None:
    key.access_key_id = text.get("id", key.access_key_id)
    if not key.access_key_id.startswith("AKIA"):
        raise ValueError(f"the id of a user's key begins with AKIA, not {key.access_key_id}")
    key.create_date = clock.from_ms(text["createdAt"])
    if text.get("lastUsedAt") is not None:
        key.last_used = used_at(text["lastUsedAt"])


def used_at(instant_ms: int) -> AccessKeyLastUsed:
    return AccessKeyLastUsed(clock.from_ms(instant_ms), "s3", "eu-central-1")
