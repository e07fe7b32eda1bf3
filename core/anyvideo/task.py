"""The vendor's running job, what one answer says about it, and the delivered file."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from attrs import asdict, evolve, field, fields, frozen

from anyvideo.errors import ERROR_KINDS, ConfigError, ErrorKind
from anyvideo.mp4 import Facts
from anyvideo.quote import Quote
from anyvideo.status import Status, read_reported, read_status

# Seconds pass this number in the year 5138; a larger time stamp is in milliseconds.
_MILLISECONDS_FROM = 1e11
_URL = re.compile(r"https?://\S+", re.IGNORECASE)


@frozen
class TaskError:
    """Why a job ended without a video, as far as the vendor says."""

    kind: ErrorKind | None = None
    code: str | None = None
    message: str = ""


def read_progress(value: object) -> float | None:
    """Return a percentage from 0 to 100 from 45, 45.5, "45" or "45%"; None from anything else."""
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
    number = min(100.0, max(0.0, number))
    return int(number) if number.is_integer() else number


def read_time(value: object) -> datetime | None:
    """Return a moment in UTC from a Unix time in seconds or milliseconds, or from ISO 8601 text."""
    if isinstance(value, datetime):
        return _read_moment(value)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return _read_unix(float(value))
    except OverflowError:
        return None
    except ValueError:  # no number
        pass
    try:
        return _read_moment(datetime.fromisoformat(str(value)))
    except ValueError:
        return None


def _read_moment(moment: datetime) -> datetime | None:
    """Return a moment in UTC, in which every two of them can be compared."""
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:
        return None


def _read_unix(number: float) -> datetime | None:
    if not 0 < number < math.inf:
        return None
    seconds = number / 1000 if number > _MILLISECONDS_FROM else number
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def read_url(value: object) -> str | None:
    """Return the value if it is an http(s) URL; gateways also put failure texts in such fields."""
    if not isinstance(value, str):
        return None
    url = value.strip()
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
    """Return an id from text or a whole number; from anything else an empty one, which is none."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    try:
        return str(value).strip()
    except ValueError:  # more digits than Python writes out
        return ""


def _read_text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


@frozen
class Report:
    """What one vendor response said about a task.

    The converters take what vendors send: a progress of "45%", times in seconds or milliseconds,
    a cost as text; what cannot be read becomes None. `cost` is in the currency of the quote.
    """

    id: str = field(converter=read_id)
    status: Status = field(default=Status.QUEUED, converter=read_reported)
    progress: float | None = field(default=None, converter=read_progress)
    video_url: str | None = field(default=None, converter=read_url)
    expires_at: datetime | None = field(default=None, converter=read_time)
    enhanced_prompt: str | None = field(default=None, converter=_read_text)
    error: TaskError | None = None
    cost: Decimal | None = field(default=None, converter=read_money)


@frozen
class Task:
    """A job at a vendor; it can be built from the first five fields alone.

    `to_json()` is the handle that `resume` takes in any process. `ref` is the journal's own
    number for the job, which exists before the vendor's id does; `raw` is the last body.
    """

    provider: str
    adapter: str
    base_url: str
    id: str
    model: str
    status: Status = field(default=Status.QUEUED, converter=read_status)
    progress: float | None = field(default=None, converter=read_progress)
    video_url: str | None = field(default=None, converter=read_url)
    expires_at: datetime | None = field(default=None, converter=read_time)
    enhanced_prompt: str | None = None
    error: TaskError | None = None
    quote: Quote | None = None
    cost: Decimal | None = field(default=None, converter=read_money)
    created_at: datetime | None = field(default=None, converter=read_time)
    updated_at: datetime | None = field(default=None, converter=read_time)
    ref: str = ""
    raw: str | None = field(default=None, repr=False)

    def to_json(self) -> str:
        """Return the handle: the task as JSON text, without the fields that are not known."""
        known = asdict(self, filter=lambda _, value: value is not None)
        return json.dumps(known, ensure_ascii=False, default=str)

    @classmethod
    def from_json(cls, text: str | bytes | Mapping[str, Any]) -> Task:
        """Read a handle.

        Raises:
            ConfigError: the text is no handle.

        """
        try:
            data = dict(text) if isinstance(text, Mapping) else json.loads(text)
            task = cls(**_restore(data))
        except (TypeError, ValueError, ArithmeticError, AttributeError, RecursionError) as error:
            message = f"that is no task handle ({error}); pass what task.to_json() returned"
            raise ConfigError(message) from error
        return task


_TEXTS = ("provider", "adapter", "base_url", "id", "model", "enhanced_prompt", "ref", "raw")


def _restore(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a task's fields from its JSON form; those that only a later version knows are left out."""
    names = data.keys() & {item.name for item in fields(Task)}
    known = {name: data[name] for name in names if data[name] is not None}
    for name in _TEXTS:
        if not isinstance(known.get(name, ""), str):
            message = f"{name} must be text"
            raise TypeError(message)
    if (error := known.get("error")) is not None:
        kind: ErrorKind | None = next(
            (kind for kind in ERROR_KINDS if kind == error.get("kind")), None
        )
        code = None if error.get("code") is None else str(error["code"])
        known["error"] = TaskError(kind, code, str(error.get("message", "")))
    if (quote := known.get("quote")) is not None:
        known["quote"] = Quote.from_mapping(quote)
    return known


@frozen
class Difference:
    """One thing in which the delivered file is not what the plan granted."""

    field: str
    ordered: str
    delivered: str

    def __str__(self) -> str:
        """Return "size ordered 1920x1080, delivered 1280x720"."""
        return f"{self.field} ordered {self.ordered}, delivered {self.delivered}"


@frozen
class Video:
    """The delivered file: where it is, what is in it, and where it differs from the plan."""

    path: Path
    task: Task
    size: int
    facts: Facts
    report: tuple[Difference, ...] = ()


def advance(task: Task, report: Report, now: datetime, raw: str | None = None) -> Task:
    """Return the task as it stands after a report; a final task stays as it is.

    What a report does not say is kept, except that an id once known never changes.
    """
    if task.status.final and report.status != task.status:
        return task
    return evolve(
        task,
        id=task.id or report.id,
        status=report.status,
        progress=task.progress if report.progress is None else report.progress,
        video_url=report.video_url or task.video_url,
        expires_at=report.expires_at or task.expires_at,
        enhanced_prompt=report.enhanced_prompt or task.enhanced_prompt,
        error=report.error or task.error,
        cost=task.cost if report.cost is None else report.cost,
        created_at=task.created_at or now,
        updated_at=now,
        raw=task.raw if raw is None else raw,
    )
