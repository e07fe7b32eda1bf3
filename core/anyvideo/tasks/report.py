"""What one answer says about a task, and the lenient readers of what vendors send."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from attrs import converters, field, frozen

from anyvideo.errors import ERROR_KINDS, ErrorKind
from anyvideo.limits import MOST_ID_LENGTH, MOST_URL_LENGTH
from anyvideo.tasks.status import Status, read_reported

# Seconds pass this number in the year 5138; a larger time stamp is in milliseconds.
_MILLISECONDS_FROM = 1e11
# What an adapter may keep with a task, as characters of JSON.
_MOST_EXTRA = 4096
_URL = re.compile(r"https?://\S+", re.IGNORECASE)


def _read_kind(value: object) -> ErrorKind | None:
    return next((kind for kind in ERROR_KINDS if kind == value), None)


@frozen
class TaskError:
    """Why a job ended without a video, as far as the vendor says.

    Attributes:
        kind: The kind of the error, one of those of a ProviderError; None for any other word.
        code: The vendor's own code.
        message: The vendor's text.
    """

    kind: ErrorKind | None = field(default=None, converter=_read_kind)
    code: str | None = field(default=None, converter=converters.optional(str))
    message: str = field(default="", converter=str)


def read_progress(value: object, whole: float = 100) -> float | None:
    """Return a percentage from 0 to 100 from 45, 45.5, "45" or "45%"; None from anything else.

    `whole` is what the vendor calls all of it: 1 where it counts in fractions.
    """
    if isinstance(value, str):
        value = value.strip().removesuffix("%")
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    if not math.isfinite(number):
        return None
    number = min(100.0, max(0.0, number * 100 / whole))
    return int(number) if number.is_integer() else number


def read_time(value: object) -> datetime | None:
    """Return a moment in UTC from a Unix time in seconds or milliseconds, or from ISO 8601 text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | datetime):
        return None
    try:
        moment = value if isinstance(value, datetime) else _read_moment(value)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _read_moment(value: float | str) -> datetime:
    try:
        number = float(value)
    except ValueError:  # not a number
        return datetime.fromisoformat(str(value))
    if number <= 0:  # vendors write 0 for a time that they do not have
        raise ValueError
    return datetime.fromtimestamp(number / 1000 if number > _MILLISECONDS_FROM else number, UTC)


def read_url(value: object) -> str | None:
    """Return the value if it is an http(s) URL; gateways also put failure texts in such fields."""
    if not isinstance(value, str):
        return None
    url = value.strip()
    if len(url) > MOST_URL_LENGTH:
        return None
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "*", parts.port  # reading `port` raises where it is no number
    except ValueError:
        return None
    # new-api masks the URLs in its messages: https://***.com/***
    whole = "*" not in host and url.isprintable() and _URL.fullmatch(url)
    return url if whole else None


def read_money(value: object) -> Decimal | None:
    """Return an amount of money from a number or numeric text; None from anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        amount = Decimal(str(value))
    except (InvalidOperation, ValueError):
        return None
    return amount if amount.is_finite() and amount >= 0 else None


def read_id(value: object) -> str:
    """Return an id from text or a whole number; empty from anything else, or from one too long."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    try:
        found = str(value).strip()
    except ValueError:  # more digits than Python writes out
        return ""
    return found if len(found) <= MOST_ID_LENGTH else ""


def _read_text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _check_extra(_: object, __: object, extra: Mapping[str, Any]) -> None:
    try:
        size = len(json.dumps(dict(extra), allow_nan=False))
    except (TypeError, ValueError, RecursionError) as error:
        message = f"extra holds JSON values by name: {error}"
        raise ValueError(message) from error
    if size > _MOST_EXTRA:
        message = f"extra has {size} characters; keep at most {_MOST_EXTRA}"
        raise ValueError(message)


def _read_output(value: object) -> str:
    return read_url(value) or ""


@frozen
class Output:
    """One file of a job that has several.

    Attributes:
        url: Its URL; empty where the vendor gives none that can be read.
        kind: What it is, in the vendor's or the adapter's word: "video", "last_frame", "thumbnail".
    """

    url: str = field(converter=_read_output)
    kind: str = "video"


@frozen
class Report:
    """What one vendor response said about a task.

    The fields take what vendors send; a value that cannot be read becomes None.

    Attributes:
        id: The vendor's id of the task.
        status: The state of the task, from the vendor's word for it.
        progress: A percentage from 0 to 100; "45%" is 45.
        video_url: The URL of the video.
        expires_at: When that URL expires, from a Unix time in seconds or milliseconds or ISO 8601.
        enhanced_prompt: The prompt that the vendor used.
        error: Why the job ended without a video.
        cost: What the vendor billed, in the currency of the quote.
        created_at: When the vendor created the task, in the same forms as `expires_at`.
        extra: What later operations need of this answer, such as the URL of its status: JSON values
            by name, at most 4,096 characters as text. They are kept with the task.
        outputs: All files where the job has several. The first video is `video_url`, if that is not
            given.

    Raises:
        ValueError: `extra` is no JSON, or too long.
    """

    id: str = field(converter=read_id)
    status: Status = field(default=Status.QUEUED, converter=read_reported)
    progress: float | None = field(default=None, converter=read_progress)
    video_url: str | None = field(default=None, converter=read_url)
    expires_at: datetime | None = field(default=None, converter=read_time)
    enhanced_prompt: str | None = field(default=None, converter=_read_text)
    error: TaskError | None = None
    cost: Decimal | None = field(default=None, converter=read_money)
    # Two reports are equal if they say the same of how the task stands.
    created_at: datetime | None = field(default=None, converter=read_time, eq=False)
    extra: Mapping[str, Any] = field(factory=dict[str, Any], validator=_check_extra)
    outputs: tuple[Output, ...] = field(default=(), converter=tuple[Output, ...])

    def __attrs_post_init__(self) -> None:
        if self.video_url is None:
            videos = (item.url for item in self.outputs if item.kind == "video" and item.url)
            object.__setattr__(self, "video_url", next(videos, None))  # the attrs way to derive it
