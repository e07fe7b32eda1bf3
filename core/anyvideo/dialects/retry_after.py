"""Reads how long a vendor asks to be left alone. Pure: the answer's own Date is its clock."""

from __future__ import annotations

from datetime import UTC
from math import isfinite

from anyvideo.model.wire import Response
from anyvideo.validation import is_list, is_object

# A reset that is given in seconds from now is a small number; a Unix time is not.
_UNIX_FROM = 1e9


def read_retry_after(response: Response, body: object) -> float | None:
    """Return the seconds to wait: from Retry-After, from the body, or until the limit resets."""
    now = _read_date(response.headers.get("date"))
    for value in (response.headers.get("retry-after"), *_list_waits(body)):
        seconds = _read_number(value)
        if seconds is not None:
            return seconds
        moment = _read_date(value)
        if moment is not None and now is not None:
            return max(0.0, moment - now)
    if response.status != 429:
        return None
    reset = _read_number(response.headers.get("x-ratelimit-reset"))
    if reset is None or reset < _UNIX_FROM:
        return reset
    return None if now is None else max(0.0, reset - now)


def _list_waits(body: object) -> list[object]:
    if is_list(body) and body:  # Google puts some errors into a list
        body = body[0]
    if not is_object(body):
        return []
    inner = body.get("error")
    if not is_object(inner):
        return [body.get("retry_after")]
    return [body.get("retry_after"), inner.get("retry_after"), *_list_delays(inner.get("details"))]


def _list_delays(details: object) -> list[object]:
    """Return the `retryDelay` of Google's RetryInfo, such as "30s": https://aip.dev/193."""
    items = filter(is_object, details) if is_list(details) else ()
    delays = (item.get("retryDelay") for item in items)
    return [delay.removesuffix("s") for delay in delays if isinstance(delay, str)]


def _read_number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if isfinite(number) and number >= 0 else None


def _read_date(value: object) -> float | None:
    if not isinstance(value, str):
        return None
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 (slow to import, rarely needed)

    try:
        moment = parsedate_to_datetime(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
