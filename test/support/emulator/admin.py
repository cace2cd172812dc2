"""What tests ask of the emulator itself: POST /emulator/<what>, JSON in, JSON out."""

import json
import sys
import traceback
from collections.abc import Callable

import manual_changes
import calls
import clock
import faults
import holders
import paging
import patch_cloudtrail
import patch_events
import patch_iam
import patch_sns
import patch_subscriptions
import process_kills
import random_faults
import rates
import scripted_actions
import seed
import snapshot
import state
import state_machines
import subscribers
from gateway import moto_lock
from http_server import Answer, HttpRequest

PREFIX = "/emulator/"

_ROUTES: dict[str, Callable[[dict], object]] = {
    "seed": lambda text: seed.seed(text),
    "reset": lambda text: state.reset(),
    "clock": lambda text: clock.now_ms(),
    "clock/set": lambda text: clock.set_to(text["now"]),
    "clock/freeze": lambda text: clock.freeze(text["now"]),
    "clock/advance": lambda text: clock.advance(text["ms"]),
    "faults/inject": lambda text: faults.inject(text["faults"]),
    "faults/clear": lambda text: faults.clear(),
    "kill-at": lambda text: process_kills.kill_at(text["pid"], text["call"], text["when"]),
    "rate": lambda text: rates.set_rate(text["service"], text.get("perSecond"), text.get("burst")),
    "calls": lambda text: calls.all_calls(),
    "calls/forget": lambda text: calls.forget(),
    "page-sizes": lambda text: paging.set_sizes(text["sizes"]),
    "snapshot": lambda text: snapshot.accounts(text.get("accountId")),
    "keys/used": lambda text: manual_changes.mark_used(text["keyIds"], text.get("at")),
    "scripted-actions": lambda text: scripted_actions.perform_all(text["actions"]),
    "key-secrets": lambda text: holders.key_secrets(),
    "random-faults": lambda text: random_faults.begin(text["seed"], text["share"]),
    "keys/set": lambda text: manual_changes.set_key(text["keyId"], text["change"]),
    "keys/credentials": lambda text: manual_changes.key_credentials(text["keyId"]),
    "session": lambda text: manual_changes.open_session(text["accountId"], text["roleName"]),
    "secrets-handed-out": lambda text: patch_iam.secrets_handed_out(),
    "secret-value": lambda text: snapshot.secret_value(
        text["accountId"], text["name"], text.get("stage", "AWSCURRENT")
    ),
    "notifications": lambda text: patch_sns.published(),
    "notifications/forget": lambda text: patch_sns.reset(),
    "subscriptions": lambda text: subscribers.of_topic(text["topicArn"]),
    "subscriptions/confirm": lambda text: subscribers.confirm(text["topicArn"], text["endpoint"]),
    "filter-policy-quota": lambda text: patch_subscriptions.set_filter_policy_quota(text["quota"]),
    "events": lambda text: patch_events.events(),
    "events/forget": lambda text: patch_events.reset(),
    "event-history": lambda text: patch_cloudtrail.add(text["events"]),
    "state-machines": lambda text: state_machines.invoke_at(text["endpoint"]),
}


def answer(http: HttpRequest) -> Answer:
    route = _ROUTES.get(http.path.removeprefix(PREFIX))
    if route is None:
        return _json(404, {"error": f"the emulator knows no {http.path}"})
    try:
        with moto_lock:
            return _json(200, route(json.loads(http.body or b"{}")))
    except ValueError as problem:
        return _json(400, {"error": str(problem)})
    except Exception as problem:
        traceback.print_exc(file=sys.stderr)
        return _json(500, {"error": repr(problem)})


def _json(status: int, result: object) -> Answer:
    return Answer(status, json.dumps(result).encode(), {"Content-Type": "application/json"})
