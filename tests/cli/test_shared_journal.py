"""The commands with a journal in Postgres, and with one that is away."""

from contextlib import closing
from types import SimpleNamespace

import pytest
from attrs import evolve

from anyvideo.cli.completion import complete_jobs
from anyvideo.cli.context import CliContext
from anyvideo.cli.exits import explain
from anyvideo.errors import AnyVideoError, JournalError
from anyvideo.journal.postgres import PostgresJournal
from tests.journal.entries import NOW, make_entry, move

AWAY = "postgresql://a:s3cret@127.0.0.1:1/x"


@pytest.fixture
def shared(postgres, home):
    """A config of another name, whose journal in Postgres holds one job that ended."""
    place = postgres.make_database()
    with closing(PostgresJournal(place)) as journal:
        entry, _ = journal.open(evolve(make_entry("fox-1"), offer="apimart/wan2.6"))
        journal.advance("fox-1", 1, move(entry, "succeeded", id="x"), NOW, facts="{}", took=100.0)
    file = home / "shared.toml"
    file.write_text(f'journal = "{place}"\n', "utf-8")
    return file


@pytest.fixture
def away(home, monkeypatch):
    """A config whose database is not there, and for which nobody waits."""
    for place in ("cli.completion", "cli.commands.jobs", "cli.installation", "journal.history"):
        monkeypatch.setattr(f"anyvideo.{place}._PATIENCE", 0.1)
    file = home / "away.toml"
    file.write_text(f'journal = "{AWAY}"\n', "utf-8")
    return file


class _Line:
    def __init__(self, config):
        self.params = {"config": str(config)}


def test_jobs_models_and_the_shell_read_it(call, shared):
    (job,) = call("jobs", "--all", "--json", "--config", shared).json
    assert job["ref"] == "fox-1"
    assert "1 more is finished" in call("jobs", "--config", shared).out
    assert "yours 1 min 40 s" in call("models", "apimart/wan2.6", "--config", shared).out
    assert [item.value for item in complete_jobs(_Line(shared), None, "fo")] == ["fox-1"]  # type: ignore[arg-type]  # what it reads


def test_one_that_is_away_is_one_line(call, away):
    assert complete_jobs(_Line(away), None, "") == []  # type: ignore[arg-type]  # what it reads
    for arguments in (["jobs"], ["jobs", "--json"]):
        result = call(*arguments, "--config", away)
        assert (result.code, result.err.count("\n")) == (2, 1)
        assert "x: Connection refused; see that the server runs" in result.err
        assert "s3cret" not in result.out + result.err
    listed = call("models", "apimart/wan2.6", "--config", away)
    assert (listed.code, "its history is left out" in listed.err) == (0, True)


def test_an_interrupt_says_that_the_journal_is_lost():
    class Lost:
        def get(self, ref):
            message = "journal x: gone"
            raise JournalError(message)

    run = CliContext()
    run.task = make_entry().task
    session = SimpleNamespace(journal=Lost(), opened_journal=Lost())
    run.client = SimpleNamespace(session=session)  # type: ignore[assignment]  # what it reads
    ref = "0123456789abcdef" * 2

    assert explain(KeyboardInterrupt(), run) == [
        "interrupted; journal x: gone; the state of the job is unknown until then"
    ]
    assert explain(AnyVideoError(f"job {ref} is lost"), run) == [f"job {ref} is lost"]
