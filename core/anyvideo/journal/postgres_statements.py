"""The SQL of the journal in Postgres; its conditions are those of the file's statements."""

from __future__ import annotations

NOW = "SELECT extract(epoch FROM clock_timestamp())"
# A user who may only read and write rows can use tables that are there.
KNOWS_VERSION = "SELECT to_regclass('anyvideo_version') IS NOT NULL"
CREATE_VERSION = "CREATE TABLE IF NOT EXISTS anyvideo_version (version integer NOT NULL)"
VERSION = "SELECT coalesce(max(version), 0) FROM anyvideo_version"
NOTE_VERSION = "INSERT INTO anyvideo_version VALUES (%(version)s)"
# Each leads from one version to the next; those that were released never change.
MIGRATIONS = (
    """
    CREATE TABLE anyvideo_job (
        ref text PRIMARY KEY, fence integer NOT NULL, state text NOT NULL, sent boolean NOT NULL,
        offer text NOT NULL, provider text NOT NULL, task_id text NOT NULL, task text NOT NULL,
        job text NOT NULL, seconds double precision, amount text, currency text NOT NULL,
        counts boolean NOT NULL, cost text, created double precision NOT NULL,
        updated double precision NOT NULL, finished double precision, lease double precision NOT NULL,
        path text, facts text, took double precision, remixes text
    );
    CREATE INDEX anyvideo_job_by_day ON anyvideo_job (created);
    CREATE INDEX anyvideo_job_by_id ON anyvideo_job (task_id) WHERE task_id <> '';
    CREATE INDEX anyvideo_job_by_offer ON anyvideo_job (offer, finished) WHERE state = 'succeeded';
    """,
)
_COLUMNS = (
    "ref, fence, state, sent, offer, provider, task_id, task, job, seconds, amount, currency, counts,"
    " cost, created, updated, finished, lease, path, facts, took, remixes"
)
_SELECT = f"SELECT {_COLUMNS} FROM anyvideo_job"  # noqa: S608 (the words above)
# "anyv" is the name of the one lock, and a row's own lock has its ref in the name.
LOCK_ALL = "SELECT pg_advisory_xact_lock(1634629878)"
LOCK_ONE = """
SELECT pg_advisory_xact_lock_shared(1634629878), pg_advisory_xact_lock(1634629878, hashtext(%(ref)s))
"""
GET = f"{_SELECT} WHERE ref = %(ref)s"
INSERT = f"""
INSERT INTO anyvideo_job ({_COLUMNS}) VALUES (
    %(ref)s, %(fence)s, %(state)s, %(sent)s, %(offer)s, %(provider)s, %(task_id)s, %(task)s, %(job)s,
    %(seconds)s, %(amount)s, %(currency)s, %(counts)s, %(cost)s, %(created)s, %(updated)s, %(finished)s,
    %(lease)s, %(path)s, %(facts)s, %(took)s, %(remixes)s
) ON CONFLICT (ref) DO UPDATE SET ({_COLUMNS}) = ROW (excluded.*)
"""  # noqa: S608 (the words above)
CLAIM = f"""
UPDATE anyvideo_job SET fence = fence + 1, lease = %(lease)s WHERE ref = %(ref)s AND lease <= %(now)s
RETURNING {_COLUMNS}
"""  # noqa: S608 (the words above)
REBASE = """
UPDATE anyvideo_job SET lease = %(lease)s, updated = %(now)s
WHERE ref = %(ref)s AND fence = %(fence)s AND lease = %(before)s
"""
NEWEST = "SELECT coalesce(max(created), 0) FROM anyvideo_job"
MARK = """
UPDATE anyvideo_job SET sent = %(sent)s, lease = %(lease)s, updated = %(now)s
WHERE ref = %(ref)s AND fence = %(fence)s
"""
_FINAL = "'succeeded', 'failed', 'cancelled', 'expired'"
ADVANCE = f"""
UPDATE anyvideo_job SET state = %(state)s, task_id = %(task_id)s, task = %(task)s, cost = %(cost)s,
    updated = %(now)s,
    finished = CASE WHEN %(final)s THEN coalesce(finished, %(now)s::double precision) END,
    counts = coalesce(%(counts)s::boolean, counts),
    lease = coalesce(%(lease)s::double precision, lease), path = coalesce(%(path)s::text, path),
    facts = coalesce(%(facts)s::text, facts), took = coalesce(%(took)s::double precision, took)
WHERE ref = %(ref)s AND (fence = %(fence)s OR (task_id = '' AND %(task_id)s <> ''))
    AND (%(task_id)s = '' OR task_id IN ('', %(task_id)s))
    AND (state NOT IN ({_FINAL}) OR state = %(state)s OR task_id = ''
        OR (state = 'succeeded' AND %(state)s = 'failed' AND facts IS NULL))
"""  # noqa: S608 (the words above)
USAGE = """
SELECT ref, amount, cost, currency, seconds FROM anyvideo_job
WHERE counts AND created >= %(since)s AND ref <> %(ref)s
    AND NOT (state = 'submitting' AND NOT sent AND lease <= %(now)s) AND starts_with(ref, %(start)s)
"""
FIND = f"""
{_SELECT} WHERE (task_id = %(name)s AND %(provider)s IN ('', provider))
    OR (%(provider)s = '' AND starts_with(ref, %(name)s)) LIMIT 2
"""
_MATCHES = "state = ANY(%(states)s) AND offer ~ %(offer)s AND starts_with(ref, %(start)s)"
PAGE = f"""
{_SELECT} WHERE {_MATCHES}
    AND (created, ref) < (%(created)s::double precision, %(ref)s) ORDER BY created DESC, ref DESC LIMIT %(limit)s
"""
PAGE_RISING = f"""
{_SELECT} WHERE {_MATCHES}
    AND (created, ref) > (%(created)s::double precision, %(ref)s) ORDER BY created, ref LIMIT %(limit)s
"""
ENTRIES = f"{_SELECT} WHERE state = ANY(%(states)s) ORDER BY created, ref"
FINISHES = """
SELECT took FROM anyvideo_job WHERE offer = %(offer)s AND state = 'succeeded' AND took > 0
ORDER BY finished DESC LIMIT %(limit)s
"""
MEDIANS = """
SELECT offer, percentile_cont(0.5) WITHIN GROUP (ORDER BY took), count(*) FROM anyvideo_job
WHERE state = 'succeeded' AND took > 0 GROUP BY offer
"""
