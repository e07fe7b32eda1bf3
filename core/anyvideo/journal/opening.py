"""Opens the journal at a place: the path of a file, or the address of a Postgres database."""

from __future__ import annotations

from anyvideo.journal.protocol import JournalLike

_ADDRESSES = ("postgresql://", "postgres://")


def is_address(place: str) -> bool:
    """Say whether a place is the address of a database, and not the path of a file."""
    return place.startswith(_ADDRESSES)


def open_journal(place: str, *, patience: float = 10.0, connect: bool = True) -> JournalLike:
    """Open the journal at a place.

    `patience` is how long a database is waited for, in seconds. Without `connect`, it is connected to
    when it is first asked.

    Raises:
        ConfigError: the extra that the address needs is not installed.
        JournalError: the journal cannot be used.
    """
    if is_address(place):
        from anyvideo.journal.postgres import PostgresJournal  # noqa: PLC0415 (an extra)

        return PostgresJournal(place, patience=patience, connect=connect)
    from anyvideo.journal.database import Journal  # noqa: PLC0415 (planning needs no journal)

    return Journal(place)
