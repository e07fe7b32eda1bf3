"""Rows as the tests of the journal write them."""

from decimal import Decimal

from attrs import evolve

from anyvideo.journal.entry import Entry
from anyvideo.model.quote import Quote
from anyvideo.tasks.task import Task

NOW = 1_767_225_600.0  # a midnight


QUOTE = Quote(Decimal("0.40"), "USD", "exact")


def make_entry(ref="one", *, created=NOW, lease=NOW + 90, quote=QUOTE, **changes):
    task = Task(
        "acme", "acme", "https://api.acme.example", "", "acme-1", "submitting", quote=quote, ref=ref
    )
    settings = {"seconds": 4.0, "lease": lease, "path": "fox.mp4", **changes}
    return Entry(ref, "acme/acme-1", task, '{"prompt": "fox"}', created, **settings)


def move(entry, status, **changes):
    return evolve(entry.task, status=status, **changes)


def read_mode(connection, name):
    return connection.execute(f"PRAGMA {name}").fetchone()[0]
