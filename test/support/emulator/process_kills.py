"""Kills a process in the middle of a run: when one of its AWS calls arrives, before it is
performed, or when it took effect and the answer is not written yet.

A process is known by the application id in its user agent: process-<its pid>.
"""

import os
import re
import signal
import threading
from dataclasses import dataclass

from http_server import ClientKilled
from wire import AwsRequest

_SIDES = ("before", "after")
_PROCESS = re.compile(r"\bapp/process-(\d+)\b")


@dataclass
class ProcessKill:
    pid: int
    call: int
    when: str
    seen: int = 0


_kills: dict[int, ProcessKill] = {}
_lock = threading.Lock()


def kill_at(pid: int, call: int, when: str) -> None:
    """Kills the process at its nth call from now on. Once; until then this can be changed."""
    if when not in _SIDES:
        raise ValueError(f"a process is killed {' or '.join(_SIDES)} a call, not {when}")
    if call < 1:
        raise ValueError(f"the first call of a process is call 1, not {call}")
    if pid <= 1 or pid in (os.getpid(), os.getppid()):
        raise ValueError(f"{pid} is no process of a test")
    try:
        os.kill(pid, 0)
    except OSError as problem:
        raise ValueError(f"{pid} is no process of a test: {problem.strerror}") from None
    with _lock:
        _kills[pid] = ProcessKill(pid, call, when)


def reset() -> None:
    with _lock:
        _kills.clear()


def at_this_call(request: AwsRequest) -> ProcessKill | None:
    """The kill that comes with this call, if any. Counts the calls of those that are to be killed."""
    named = _PROCESS.search(request.http.headers.get("user-agent", ""))
    with _lock:
        kill = _kills.get(int(named[1])) if named else None
        if kill is None:
            return None
        kill.seen += 1
        return _kills.pop(kill.pid) if kill.seen == kill.call else None


def carry_out(kill: ProcessKill, perform) -> None:
    """Nobody is left to answer."""
    if kill.when == "after":
        perform()
    try:
        os.kill(kill.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass  # something else was faster
    raise ClientKilled
