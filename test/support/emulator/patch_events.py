"""EventBridge: what was put on the default bus is kept in order. AWS refuses calls of more than ten
entries or 256 KB, and may take some entries of a call and not the others."""

import json
import threading

from moto.events.exceptions import ValidationException
from moto.events.models import EventsBackend

_MOST_ENTRIES = 10
_MOST_BYTES = 256 * 1024
_BYTES_OF_TIME = 14

_events: list[dict] = []
_request = threading.local()


def install() -> None:
    EventsBackend.put_events = _put_events(EventsBackend.put_events)


def events() -> list[dict]:
    return list(_events)


def reset() -> None:
    _events.clear()


def fail_first_entry() -> None:
    """Of the call that this thread is serving."""
    _request.failing = 1


def forget_failure() -> None:
    _request.failing = 0


def _put_events(original):
    def put_events(self: EventsBackend, events: list[dict]) -> list[dict]:
        if not 1 <= len(events) <= _MOST_ENTRIES:
            raise ValidationException(
                "1 validation error detected: Value '[PutEventsRequestEntry]' at 'entries' failed"
                " to satisfy constraint: Member must have length between 1 and 10"
            )
        if sum(map(_bytes_of, events)) > _MOST_BYTES:
            raise ValidationException("Total size of the entries in the request is over the limit.")
        failing = getattr(_request, "failing", 0)
        taken = events[failing:]
        answers = original(self, taken)
        _events.extend(
            _described(self.account_id, event)
            for event, answer in zip(taken, answers)
            if "EventId" in answer and _is_on_default_bus(event)
        )
        return [_throttled() for _ in events[:failing]] + answers

    return put_events


def _throttled() -> dict:
    return {"ErrorCode": "ThrottlingException", "ErrorMessage": "Rate exceeded"}


def _bytes_of(event: dict) -> int:
    texts = [event.get(name) or "" for name in ("Source", "DetailType", "Detail")]
    size = sum(len(text.encode()) for text in [*texts, *(event.get("Resources") or [])])
    return size + (_BYTES_OF_TIME if "Time" in event else 0)


def _is_on_default_bus(event: dict) -> bool:
    return (event.get("EventBusName") or "default").split("/")[-1] == "default"


def _described(account_id: str, event: dict) -> dict:
    fields = {
        "accountId": account_id,
        "source": event["Source"],
        "detailType": event["DetailType"],
        "detail": json.loads(event["Detail"]),
        "resources": event.get("Resources") or [],
    }
    return fields | ({"time": round(event["Time"] * 1000)} if "Time" in event else {})
