"""The record of every AWS request, in order of arrival. It never holds a secret."""

import itertools
import threading

from wire import AwsRequest

_UNTOLD = {"SecretString", "SecretBinary"}
_calls: list[dict] = []
_numbers = itertools.count(1)
_lock = threading.Lock()


def begin(request: AwsRequest, account_id: str | None) -> dict:
    call = {
        "action": request.action,
        "accountId": account_id,
        "accessKeyId": request.access_key_id,
        "params": told_parameters(request),
        "status": 0,  # until answered; stays 0 when the connection was reset
    }
    with _lock:
        call["seq"] = next(_numbers)
        _calls.append(call)
    return call


def told_parameters(request: AwsRequest) -> dict[str, str]:
    if not request.is_json:
        return {k: v for k, v in request.form.items() if k not in ("Action", "Version")}
    told = {}
    for name, value in request.document.items():
        if name in _UNTOLD:
            continue
        if isinstance(value, (str, int, bool)):
            told[name] = str(value)
        elif isinstance(value, list) and all(isinstance(item, str) for item in value):
            told[name] = ",".join(value)
    if request.service == "dynamodb":
        told |= _item_key(request.document)
    return told


def _item_key(document: dict) -> dict[str, str]:
    """pk and sk of the item, so that a fault can be aimed at one kind of row."""
    key = document.get("Key") or document.get("Item") or {}
    return {name: key[name]["S"] for name in ("pk", "sk") if "S" in key.get(name, {})}


def all_calls() -> list[dict]:
    with _lock:
        return [dict(call) for call in _calls]


def forget() -> None:
    global _numbers
    with _lock:
        _calls.clear()
        _numbers = itertools.count(1)
