"""Pages as AWS makes them: stable order, an opaque token, and no more than was asked for.

Page sizes can be made smaller than AWS's, so that a test gets many pages out of few things.
"""

import base64
import itertools
import threading

_sizes: dict[str, int] = {}
_tokens = itertools.count(1)
_request = threading.local()


class BadToken(Exception):
    pass


def set_sizes(sizes: dict[str, int]) -> None:
    _sizes.update(sizes)


def reset() -> None:
    _sizes.clear()


def empty_next_page() -> None:
    """The next page made for this thread's request has nothing on it, yet a token to go on."""
    _request.empty = True


def repeat_next_page() -> None:
    """The next page made for this thread's request leads to itself."""
    _request.repeats = True


def forget_spoilt_page() -> None:
    _request.empty = _request.repeats = False


def page(things: list, token: str | None, asked: int | None, default: int, name: str):
    """One page of things, and the token of the next one (None after the last)."""
    start = _decode(token)
    if getattr(_request, "empty", False):
        return [], _encode(start)
    size = min(asked or default, _sizes.get(name, asked or default))
    end = start + size
    if getattr(_request, "repeats", False):
        return things[start:end], token or _encode(start)
    return things[start:end], (_encode(end) if end < len(things) else None)


def _encode(position: int) -> str:
    # No two tokens are alike: a page that leads to itself is a fault of AWS's (repeat_next_page).
    return base64.urlsafe_b64encode(f"{next(_tokens)}:{position}".encode()).decode()


def _decode(token: str | None) -> int:
    if not token:
        return 0
    try:
        return int(base64.urlsafe_b64decode(token).decode().partition(":")[2])
    except ValueError as problem:
        raise BadToken(token) from problem
