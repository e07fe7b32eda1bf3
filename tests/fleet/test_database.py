"""The fleet's tables: what can be wrong with them, and what enqueuing twice does."""

import psycopg
import pytest

from anyvideo.config.load import read_config
from anyvideo.errors import ConfigError, JobError, JournalError
from anyvideo.fleet.database import Added, connect, count_lines, find_groups, require_address
from anyvideo.fleet.line import LineState, name_queue
from tests.fleet.conftest import enqueue, make_line


def test_a_list_that_is_enqueued_twice_adds_nothing(place):
    assert enqueue(place, make_line(1), make_line(2)) == Added(2, 0, 0)
    assert enqueue(place, make_line(1), make_line(2), make_line(3)) == Added(1, 0, 2)
    with connect(place) as connection:
        assert count_lines(connection).accounts == {("apiyi",): {LineState.WAITING: 3}}
        assert find_groups(connection) == [("apiyi",)]


def test_a_line_that_no_vendor_had_waits_again_when_it_is_enqueued(place):
    enqueue(place, make_line(1), make_line(2))
    with connect(place) as connection:
        connection.execute(
            "UPDATE anyvideo_line SET state = 'failed', begun = ref = 'job-2', problem = 'no'"
        )

    assert enqueue(place, make_line(1), make_line(2)) == Added(0, 1, 1)
    with connect(place) as connection:
        found = count_lines(connection)
    assert found.accounts == {("apiyi",): {LineState.WAITING: 1, LineState.FAILED: 1}}
    assert found.problems == [("job-2", LineState.FAILED, "no")]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (make_line(1, prompt="another"), "the key 'job-1' is that of another job"),
        (
            make_line(2, target="job-1.mp4"),
            "job-1.mp4 is the place of another job of the fleet, job-1",
        ),
    ],
)
def test_a_list_that_contradicts_another_one_is_refused_as_a_whole(place, line, problem):
    enqueue(place, make_line(1))
    with pytest.raises(JobError, match=problem):
        enqueue(place, make_line(3), line)
    with connect(place) as connection:
        assert count_lines(connection).accounts == {("apiyi",): {LineState.WAITING: 1}}


def test_tables_of_a_newer_release_are_let_alone(own_place):
    enqueue(own_place)
    with psycopg.connect(own_place) as connection:
        connection.execute("INSERT INTO anyvideo_fleet_version VALUES (99)")
    with pytest.raises(JournalError, match=r"was migrated by a newer anyvideo; update anyvideo"):
        enqueue(own_place)


def test_tables_of_another_procrastinate_are_let_alone(own_place):
    enqueue(own_place)
    with psycopg.connect(own_place) as connection:
        connection.execute("DROP FUNCTION procrastinate_fetch_job_v2")
    with pytest.raises(
        JournalError, match=r"procrastinate_fetch_job_v2 is missing; apply its migr"
    ):
        enqueue(own_place)


def test_a_database_that_breaks_is_one_line(place):
    with (
        pytest.raises(
            JournalError, match=r"^database postgresql://anyvideo@/journal_\d+: relation"
        ),
        connect(place) as connection,
    ):
        connection.execute("SELECT * FROM nothing")


def test_a_file_is_no_journal_of_a_fleet(place, monkeypatch):
    with pytest.raises(ConfigError, match='write journal = "postgresql://'):
        require_address(read_config({"journal": "jobs.sqlite"}, "config"))
    shared = read_config({"journal": place}, "config")
    assert require_address(shared) == place
    monkeypatch.setattr("anyvideo.fleet.database.find_spec", lambda _: None)
    with pytest.raises(ConfigError, match=r"pip install 'anyvideo\[fleet\]'"):
        require_address(shared)


def test_the_name_of_a_queue_fits_into_that_of_a_channel():
    assert name_queue(("apiyi", "fal")) == "anyvideo-apiyi-fal"
    for accounts in (("a" * 40,), ("é",)):
        assert name_queue(accounts).isascii()
        assert len(f"procrastinate_queue_v1#{name_queue(accounts)}") < 64
