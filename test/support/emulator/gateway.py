"""What happens to an AWS request: it is authenticated, recorded, given a fault or authorised,
and finally answered by moto."""

import io
import sys
import threading
import traceback

import authorization
import callers
import calls
import faults
import process_kills
import random_faults
import rates
from http_server import Answer, HttpRequest
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from wire import AwsError, AwsRequest, error_answer, parse

_moto = DomainDispatcherApplication(create_backend_app)
# moto's models are plain dictionaries; one request at a time keeps them whole.
# (Python would run them one at a time anyway.) Faults wait outside of it.
moto_lock = threading.RLock()


def answer(http: HttpRequest) -> Answer:
    request = parse(http)
    caller, error = _authenticate(request)
    call = calls.begin(request, caller.account_id if caller else None)

    def perform() -> Answer:
        if error is not None:
            return error_answer(request, error)
        return _perform(request, caller)

    kill = process_kills.at_this_call(request)
    if kill is not None:
        call["killed"] = kill.when
        process_kills.carry_out(kill, perform)
    throttled = rates.throttling_error(request, call["accountId"])
    fault = None
    if throttled is None:
        fault = faults.take(request, call["accountId"]) or random_faults.draw(request, call["accountId"])
    if throttled is not None:
        call["throttled"] = True
        result = error_answer(request, throttled)
    elif fault is None:
        result = perform()
    else:
        call["faulted"] = True
        result = faults.suffer(fault, request, perform)
    call["status"] = result.status
    return result


def _authenticate(request: AwsRequest) -> tuple[callers.Caller | None, AwsError | None]:
    with moto_lock:
        try:
            return callers.authenticate(request), None
        except AwsError as error:
            return None, error


def _perform(request: AwsRequest, caller: callers.Caller) -> Answer:
    with moto_lock:
        callers.set_current(caller)
        try:
            authorization.authorize(request, caller)
            return _ask_moto(request.http, caller.account_id)
        except AwsError as error:
            return error_answer(request, error)
        except Exception as problem:
            # Something the emulator lacks. Not an HTTP 500: the SDK would try again and again.
            traceback.print_exc(file=sys.stderr)
            return error_answer(request, AwsError("EmulatorFailure", repr(problem), 400))


def _ask_moto(http: HttpRequest, account_id: str) -> Answer:
    status, headers = "", []

    def start_response(line, pairs, _exc_info=None):
        nonlocal status, headers
        status, headers = line, pairs

    chunks = _moto(_environ(http, account_id), start_response)
    try:
        body = b"".join(chunks)
    finally:
        getattr(chunks, "close", lambda: None)()
    ours = {"content-length", "date", "connection"}
    kept = {name: value for name, value in headers if name.lower() not in ours}
    return Answer(int(status.split()[0]), body, kept)


def _environ(http: HttpRequest, account_id: str) -> dict:
    headers = {**http.headers, "x-moto-account-id": account_id}
    environ = {"HTTP_" + name.upper().replace("-", "_"): value for name, value in headers.items()}
    return environ | {
        "REQUEST_METHOD": http.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": http.path,
        "QUERY_STRING": http.query,
        "CONTENT_TYPE": http.headers.get("content-type", ""),
        "CONTENT_LENGTH": str(len(http.body)),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(http.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
