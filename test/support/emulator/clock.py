"""The emulator's clock: real time plus an offset, or frozen at an instant.

Everything moto stamps with a date comes from here, so a test can age a key by
ninety days in no time. Service modules import `utcnow` by name: `install`
has to run before the first of them is imported.
"""

import datetime
import time
import types

EPOCH = datetime.datetime(1970, 1, 1)

_offset_ms = 0
_frozen_ms: int | None = None


def now_ms() -> int:
    if _frozen_ms is not None:
        return _frozen_ms
    return time.time_ns() // 1_000_000 + _offset_ms


def utcnow() -> datetime.datetime:
    return from_ms(now_ms())


def freeze(at_ms: int) -> None:
    global _frozen_ms
    _frozen_ms = at_ms


def set_to(at_ms: int) -> None:
    """From there on it keeps moving."""
    global _frozen_ms, _offset_ms
    _frozen_ms, _offset_ms = None, at_ms - time.time_ns() // 1_000_000


def advance(by_ms: int) -> None:
    global _frozen_ms, _offset_ms
    if _frozen_ms is None:
        _offset_ms += by_ms
    else:
        _frozen_ms += by_ms


def reset() -> None:
    global _frozen_ms, _offset_ms
    _frozen_ms, _offset_ms = None, 0


def from_ms(instant_ms: int) -> datetime.datetime:
    """A naive UTC date, which is what moto computes with."""
    return EPOCH + datetime.timedelta(milliseconds=instant_ms)


def to_ms(date: datetime.datetime) -> int:
    return (date - EPOCH) // datetime.timedelta(milliseconds=1)


def install() -> None:
    import moto.core.utils

    moto.core.utils.utcnow = utcnow


def install_in_secrets_manager() -> None:
    """The one service that asks `time.time()` directly."""
    import moto.secretsmanager.models

    moto.secretsmanager.models.time = types.SimpleNamespace(time=lambda: now_ms() / 1000)
