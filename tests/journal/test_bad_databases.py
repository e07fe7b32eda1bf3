"""What can be wrong with a database: each is one line that says what to do, for both drivers."""

from contextlib import closing

import psycopg
import pytest

from anyvideo.config.load import read_config
from anyvideo.errors import JournalError
from anyvideo.journal import postgres_operations as operations
from anyvideo.journal.history import read_durations
from anyvideo.journal.postgres import PostgresJournal
from anyvideo.journal.postgres_database import Database, hide_password
from anyvideo.journal.postgres_operations import Statement
from tests.journal.entries import NOW, make_entry, move

SOON = "see that the server runs and its address is right"


def count_connections(place):
    """Return how many connections a journal has open."""
    count = (
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'anyvideo' AND datname = %s"
    )
    with psycopg.connect(place, autocommit=True) as connection:
        (found,) = connection.execute(count, [connection.info.dbname]).fetchall()
        return found[0]


def refuse(open_postgres, address):
    """Return in what words an address is refused."""
    with pytest.raises(JournalError) as caught:
        open_postgres(address, patience=0.3)
    message = str(caught.value)
    assert "s3cret" not in message
    assert "\n" not in message
    return message.removeprefix("journal ")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (
            "postgresql://a:s3cret@127.0.0.1:1/x",
            f"postgresql://a@127.0.0.1:1/x: Connection refused; {SOON}",
        ),
        (
            "postgresql://a:s3cret@/x?host=/nowhere",
            (
                'postgresql://a@/x: connection to server on socket "/nowhere/.s.PGSQL.5432" failed: '
                f"No such file or directory; {SOON}"
            ),
        ),
        (
            "postgresql://a:s3cret@[",
            (
                'postgresql://...: end of string reached when looking for matching "]" in IPv6 host '
                f'address in URI: "postgresql://..."; {SOON}'
            ),
        ),
        (
            "postgresql://h/x?password=s3cret%zz",
            f'postgresql://h/x: invalid percent-encoded token: "***"; {SOON}',
        ),
    ],
)
def test_a_database_that_is_not_there_is_one_line_without_the_password(
    open_postgres, address, words
):
    assert refuse(open_postgres, address) == words
    assert "s3cret" not in repr(read_config({"journal": address}, "config", environ={}))


def test_an_address_is_shown_without_its_password():
    assert hide_password("postgresql://a:s3cret@h:5432/x") == "postgresql://a@h:5432/x"


def test_a_server_that_refuses_is_not_asked_again(open_postgres, postgres):
    """Whoever waits for ten seconds here waits in vain."""
    journal = postgres.locate("nowhere")
    with pytest.raises(JournalError) as caught:
        open_postgres(journal, patience=1000.0)

    assert str(caught.value) == (
        'journal postgresql://anyvideo@/nowhere: database "nowhere" does not exist; '
        "correct the address, or what the server allows its user"
    )


def test_a_wrong_password_is_named(open_postgres, postgres, place):
    with postgres.allow("all guest password"), psycopg.connect(place) as connection:
        connection.execute("CREATE ROLE guest LOGIN PASSWORD 'other'")
        connection.commit()
        message = refuse(open_postgres, place.replace("anyvideo@", "guest:s3cret@"))
        connection.execute("DROP ROLE guest")

    assert 'password authentication failed for user "guest"; correct the address' in message


def test_a_user_without_rights_is_told_which(open_postgres, postgres, place):
    with psycopg.connect(place, autocommit=True) as connection:
        connection.execute("CREATE ROLE guest LOGIN")
        connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        guest = place.replace("anyvideo@", "guest@")
        assert "permission denied for schema public; grant its user" in refuse(open_postgres, guest)
        open_postgres(place).close()
        assert "permission denied for table anyvideo_version" in refuse(open_postgres, guest)
        for table in ("job", "version"):
            connection.execute(f"GRANT SELECT, INSERT, UPDATE ON anyvideo_{table} TO guest")
        with closing(open_postgres(guest)) as journal:
            journal.open(make_entry())
            assert journal.adjust(NOW) == pytest.approx(NOW, abs=5)
        connection.execute("DROP OWNED BY guest; DROP ROLE guest")


def test_a_database_of_a_newer_release_is_let_alone(open_postgres, place):
    PostgresJournal(place).close()
    with psycopg.connect(place, autocommit=True) as connection:
        connection.execute("INSERT INTO anyvideo_version VALUES (99)")

    assert "was migrated by a newer anyvideo; update anyvideo" in refuse(open_postgres, place)


def test_an_old_server_is_named(open_postgres, place, monkeypatch):
    monkeypatch.setattr("anyvideo.journal.postgres_operations._OLDEST_SERVER", 99_00_00)

    assert "the server is Postgres 1" in refuse(open_postgres, place)


def test_it_is_not_carried_over_a_fork(open_postgres, place, monkeypatch):
    journal = open_postgres(place)
    with monkeypatch.context() as fork:
        fork.setattr("os.getpid", lambda: -1)
        with pytest.raises(JournalError, match="was opened before a fork"):
            journal.get("one")
    journal.close()


def test_a_forked_process_closes_nothing_of_its_parent(place, monkeypatch):
    journal = PostgresJournal(place)
    journal.get("one")
    with monkeypatch.context() as fork:
        fork.setattr("os.getpid", lambda: -1)
        journal.close()
    assert count_connections(place) == 1
    journal.close()
    # The server takes a moment to count one less.
    assert any(count_connections(place) == 0 for _ in range(1000))


def test_what_was_closed_says_so(place):
    journal = PostgresJournal(place, connect=False)
    journal.close()
    with pytest.raises(JournalError, match="is closed"):
        journal.get("one")


def test_a_text_that_no_database_takes_is_an_error_of_the_journal(open_postgres, place):
    with closing(open_postgres(place)) as journal, pytest.raises(JournalError, match="NUL"):
        journal.open(make_entry("a\x00b"))


def test_a_server_that_restarts_is_found_again(open_postgres, postgres, place):
    with closing(open_postgres(place, patience=2)) as journal:
        entry, _ = journal.open(make_entry())
        postgres.stop()
        with pytest.raises(JournalError, match=SOON):
            journal.mark(entry, NOW, NOW + 90, sent=True)
        postgres.start()

        assert journal.get("one") == entry
        assert journal.mark(entry, NOW, NOW + 90, sent=True)


def test_a_connection_that_is_lost_in_the_midst_is_an_error_of_the_journal(
    open_postgres, place, monkeypatch
):
    """The server ends the connection after the check, while the statement runs."""
    kill = "SELECT pg_terminate_backend(pg_backend_pid())"
    with closing(open_postgres(place)) as journal:
        monkeypatch.setattr("anyvideo.journal.postgres_statements.NEWEST", kill)
        with pytest.raises(JournalError, match="terminating connection"):
            journal.newest()
        assert journal.get("one") is None


@pytest.mark.parametrize("patience", [5.0, 0.1])
def test_what_a_vendor_answered_is_written_again_where_the_connection_was_lost(
    open_postgres, place, monkeypatch, patience
):
    write, lost = operations.advance, list[bool]()

    def lose_first(*given):
        if not lost:
            lost.append(True)
            yield Statement("SELECT pg_terminate_backend(pg_backend_pid())")
        return (yield from write(*given))

    monkeypatch.setattr(operations, "advance", lose_first)
    with closing(open_postgres(place, patience=patience)) as journal:
        entry, _ = journal.open(make_entry())
        task = move(entry, "queued", id="task-1")
        if patience < 1:
            with pytest.raises(JournalError, match="terminating connection"):
                journal.advance("one", entry.fence, task, NOW)
            return
        assert journal.advance("one", entry.fence, task, NOW)
        assert journal.get("one").task.id == "task-1"


@pytest.mark.parametrize("words", ["FATAL:  the database system is starting up", "Connection"])
def test_a_server_that_starts_is_tried_again_until_patience_ends(words, monkeypatch):
    monkeypatch.setattr("time.monotonic", lambda: 10.0)
    database, error = Database("postgresql://h/x", 1.0), OSError(words)

    assert database.may_pass(error, 11.0)
    assert not database.may_pass(error, 10.1)


def test_an_error_without_words_has_its_name():
    guard = Database("postgresql://h/x", 1.0).guard()
    with pytest.raises(JournalError, match="journal postgresql://h/x: OSError; see"), guard:
        raise OSError


def test_how_long_jobs_took_is_counted_by_the_database(place, caplog):
    with closing(PostgresJournal(place)) as journal:
        for number, took in enumerate((10.0, 20.0, 60.0, None)):
            entry, _ = journal.open(make_entry(str(number)))
            journal.advance(
                str(number), 1, move(entry, "succeeded", id=f"x{number}"), NOW, took=took
            )

    (known,) = read_durations(place).items()
    assert (known[0], known[1].median, known[1].jobs) == ("acme/acme-1", 20.0, 3)
    assert read_durations(place.replace("/journal_", "/nowhere_")) == {}
    assert "does not exist; correct the address" in caplog.text
    assert "its history is left out" in caplog.text


def test_no_twin_is_made_for_a_loop_that_psycopg_cannot_use(place, monkeypatch):
    class ProactorEventLoop:
        pass

    monkeypatch.setattr("asyncio.get_running_loop", ProactorEventLoop)
    journal = PostgresJournal(place, connect=False)
    assert journal.pair() is None
    assert count_connections(place) == 0
    assert journal.adjust(NOW) == pytest.approx(NOW, abs=5)
    journal.get("one")
    assert count_connections(place) == 1
    journal.close()


def test_the_clocks_are_compared_again_after_a_while(open_postgres, place, monkeypatch):
    with closing(open_postgres(place)) as journal:
        before = journal.adjust(NOW)
        monkeypatch.setattr("anyvideo.journal.postgres_database._MEASURED_HOLDS", -1.0)
        monkeypatch.setattr("anyvideo.journal.postgres_statements.NOW", "SELECT 0")
        journal.get("one")
        assert journal.adjust(NOW) < before - NOW / 2
