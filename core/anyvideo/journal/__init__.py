"""One row for each job, written before anything is paid."""

from anyvideo.journal.database import Journal
from anyvideo.journal.entry import Entry

__all__ = ["Entry", "Journal"]
