"""CloudTrail's event history, which moto lacks: what tests have put there, by account and region."""

import json

from moto.cloudtrail.responses import CloudTrailResponse
from wire import AwsError

_MOST_RESULTS = 50
_events: list[dict] = []


def install() -> None:
    CloudTrailResponse.lookup_events = _lookup_events


def add(events: list[dict]) -> None:
    """Of an account and region, with `detail` as in the event's own JSON."""
    _events.extend(events)


def reset() -> None:
    _events.clear()


def _lookup_events(self: CloudTrailResponse) -> str:
    attributes = self._get_param("LookupAttributes") or []
    if len(attributes) > 1:
        raise AwsError("InvalidLookupAttributesException", "one attribute at most", 400)
    wanted = {one["AttributeKey"]: one["AttributeValue"] for one in attributes}
    start = self._get_param("StartTime") or 0
    found = sorted(
        (
            event
            for event in _events
            if event["accountId"] == self.current_account
            and event["region"] == self.region
            and event["accessKeyId"] == wanted.get("AccessKeyId", event["accessKeyId"])
            and event["at"] / 1000 >= float(start)
        ),
        key=lambda event: -event["at"],
    )
    size = min(int(self._get_param("MaxResults") or _MOST_RESULTS), _MOST_RESULTS)
    begin = int(self._get_param("NextToken") or 0)
    page = [_described(event) for event in found[begin : begin + size]]
    more = begin + size < len(found)
    return json.dumps({"Events": page, **({"NextToken": str(begin + size)} if more else {})})


def _described(event: dict) -> dict:
    return {
        "EventTime": event["at"] / 1000,
        "EventName": event["name"],
        "EventSource": event["source"],
        "AccessKeyId": event["accessKeyId"],
        "CloudTrailEvent": json.dumps(event["detail"]),
    }
