"""Ends a process in the middle of its work: when one of its AWS calls arrives, before it is
performed, or when it took effect and the answer is not written yet.

A process is known by the application id in its user agent: process-<its pid>.
"""

import os
import re
import signal
import threading
from dataclasses import dataclass

from http_server import ClientIsDead
from wire import AwsRequest

_SIDES = ("before", "after")
_PROCESS = re.compile(r"\bapp/process-(\d+)\b")


@dataclass
class Death:
    pid: int
    call: int
    when: str
    seen: int = 0


_deaths: dict[int, Death] = {}
_lock = threading.Lock()


def kill_at(pid: int, call: int, when: str) -> None:
    """Ends the process at its nth call from now on. It dies once; until then this can be changed."""
    if when not in _SIDES:
        raise ValueError(f"a process dies {' or '.join(_SIDES)} a call, not {when}")
    if call < 1:
        raise ValueError(f"the first call of a process is call 1, not {call}")
    if pid <= 1 or pid in (os.getpid(), os.getppid()):
        raise ValueError(f"{pid} is no process of a test")
    try:
        os.kill(pid, 0)
    except OSError as problem:
        raise ValueError(f"{pid} is no process of a test: {problem.strerror}") from None
    with _lock:
        _deaths[pid] = Death(pid, call, when)


def reset() -> None:
    with _lock:
        _deaths.clear()


def at_this_call(request: AwsRequest) -> Death | None:
    """The death that comes with this call, if any. Counts the calls of those who are to die."""
    named = _PROCESS.search(request.http.headers.get("user-agent", ""))
    with _lock:
        death = _deaths.get(int(named[1])) if named else None
        if death is None:
            return None
        death.seen += 1
        return _deaths.pop(death.pid) if death.seen == death.call else None


def die(death: Death, perform) -> None:
    """Nobody is left to answer."""
    if death.when == "after":
        perform()
    try:
        os.kill(death.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass  # something else was faster
    raise ClientIsDead
