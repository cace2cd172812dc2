"""How fast AWS answers: a bucket of tokens for each account and service. By the real clock, since
those who are throttled wait in real time."""

import threading
import time
from dataclasses import dataclass

from wire import AwsError, AwsRequest


@dataclass(frozen=True)
class Rate:
    per_second: float
    burst: float


@dataclass
class Bucket:
    tokens: float
    filled_at: float


_rates: dict[str, Rate] = {}
_buckets: dict[tuple[str, str], Bucket] = {}
_lock = threading.Lock()


def set_rate(service: str, per_second: float | None, burst: float | None) -> None:
    """Every account begins with a full bucket. Without a rate the service isn't throttled."""
    if per_second is not None and not (per_second > 0 and burst is not None and burst >= 1):
        raise ValueError(f"no rate: {per_second} a second, at most {burst} at once")
    with _lock:
        for account_and_service in [key for key in _buckets if key[1] == service]:
            del _buckets[account_and_service]
        _rates.pop(service, None)
        if per_second is not None:
            _rates[service] = Rate(per_second, burst)


def reset() -> None:
    with _lock:
        _rates.clear()
        _buckets.clear()


def throttling_error(request: AwsRequest, account_id: str | None) -> AwsError | None:
    """Takes a token for this call; without one the call is answered with this."""
    with _lock:
        rate = _rates.get(request.service)
        if rate is None or account_id is None or _take_token(request.service, account_id, rate):
            return None
    return AwsError("Throttling", "Rate exceeded", 400, json_code="ThrottlingException")


def _take_token(service: str, account_id: str, rate: Rate) -> bool:
    now = time.monotonic()
    bucket = _buckets.setdefault((account_id, service), Bucket(rate.burst, now))
    filled = bucket.tokens + (now - bucket.filled_at) * rate.per_second
    bucket.tokens, bucket.filled_at = min(rate.burst, filled), now
    if bucket.tokens < 1:
        return False
    bucket.tokens -= 1
    return True
