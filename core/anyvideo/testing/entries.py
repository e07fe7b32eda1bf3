"""Rows of a journal, for tests."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from attrs import evolve

from anyvideo.journal.entry import Entry
from anyvideo.model.quote import Quote
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task

NOW = 1_767_225_600.0
_QUOTE = Quote(Decimal("0.40"), "USD", "exact")


def make_entry(
    ref: str = "one",
    *,
    created: float = NOW,
    lease: float = NOW + 90,
    quote: Quote | None = _QUOTE,
    **changes: Any,  # noqa: ANN401 (fields of an entry)
) -> Entry:
    """Return a row as it is before its job is sent."""
    origin = "https://api.acme.example"
    task = Task("acme", "acme", origin, "", "acme-1", Status.SUBMITTING, quote=quote, ref=ref)
    known: dict[str, Any] = {"seconds": 4.0, "lease": lease, "path": "fox.mp4", **changes}
    return Entry(ref, "acme/acme-1", task, '{"prompt": "fox"}', created, **known)


def move(entry: Entry, status: str, **changes: Any) -> Task:  # noqa: ANN401 (fields of a task)
    """Return the task of a row in another state."""
    return evolve(entry.task, status=status, **changes)
