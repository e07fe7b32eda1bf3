"""The fleet's tables: made beside the journal's, filled by `enqueue`, and counted."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from attrs import frozen

from anyvideo.config.places import find_journal
from anyvideo.config.schema import Config
from anyvideo.errors import ConfigError, JobError, JournalError
from anyvideo.fleet import statements as sql
from anyvideo.fleet.line import LineState, NewLine, join_accounts, split_accounts
from anyvideo.journal.opening import is_address, open_journal
from anyvideo.journal.postgres_database import hide_password

if TYPE_CHECKING:
    from psycopg import Connection

# How many lines with a problem are listed.
_MOST_PROBLEMS = 10


@frozen
class Added:
    """What became of the lines that were enqueued: new, begun anew, or known already."""

    new: int
    again: int
    known: int


@frozen
class Counts:
    """How far the fleet is.

    Attributes:
        accounts: How many lines are in each state, by the accounts that they may go to.
        problems: The first lines with a problem, as ref, state and what it is.
    """

    accounts: Mapping[tuple[str, ...], Mapping[LineState, int]]
    problems: Sequence[tuple[str, LineState, str]]


def require_address(config: Config) -> str:
    """Return the address of the fleet's database, which is the journal's.

    Raises:
        ConfigError: the journal is a file, or the extra `fleet` is not installed.
    """
    place = find_journal(config.journal)
    if not is_address(place):
        message = (
            f"a fleet shares its journal, and this one is the file {place}; write journal ="
            ' "postgresql://user@host/database" in the config'
        )
        raise ConfigError(message)
    if not all(find_spec(name) for name in ("fsspec", "procrastinate")):
        message = "workers need the extra fleet: pip install 'anyvideo[fleet]'"
        raise ConfigError(message)
    return place


@contextmanager
def guard_database(address: str) -> Generator[None]:
    """Turn an error of the database into a JournalError of one line, without the password."""
    import psycopg  # noqa: PLC0415 (an extra)

    try:
        yield
    except (psycopg.Error, OSError, ValueError) as error:
        reason = str(error).strip().partition("\n")[0] or type(error).__name__
        message = f"database {hide_password(address)}: {reason}"
        raise JournalError(message) from error


@contextmanager
def connect(address: str) -> Generator[Connection[Any]]:
    """Open the fleet's database, with all its tables, for one transaction.

    Raises:
        JournalError: it cannot be used, or its tables are not those of this version.
    """
    import psycopg  # noqa: PLC0415 (an extra)

    # The journal checks the server, and is made before the tables that go with it.
    open_journal(address).close()
    with guard_database(address), psycopg.connect(address) as connection:
        _set_up(connection, hide_password(address))
        yield connection


def _set_up(connection: Connection[Any], place: str) -> None:
    connection.execute(sql.LOCK_ALL)
    connection.execute(sql.CREATE_VERSION)
    row: Any = connection.execute(sql.VERSION).fetchone()
    if row[0] > len(sql.MIGRATIONS):
        message = f"the fleet in {place} was migrated by a newer anyvideo; update anyvideo"
        raise JournalError(message)
    for number, migration in enumerate(sql.MIGRATIONS[row[0] :], row[0] + 1):
        connection.execute(migration)
        connection.execute(sql.NOTE_VERSION, {"version": number})
    _set_up_procrastinate(connection, place)
    # Whoever waits for the lock needs the tables, and not the rest of this transaction.
    connection.commit()


def _set_up_procrastinate(connection: Connection[Any], place: str) -> None:
    """Make Procrastinate's tables, or check that those which exist are of its version."""
    import re  # noqa: PLC0415 (only here)

    from procrastinate import metadata  # noqa: PLC0415 (an extra)
    from procrastinate.schema import SchemaManager  # noqa: PLC0415 (the same)
    from procrastinate.sql import queries  # noqa: PLC0415 (the same)

    known = {name for (name,) in connection.execute(sql.FUNCTIONS)}
    if not known:
        connection.execute(SchemaManager.get_schema())
        return
    calls = " ".join(queries.values())
    wanted = set(re.findall(r"procrastinate_\w+_v\d+(?=\()", calls))
    if missing := sorted(wanted - known):
        version = metadata.extract_metadata()["version"]
        message = (
            f"Procrastinate's tables in {place} are not those of the installed procrastinate"
            f" {version}: {missing[0]} is missing; apply its migrations, or install the version"
            " that made them"
        )
        raise JournalError(message)


def add_lines(connection: Connection[Any], lines: Iterable[NewLine]) -> Added:
    """Add lines to the list, all or none; those that are known already stay as they are.

    A line that ended before a vendor had its job waits again.

    Raises:
        JobError: a line has the name of another job.
    """
    connection.execute(sql.MAKE_GIVEN)
    count = 0
    with connection.cursor().copy(sql.COPY_GIVEN) as copy:
        for line in lines:
            count += 1
            cost = None if line.cost is None else str(line.cost)
            copy.write_row((
                line.ref, join_accounts(line.accounts), line.job, line.model, line.target, cost,
                line.currency,
            ))  # fmt: skip
    connection.execute(sql.JOIN_BY_HASH)
    if others := [ref for (ref,) in connection.execute(sql.FIND_OTHERS)]:
        message = (
            f"the key {others[0]!r} is that of another job of the fleet; use a key for one job only"
        )
        raise JobError(message)
    if clash := connection.execute(sql.FIND_CLASH).fetchone():
        message = f"{clash[0]} is the place of another job of the fleet, {clash[1]}; name another"
        raise JobError(message)
    again = connection.execute(sql.REOPEN).rowcount
    new = connection.execute(sql.ADD).rowcount
    return Added(new, again, count - new - again)


def count_lines(connection: Connection[Any]) -> Counts:
    """Return how far the fleet is."""
    accounts: dict[tuple[str, ...], dict[LineState, int]] = {}
    for names, state, number in connection.execute(sql.COUNT):
        accounts.setdefault(split_accounts(names), {})[LineState(state)] = number
    problems = connection.execute(sql.PROBLEMS, {"limit": _MOST_PROBLEMS})
    return Counts(accounts, [(ref, LineState(state), text) for ref, state, text in problems])


def find_groups(connection: Connection[Any]) -> list[tuple[str, ...]]:
    """Return the accounts of the lines that are not finished, each group once."""
    found: set[str] = set()
    for state in LineState:
        if not state.final:
            found |= {names for (names,) in connection.execute(sql.GROUPS, {"state": str(state)})}
    return [split_accounts(names) for names in sorted(found)]
