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
        "params": sent_parameters(request),
        "status": 0,  # until answered; stays 0 when the connection was reset
    }
    with _lock:
        call["seq"] = next(_numbers)
        _calls.append(call)
    return call


def sent_parameters(request: AwsRequest) -> dict[str, str]:
    if not request.is_json:
        return {k: v for k, v in request.form.items() if k not in ("Action", "Version")}
    fields = {}
    for name, value in request.document.items():
        if name in _UNTOLD:
            continue
        if isinstance(value, (str, int, bool)):
            fields[name] = str(value)
        elif isinstance(value, list) and all(isinstance(item, str) for item in value):
            fields[name] = ",".join(value)
    if request.service == "dynamodb":
        fields |= _row_keys(request.document)
    return fields


def _row_keys(document: dict) -> dict[str, str]:
    """pk and sk of the rows it is about, so that a fault can be aimed at one kind of row."""
    changes = [change for item in document.get("TransactItems", []) for change in item.values()]
    keys = [one.get("Key") or one.get("Item") or {} for one in changes or [document]]
    fields = {
        name: ",".join(key[name]["S"] for key in keys if "S" in key.get(name, {}))
        for name in ("pk", "sk")
    }
    partition = document.get("ExpressionAttributeValues", {}).get(":pk", {}).get("S")
    return {name: value for name, value in fields.items() if value} | (
        {"pk": partition} if partition else {}
    )


def all_calls() -> list[dict]:
    with _lock:
        return [dict(call) for call in _calls]


def forget() -> None:
    global _numbers
    with _lock:
        _calls.clear()
        _numbers = itertools.count(1)
