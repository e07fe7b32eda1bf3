"""The SQL of the journal, written with the names of our own columns and states."""

from __future__ import annotations

from anyvideo.journal.entry import COLUMNS
from anyvideo.tasks.status import Status

_NAMES, _VALUES = ", ".join(COLUMNS), ", ".join(f":{name}" for name in COLUMNS)
SELECT = f"SELECT {_NAMES} FROM job"  # noqa: S608 (column names are ours)
INSERT = f"INSERT OR REPLACE INTO job ({_NAMES}) VALUES ({_VALUES})"  # noqa: S608 (column names are ours)
CLAIM = "UPDATE job SET fence = fence + 1, lease = ? WHERE ref = ? AND lease <= ?"
REBASE = "UPDATE job SET lease = ?, updated = ? WHERE ref = ? AND fence = ? AND lease = ?"
NEWEST = "SELECT COALESCE(max(created), 0) FROM job"
MARK = "UPDATE job SET sent = ?, lease = ?, updated = ? WHERE ref = ? AND fence = ?"
# A fence never loses evidence that a job exists: an id is noted wherever none is known. An id that
# is known is never replaced: another id is another job, such as that of another host.
_FINAL = ", ".join(repr(str(status)) for status in Status if status.final)
ADVANCE = f"""
UPDATE job SET state = :state, task_id = :task_id, task = :task, cost = :cost, updated = :now,
    finished = CASE WHEN :final THEN COALESCE(finished, :now) END,
    counts = COALESCE(:counts, counts), lease = COALESCE(:lease, lease),
    path = COALESCE(:path, path), facts = COALESCE(:facts, facts), took = COALESCE(:took, took)
WHERE ref = :ref AND (fence = :fence OR (task_id = '' AND :task_id <> ''))
    AND (:task_id = '' OR task_id IN ('', :task_id))
    AND (state NOT IN ({_FINAL}) OR state = :state OR task_id = ''
        OR (state = 'succeeded' AND :state = 'failed' AND facts IS NULL))
"""  # noqa: S608 (state names are ours)
USAGE = """
SELECT ref, amount, cost, currency, seconds FROM job WHERE counts = 1 AND created >= ? AND ref <> ?
    AND NOT (state = 'submitting' AND sent = 0 AND lease <= ?) AND substr(ref, 1, length(?)) = ?
"""
FIND = f"""
{SELECT} WHERE (task_id = :name AND :provider IN ('', provider))
    OR (:provider = '' AND substr(ref, 1, length(:name)) = :name) LIMIT 2
"""
PAGE = f"""
{SELECT} WHERE state IN ({{marks}}) AND offer GLOB ? AND substr(ref, 1, length(?)) = ?
    AND (created, ref) {{beyond}} (?, ?) ORDER BY created {{order}}, ref {{order}} LIMIT ?
"""
_TOOK = "state = 'succeeded' AND typeof(took) = 'real' AND took > 0"
FINISHES = f"SELECT took FROM job WHERE offer = ? AND {_TOOK} ORDER BY finished DESC LIMIT ?"  # noqa: S608 (the words above)
DURATIONS = f"SELECT offer, took FROM job WHERE {_TOOK}"  # noqa: S608 (the words above)
