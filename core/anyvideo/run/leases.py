"""Leases: how long a row belongs to the process that sends its job, whatever the clock says.

A lease is a time on the wall clock of the process that wrote it. Its length, from the moment at
which the row was written, is right even if that clock was not. So where the clock was set back
meanwhile, the length counts again from now: the job may be in flight, and nobody waits longer than
a lease can be.
"""

from __future__ import annotations

import logging
from typing import NoReturn

from attrs import define, evolve

from anyvideo.errors import InFlightError
from anyvideo.journal.entry import Entry
from anyvideo.journal.protocol import JournalLike
from anyvideo.session.session import Session
from anyvideo.transport.steps import Ask, Steps

logger = logging.getLogger("anyvideo")

# A row whose paid request is in flight stays leased this much longer than the request can last.
LEASE_MARGIN = 30.0
# No row is leased for longer, in seconds; one that says so has been damaged.
_LONGEST_LEASE = 3600.0
# How far the clock may be behind the journal before it is called wrong, in seconds.
_CLOCK_MARGIN = 5.0


def check_clock(session: Session, journal: JournalLike) -> Steps[None]:
    """Report once that the clock is behind the journal, so that days and leases are not what they say."""
    if not session.clock_reported:
        newest: float = yield Ask(journal, lambda journal: journal.newest())
        _report_clock(session, newest)


def _report_clock(session: Session, written: float) -> None:
    behind = written - session.row_time
    if behind > _CLOCK_MARGIN and not session.clock_reported:
        session.clock_reported = True
        logger.warning(
            "the clock is %.0f s behind the journal: it was set back, or was ahead before; set it "
            "right, because the budgets of a day and the order of jobs go by it",
            behind,
        )


def rebase_lease(session: Session, journal: JournalLike, entry: Entry) -> Steps[Entry]:
    """Return a row with a lease that ends in time by this clock; one that does not is rewritten."""
    now, written = session.row_time, entry.updated or entry.created
    length = min(max(entry.lease - written, 0.0), _LONGEST_LEASE)
    if entry.lease - now <= length + _CLOCK_MARGIN:
        return entry
    _report_clock(session, written)
    yield Ask(journal, lambda journal: journal.rebase(entry, now, now + length))
    return evolve(entry, lease=now + length)


def raise_in_flight(entry: Entry, left: float) -> NoReturn:
    """Raise the error that says when a job that another process sends can be asked for again."""
    seconds = max(1.0, left)
    message = f"job {entry.ref} is being sent by another process; try again in {seconds:.0f} s"
    raise InFlightError(message, seconds, task=entry.task)


@define
class Watch:
    """Waits for a row that another process leases, by the time that passes and not by the clock.

    Attributes:
        lease: The lease of the row when it was seen first, or was renewed.
        left: How much of it is left, in seconds.
    """

    lease: float = 0.0
    left: float = 0.0

    def look(self, session: Session, journal: JournalLike, entry: Entry) -> Steps[float]:
        """Return for how many seconds a row is left to the process that sends its job."""
        if entry.lease != self.lease:
            self.lease = (yield from rebase_lease(session, journal, entry)).lease
            self.left = self.lease - session.row_time
        return self.left
