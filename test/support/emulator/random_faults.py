"""Random faults, the same for the same seed. The fault of a call is drawn from what the call is
and how often it came before, not by the order of all calls, so runs may do things side by side."""

import hashlib
import threading
from collections import Counter

import calls
from wire import AwsRequest

# A call fails once, or until the round ends; a stranger's rate ends sooner.
_FATES = (
    {"kind": "error", "code": "InternalFailure"},
    {"kind": "error", "code": "InternalFailure", "when": "after"},
    {"kind": "reset"},
    {"kind": "reset", "when": "after"},
    {"kind": "malformed", "when": "after"},
    {"kind": "error", "code": "AccessDenied"},
    {"kind": "error", "code": "Throttling", "message": "Rate exceeded"},
)
_SUBJECTS = ("UserName", "SecretId", "Name", "RoleArn", "Subject", "pk")

_seed = ""
_share = 0.0
_drawn: Counter = Counter()
_stubborn: dict[tuple, dict] = {}
_lock = threading.Lock()


def begin(seed: str, share: float) -> None:
    """A new round, in which this share of the calls fails."""
    global _seed, _share
    with _lock:
        _seed, _share = seed, share
        _drawn.clear()
        _stubborn.clear()


def reset() -> None:
    begin("", 0)


def draw(request: AwsRequest, account_id: str | None) -> dict | None:
    if _share == 0:
        return None
    params = calls.sent_parameters(request)
    subject = next((params[name] for name in _SUBJECTS if name in params), "")
    call = (request.action, account_id, subject)
    with _lock:
        if call in _stubborn:
            return _stubborn[call]
        _drawn[call] += 1
        lot = _lot(*call, _drawn[call])
        if lot[0] >= _share:
            return None
        fate = _FATES[int(lot[1] * len(_FATES))]
        if lot[2] < 0.5 and fate.get("code") != "Throttling":
            _stubborn[call] = fate
        return fate


def _lot(*what: object) -> list[float]:
    """Three numbers from 0 to 1."""
    digest = hashlib.sha256("\n".join(map(str, (_seed, *what))).encode()).digest()
    return [int.from_bytes(digest[at : at + 6]) / 2**48 for at in (0, 6, 12)]
