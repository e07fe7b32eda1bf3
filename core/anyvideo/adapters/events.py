"""Events, for logs, metrics and traces: what a plugin may see."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal

from attrs import field, frozen

EventKind = Literal["request", "retry", "state", "download"]


def _freeze(details: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(dict(details))


@frozen
class Event:
    """One event of a job. It never holds a key.

    Attributes:
        kind: "request": a request was answered or failed (method, url, paid, status, seconds; the
            status is None without an answer). "retry": an operation runs again (reason, seconds).
            "state": a task changed (status, progress). "download": a file is downloaded (path,
            bytes).
        at: When it happened, in UTC.
        provider: The alias of the account.
        task_id: The vendor's id; empty before it is known, or where the event concerns no job.
        details: The values named above.
        ref: The job's own name in the journal, known before the vendor's id.
        model: The canonical model.
    """

    kind: EventKind
    at: datetime
    provider: str
    task_id: str = ""
    details: Mapping[str, Any] = field(factory=dict[str, Any], converter=_freeze)
    ref: str = ""
    model: str = ""
