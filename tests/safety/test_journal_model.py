"""The journal against a model: crashes and races of two processes at every point.

Each process has a `Journal` object of its own on one file. A crash drops the object and all that
its process knew; the file stays. The model knows what was really paid, which the journal must
never forget, and never let happen twice.
"""

import os
import tempfile
from pathlib import Path

import pytest
from attrs import define, evolve, field
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from anyvideo.journal.database import Journal
from anyvideo.journal.entry import Entry
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task

pytestmark = pytest.mark.volume

# The disk is not what is tested here.
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 (a folder with a name of its own is made in it)
START = 1_767_225_600.0
LEASE = 90.0
REFS = ("one", "two")
FINAL = [status for status in Status if status.final]


@define
class Row:
    """What the journal must say of a job."""

    fence: int = 1
    status: Status = Status.SUBMITTING
    sent: bool = False
    id: str = ""
    lease: float = START + LEASE

    def is_void(self, now):
        unsent = self.status == Status.SUBMITTING and not self.sent and self.lease <= now
        return unsent or (self.status == Status.FAILED and not self.id)


@define(eq=False)
class Process:
    """One process: its journal, and the rows that it believes to hold."""

    journal: Journal
    held: dict[str, Entry] = field(factory=dict)
    flying: set[str] = field(factory=set)


def applicable(find):
    """Rules apply to pairs of a process and a ref for which there is something to do."""
    return precondition(lambda self: any(find(self, *pair) for pair in self.pairs()))


def can_send(self, process, ref):
    entry = process.held.get(ref)
    return entry and entry.state == Status.SUBMITTING and ref not in process.flying


def is_flying(self, process, ref):
    return ref in process.flying


def knows_id(self, process, ref):
    return ref in process.held and process.held[ref].task.id


def can_settle(self, process, ref):
    row, entry = self.rows.get(ref), process.held.get(ref)
    return entry and row.status == Status.AMBIGUOUS and entry.fence == row.fence


def is_leased(self, process, ref):
    return ref in self.rows and self.rows[ref].lease > self.now


def may_begin(self, process, ref):
    row = self.rows.get(ref)
    return row is None or row.status == Status.SUBMITTING or row.is_void(self.now)


def exists(self, process, ref):
    return ref in self.rows


class JournalMachine(RuleBasedStateMachine):
    """Two processes do what they like, in any order, and may crash between any two steps."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(dir=MEMORY)
        self.path = Path(self.folder.name) / "journal.sqlite"
        self.now, self.rows, self.paid, self.number = (
            START,
            dict[str, Row](),
            dict[str, list[Process]](),
            0,
        )
        self.processes = [self._start(), self._start()]

    def _start(self):
        return Process(Journal(self.path))

    def teardown(self):
        for process in self.processes:
            process.journal.close()
        self.folder.cleanup()

    def pairs(self):
        return [(process, ref) for process in self.processes for ref in REFS]

    def pick(self, data, find):
        return data.draw(st.sampled_from([pair for pair in self.pairs() if find(self, *pair)]))

    @applicable(can_send)
    @rule(data=st.data())
    def crash_before_the_request(self, data):
        self._crash(self.pick(data, can_send)[0])

    @applicable(is_flying)
    @rule(data=st.data())
    def crash_inside_the_request(self, data):
        self._crash(self.pick(data, is_flying)[0])

    def _crash(self, process):
        process.journal.close()
        self.processes = [self._start() if item is process else item for item in self.processes]

    @applicable(is_leased)
    @rule(seconds=st.sampled_from([1.0, LEASE]))
    def wait(self, seconds):
        self.now += seconds

    @applicable(may_begin)
    @rule(data=st.data())
    def prepare(self, data):
        process, ref = self.pick(data, may_begin)
        row = self.rows.get(ref)
        task = Task("acme", "acme", "https://x.example", "", "m", "submitting", ref=ref)
        entry = Entry(ref, "acme/m", task, "{}", self.now, lease=self.now + LEASE)
        opened, mine = process.journal.open(entry)

        assert mine == (row is None or row.is_void(self.now))
        if mine:
            fence = 1 if row is None else row.fence + 1
            self.rows[ref] = Row(fence, lease=self.now + LEASE)
            process.held[ref] = evolve(entry, fence=fence)
            assert opened == process.held[ref]

    @applicable(can_send)
    @rule(data=st.data())
    def send(self, data):
        """The paid request leaves if, and only if, the row could be marked."""
        process, ref = self.pick(data, can_send)
        if self._mark(process, ref, sent=True):
            process.flying.add(ref)
            self.paid.setdefault(ref, []).append(process)

    @applicable(is_flying)
    @rule(data=st.data())
    def learn_that_it_did_nothing(self, data):
        """Refused: the request provably created nothing, and may be sent again."""
        process, ref = self.pick(data, is_flying)
        process.flying.discard(ref)
        self.paid[ref] = [payer for payer in self.paid[ref] if payer is not process]
        self._mark(process, ref, sent=False)

    def _mark(self, process, ref, *, sent):
        entry, row = process.held[ref], self.rows[ref]
        holds = entry.fence == row.fence
        assert process.journal.mark(entry, self.now, self.now + LEASE, sent=sent) == holds
        if holds:
            row.sent, row.lease = sent, self.now + LEASE
        return holds

    @applicable(is_flying)
    @rule(data=st.data(), accepted=st.booleans())
    def get_an_answer(self, data, accepted):
        process, ref = self.pick(data, is_flying)
        process.flying.discard(ref)
        self.number += 1
        status = Status.QUEUED if accepted else Status.AMBIGUOUS
        self._write(process, ref, status, f"task-{self.number}" if accepted else "")

    @applicable(knows_id)
    @rule(data=st.data(), status=st.sampled_from(list(Status)[2:]))
    def follow(self, data, status):
        """Note what a poll said, however old what this process knows may be."""
        process, ref = self.pick(data, knows_id)
        self._write(process, ref, status, process.held[ref].task.id)

    @applicable(exists)
    @rule(data=st.data())
    def take_over(self, data):
        """Resume: claim the row, if nobody is sending it."""
        process, ref = self.pick(data, exists)
        row, claimed = self.rows[ref], process.journal.claim(ref, self.now)
        assert (claimed is not None) == (row.lease <= self.now)
        if claimed is None:
            return
        row.fence, row.lease = row.fence + 1, 0.0
        process.held[ref] = claimed
        process.flying.discard(ref)
        if claimed.state == Status.SUBMITTING and claimed.sent:
            self._write(process, ref, Status.AMBIGUOUS, "")

    @applicable(can_settle)
    @rule(data=st.data(), created=st.booleans())
    def settle(self, data, created):
        """The user looked: here is its id, or it is not there."""
        process, ref = self.pick(data, can_settle)
        self.number += 1
        if not created:
            self.paid[ref] = []
        status = Status.QUEUED if created else Status.FAILED
        self._write(process, ref, status, f"task-{self.number}" if created else "")

    def _write(self, process, ref, status, number):
        """Advance a row as the journal must: by its holder, or by whoever knows an id for none."""
        entry, row = process.held[ref], self.rows[ref]
        task = evolve(entry.task, status=status, id=number)
        process.held[ref] = evolve(entry, task=task)
        evidence = bool(number) and not row.id
        # Only the file tells of some failures, and none of these jobs has its file.
        unmasked = (row.status, status) == (Status.SUCCEEDED, Status.FAILED)
        open_ = row.status not in FINAL or row.status == status or not row.id or unmasked
        allowed = (entry.fence == row.fence or evidence) and open_
        noted = process.journal.advance(ref, entry.fence, task, self.now, lease=0.0)

        assert noted == allowed
        if noted:
            row.status, row.id, row.lease = status, number, 0.0

    @invariant()
    def nothing_is_paid_twice(self):
        assert all(len(payers) <= 1 for payers in self.paid.values())

    @invariant()
    def the_file_says_what_the_model_says(self):
        found = {entry.ref: entry for entry in self.processes[0].journal.entries()}
        assert found.keys() == self.rows.keys()
        for ref, row in self.rows.items():
            entry = found[ref]
            said = (entry.fence, entry.state, entry.sent, entry.task.id, entry.lease)
            assert said == (row.fence, row.status, row.sent, row.id, row.lease)

    @invariant()
    def what_is_paid_is_never_void(self):
        for ref, payers in self.paid.items():
            assert not (payers and self.rows[ref].is_void(float("inf")))


JournalMachine.TestCase.settings = settings(
    max_examples=100, stateful_step_count=50, deadline=None, print_blob=True
)
TestJournalModel = JournalMachine.TestCase
