"""IAM, where moto differs: lists page, a user with live keys or in a group can't be deleted, and a
key's last use is looked up in its own account (moto walks through every user of every account)."""

import paging
from moto.core.responses import ActionResult
from moto.iam import models
from moto.iam.exceptions import DeleteConflictException, NotFoundException, ValidationError
from moto.iam.responses import IamResponse

_secrets_handed_out: list[str] = []


def secrets_handed_out() -> list[str]:
    """Every secret access key CreateAccessKey ever answered with."""
    return list(_secrets_handed_out)


def reset() -> None:
    _secrets_handed_out.clear()


def install() -> None:
    IamResponse.list_users = _list_users
    IamResponse.list_access_keys = _list_access_keys
    IamResponse.list_user_tags = _list_user_tags
    IamResponse.get_group = _get_group
    IamResponse.create_access_key = _create_access_key(IamResponse.create_access_key)
    models.IAMBackend.delete_user = _delete_user(models.IAMBackend.delete_user)
    models.IAMBackend.get_access_key_last_used = _get_access_key_last_used


def _list_users(self: IamResponse) -> ActionResult:
    users = self.backend.list_users(self._get_param("PathPrefix"), None, None)
    by_name = sorted(users, key=lambda user: user.name.lower())
    return _page(self, "Users", by_name, "listUsers")


def _list_access_keys(self: IamResponse) -> ActionResult:
    user_name = self._get_param("UserName")
    if not user_name:
        key = self.backend.get_access_key_last_used(self.get_access_key())
        user_name = key["user_name"]
    keys = self.backend.list_access_keys(user_name)
    return _page(self, "AccessKeyMetadata", keys, "listAccessKeys")


def _list_user_tags(self: IamResponse) -> ActionResult:
    tags = self.backend.list_user_tags(self._get_param("UserName"))
    return _page(self, "Tags", tags, "listUserTags")


def _get_group(self: IamResponse) -> ActionResult:
    group = self.backend.get_group(self._get_param("GroupName"))
    page = _page(self, "Users", group.users, "getGroup")
    return ActionResult(page.result | {"Group": group})


def _page(response: IamResponse, member: str, things: list, name: str) -> ActionResult:
    asked = response._get_param("MaxItems")
    if asked is not None and not 1 <= int(asked) <= 1000:
        raise ValidationError("MaxItems must be between 1 and 1000")
    try:
        found, marker = paging.page(
            things, response._get_param("Marker"), asked and int(asked), 100, name
        )
    except paging.BadToken:
        raise ValidationError("Invalid Marker") from None
    result = {member: found, "IsTruncated": marker is not None}
    return ActionResult(result | ({"Marker": marker} if marker else {}))


def _create_access_key(original):
    def create_access_key(self: IamResponse) -> ActionResult:
        answer = original(self)
        _secrets_handed_out.append(answer.result["AccessKey"].secret_access_key)
        return answer

    return create_access_key


def _delete_user(original):
    def delete_user(self: models.IAMBackend, user_name: str) -> None:
        user = self.get_user(user_name)
        if user.access_keys:
            raise DeleteConflictException("Cannot delete entity, must delete access keys first.")
        if any(user in group.users for group in self.groups.values()):
            raise DeleteConflictException("Cannot delete entity, must leave groups first.")
        original(self, user_name)

    return delete_user


def _get_access_key_last_used(self: models.IAMBackend, access_key_id: str) -> dict:
    key = self.access_keys.get(access_key_id)
    if key is None or key.user_name is None:
        raise NotFoundException(f"The Access Key with id {access_key_id} cannot be found")
    return {"user_name": key.user_name, "last_used": key.last_used}
