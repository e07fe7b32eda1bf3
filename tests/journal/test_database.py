"""The journal: fences, leases, evidence and budgets."""

import os
import subprocess
import sys
import threading
from contextlib import closing

from anyvideo.journal.database import VERSION, Journal
from tests.journal.entries import NOW, make_entry, read_mode


def test_what_is_paid_for_is_written_through_to_the_disk(connections, journal):
    (connection,) = connections
    journal.open(make_entry())
    written: list[tuple[str, int]] = []
    connection.set_trace_callback(
        lambda statement: (
            written.append((statement, read_mode(connection, "synchronous")))
            if statement.startswith("UPDATE")
            else None
        )
    )
    journal.mark(make_entry(), NOW, NOW + 90, sent=True)
    connection.set_trace_callback(None)

    assert [mode for _, mode in written] == [2]
    assert read_mode(connection, "journal_mode") == "wal"


def test_threads_and_processes_that_ask_at_once_are_told_apart(tmp_path):
    path = tmp_path / "journal.sqlite"
    program = (
        "import sys; from anyvideo.journal.database import Journal; from attrs import evolve;"
        "from tests.journal.entries import make_entry; journal = Journal(sys.argv[1]);"
        "print(sum(journal.open(make_entry(str(n)))[1] for n in range(60)))"
    )
    command = [sys.executable, "-c", program, str(path)]
    others = [
        subprocess.Popen(command, stdout=subprocess.PIPE, env=_find_tests()) for _ in range(2)
    ]
    journal, won = Journal(path), []

    def work():
        won.append(sum(journal.open(make_entry(str(number)))[1] for number in range(60)))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    won += [int(process.communicate(timeout=60)[0]) for process in others]
    journal.close()

    assert sum(won) == 60


def _find_tests():
    return {**os.environ, "PYTHONPATH": os.pathsep.join([".", *sys.path])}


def test_what_an_interrupt_left_unfinished_is_undone(connections, tmp_path):
    with closing(Journal(tmp_path / "journal.sqlite")) as journal:
        connections[0].execute("BEGIN IMMEDIATE")
        connections[0].execute("PRAGMA user_version = 99")
        assert journal.open(make_entry())[1]
        assert read_mode(connections[0], "user_version") == VERSION
