"""What happened, for logs, metrics and traces: one frozen value for everything a plugin may see."""

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
    """One thing that happened to a job. It never holds a key.

    `request`: a request was answered or broke (method, url, paid, status, seconds; without an
    answer the status is None). `retry`: something will be tried again (reason, seconds). `state`:
    a task moved (status, progress). `download`: a file is at home (path, bytes).

    `ref` is the job's own name in the journal, known before the vendor gives the task an id;
    `model` is the canonical one. All of them are empty where an event is about no job.
    """

    kind: EventKind
    at: datetime
    provider: str
    task_id: str = ""
    details: Mapping[str, Any] = field(factory=dict[str, Any], converter=_freeze)
    ref: str = ""
    model: str = ""
