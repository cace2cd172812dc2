"""Who is calling: from the access key id of a request to a principal, or an error.

Ids that don't begin with AKIA or ASIA (a test's "operator") act as the root of the management
account, or of the account named by the x-moto-account-id header. What is signed with the key of a
user is signed with its secret; other signatures are not checked.
"""

import secrets
import threading
from dataclasses import dataclass

import clock
import signatures
from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam.models import AccessKeyLastUsed, iam_backends
from wire import AwsError, AwsRequest


@dataclass(frozen=True)
class Caller:
    account_id: str
    arn: str  # as GetCallerIdentity says it
    user_id: str
    principal_arn: str  # as trust policies name it: the role's ARN, not the session's
    role_name: str | None = None
    session_policy: str | None = None

    @property
    def is_user(self) -> bool:
        return ":user/" in self.arn


@dataclass(frozen=True)
class Session:
    caller: Caller
    access_key_id: str
    secret_access_key: str
    session_token: str
    expires_ms: int | None  # None: never

    def credentials(self) -> dict:
        return {
            "accessKeyId": self.access_key_id,
            "secretAccessKey": self.secret_access_key,
            "sessionToken": self.session_token,
        }


_sessions: dict[str, Session] = {}
_account_of_key: dict[str, str] = {}
_request = threading.local()


def current() -> Caller:
    """The caller of the request this thread is serving."""
    return _request.caller


def set_current(caller: Caller) -> None:
    _request.caller = caller


def reset() -> None:
    _sessions.clear()
    _account_of_key.clear()


def remember(session: Session) -> Session:
    _sessions[session.access_key_id] = session
    return session


def open_session(account_id: str, role_name: str, role_path: str = "/") -> Session:
    """A session that never expires, made without asking STS."""
    caller = Caller(
        account_id=account_id,
        arn=f"arn:aws:sts::{account_id}:assumed-role/{role_name}/emulator",
        user_id=f"AROAEMULATOR{account_id[-9:]}:emulator",
        principal_arn=f"arn:aws:iam::{account_id}:role{role_path}{role_name}",
        role_name=role_name,
    )
    access_key_id = "ASIA" + secrets.token_hex(8).upper()
    return remember(
        Session(caller, access_key_id, secrets.token_urlsafe(30), secrets.token_urlsafe(60), None)
    )


def authenticate(request: AwsRequest) -> Caller:
    key_id = request.access_key_id
    session = _sessions.get(key_id)
    if session is not None:
        if session.expires_ms is not None and session.expires_ms <= clock.now_ms():
            raise AwsError(
                "ExpiredToken",
                "The security token included in the request is expired",
                403,
                json_code="ExpiredTokenException",
                json_status=400,
            )
        return session.caller
    if key_id.startswith(("AKIA", "ASIA")):
        return _user_with_key(request)
    account_id = request.http.headers.get("x-moto-account-id", DEFAULT_ACCOUNT_ID)
    root = f"arn:aws:iam::{account_id}:root"
    return Caller(account_id, root, account_id, root)


def account_of_key(key_id: str) -> str | None:
    """Users' keys only. Remembers where it found one: there may be hundreds of accounts."""
    remembered = _account_of_key.get(key_id)
    for account_id in [remembered] if remembered else list(iam_backends):
        key = iam_backends[account_id]["aws"].access_keys.get(key_id)
        if key is not None and key.user_name is not None:
            _account_of_key[key_id] = account_id
            return account_id
    return None


def _user_with_key(request: AwsRequest) -> Caller:
    account_id = account_of_key(request.access_key_id)
    iam = iam_backends[account_id]["aws"] if account_id else None
    key = iam.access_keys[request.access_key_id] if iam else None
    user = iam.users.get(key.user_name) if iam else None
    if user is None or key.status != "Active":
        raise AwsError(
            "InvalidClientTokenId",
            "The security token included in the request is invalid.",
            403,
            json_code="UnrecognizedClientException",
            json_status=400,
        )
    signatures.check(request, key.secret_access_key)
    key.last_used = AccessKeyLastUsed(clock.utcnow(), request.service, request.region)
    return Caller(account_id, user.arn, user.id, user.arn)
