"""Rules by which calls fail. The first rule that matches a call applies."""

import threading
from dataclasses import dataclass, field

import calls
import patch_events
import paging
import query_pages
from http_server import Answer, ConnectionReset
from policies import like
from wire import AwsError, AwsRequest, error_answer

KINDS = ("error", "reset", "delay", "malformed", "empty-page", "repeat-page", "partial")
_PARTIAL_ACTION = "events:PutEvents"
_DEFAULT_STATUS = {"InternalFailure": 500, "ServiceUnavailable": 503, "AccessDenied": 403}


@dataclass
class Rule:
    text: dict
    cleared: threading.Event = field(default_factory=threading.Event)
    seen: int = 0


_rules: list[Rule] = []
_lock = threading.Lock()


def inject(rules: list[dict]) -> None:
    for rule in rules:
        if rule.get("kind") not in KINDS:
            raise ValueError(f"a fault's kind is one of {', '.join(KINDS)}, not {rule.get('kind')}")
        if rule["kind"] == "partial" and rule["action"] != _PARTIAL_ACTION:
            raise ValueError(f"only {_PARTIAL_ACTION} fails partially, not {rule['action']}")
    with _lock:
        _rules.extend(Rule(rule) for rule in rules)


def clear() -> None:
    """Delayed calls go on at once."""
    with _lock:
        for rule in _rules:
            rule.cleared.set()
        _rules.clear()


def take(request: AwsRequest, account_id: str | None) -> Rule | None:
    """The fault of this call, if any. Counts the call for every rule that is checked."""
    with _lock:
        for rule in _rules:
            if not _speaks_of(rule.text, request, account_id):
                continue
            rule.seen += 1
            nth = rule.seen - rule.text.get("skip", 0)
            if 1 <= nth <= rule.text.get("times", nth):
                return rule
    return None


def _speaks_of(rule: dict, request: AwsRequest, account_id: str | None) -> bool:
    if not like(rule["action"], request.action):
        return False
    if rule.get("accountId") not in (None, account_id):
        return False
    fields = calls.sent_parameters(request)
    return all(like(str(value), fields.get(name, "")) for name, value in rule.get("match", {}).items())


def suffer(rule: Rule, request: AwsRequest, perform) -> Answer:
    """Performs the call with the fault."""
    fault = rule.text
    kind = fault["kind"]
    if kind == "delay":
        rule.cleared.wait(fault.get("delayMs", 1000) / 1000)
        return perform()
    if kind in ("empty-page", "repeat-page"):
        return _spoilt_page(kind, request, perform)
    if kind == "partial":
        patch_events.fail_first_entry()
        try:
            return perform()
        finally:
            patch_events.forget_failure()
    if fault.get("when") == "after":
        perform()
    if kind == "reset":
        raise ConnectionReset
    if kind == "malformed":
        return _malformed(request)
    return _error(fault, request)


def _spoilt_page(kind: str, request: AwsRequest, perform) -> Answer:
    empty = kind == "empty-page"
    if query_pages.is_query(request):
        spoil = query_pages.emptied if empty else query_pages.repeated
        return spoil(request, perform())
    (paging.empty_next_page if empty else paging.repeat_next_page)()
    try:
        return perform()
    finally:
        paging.forget_spoilt_page()


def _error(fault: dict, request: AwsRequest) -> Answer:
    code = fault.get("code", "InternalFailure")
    status = fault.get("httpStatus", _DEFAULT_STATUS.get(code, 400))
    message = fault.get("message", f"{code}, injected by a test")
    if fault.get("echoRequest"):
        message += ": " + request.http.body.decode("utf-8", "replace")
    return error_answer(request, AwsError(code, message, status))


def _malformed(request: AwsRequest) -> Answer:
    """Success, cut off in the middle of the answer."""
    if request.is_json:
        return Answer(200, b'{"Unfinished":[{', {"Content-Type": "application/x-amz-json-1.1"})
    body = f"<{request.operation}Response><{request.operation}Result><Unfini"
    return Answer(200, body.encode(), {"Content-Type": "text/xml"})
