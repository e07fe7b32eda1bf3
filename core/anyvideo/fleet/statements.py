"""The SQL of the fleet's tables, which lie beside the journal's and Procrastinate's."""

from __future__ import annotations

CREATE_VERSION = "CREATE TABLE IF NOT EXISTS anyvideo_fleet_version (version integer NOT NULL)"
VERSION = "SELECT coalesce(max(version), 0) FROM anyvideo_fleet_version"
NOTE_VERSION = "INSERT INTO anyvideo_fleet_version VALUES (%(version)s)"
# Each leads from one version to the next; those that were released never change.
MIGRATIONS = (
    """
    CREATE TABLE anyvideo_line (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ref text NOT NULL UNIQUE,
        accounts text NOT NULL, job text NOT NULL, model text NOT NULL, target text NOT NULL UNIQUE,
        cost text, currency text NOT NULL, state text NOT NULL DEFAULT 'waiting',
        attempt integer NOT NULL DEFAULT 1, misses integer NOT NULL DEFAULT 0,
        polled double precision, begun boolean NOT NULL DEFAULT false, problem text NOT NULL DEFAULT ''
    ) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);
    CREATE INDEX anyvideo_line_by_state ON anyvideo_line (state, accounts, id);
    CREATE TABLE anyvideo_slot (provider text, ref text, PRIMARY KEY (provider, ref));
    CREATE INDEX anyvideo_slot_by_ref ON anyvideo_slot (ref);
    CREATE TABLE anyvideo_submit (provider text, ref text, at double precision NOT NULL);
    CREATE INDEX anyvideo_submit_by_time ON anyvideo_submit (provider, at);
    """,
)
# "anyf" is the name of the lock under which tables are made and stalled jobs are given back, and of
# an account's own lock.
LOCK_ALL = "SELECT pg_advisory_xact_lock(1634629990)"
LOCK_ACCOUNT = "SELECT pg_advisory_xact_lock(1634629990, hashtext(%(provider)s))"
FUNCTIONS = """
SELECT proname FROM pg_proc WHERE starts_with(proname, 'procrastinate_') AND pg_function_is_visible(oid)
"""
NOW = "SELECT extract(epoch FROM clock_timestamp())::double precision"

_GIVEN = "ref, accounts, job, model, target, cost, currency"
MAKE_GIVEN = """
CREATE TEMPORARY TABLE given (
    ref text, accounts text, job text, model text, target text, cost text, currency text
) ON COMMIT DROP
"""
COPY_GIVEN = f"COPY given ({_GIVEN}) FROM STDIN"
# A list that just grew has no statistics yet, and a nested loop over it would take hours.
JOIN_BY_HASH = "SET LOCAL enable_nestloop = off"
FIND_OTHERS = """
SELECT ref FROM anyvideo_line JOIN given USING (ref) WHERE anyvideo_line.job <> given.job
ORDER BY ref LIMIT 3
"""
FIND_CLASH = """
SELECT target, anyvideo_line.ref FROM anyvideo_line JOIN given USING (target)
WHERE anyvideo_line.ref <> given.ref LIMIT 1
"""
ADD = f"""
INSERT INTO anyvideo_line ({_GIVEN}) SELECT {_GIVEN} FROM given ON CONFLICT (ref) DO NOTHING
"""  # noqa: S608 (the words above)
REOPEN = """
UPDATE anyvideo_line SET (state, accounts, model, target, cost, currency, misses, problem)
    = ROW ('waiting', given.accounts, given.model, given.target, given.cost, given.currency, 0, '')
FROM given WHERE anyvideo_line.ref = given.ref AND state = 'failed' AND NOT begun
"""

GET = (
    f"SELECT {_GIVEN}, state, attempt, misses, polled, begun FROM anyvideo_line WHERE ref = %(ref)s"  # noqa: S608 (the words above)
)
# One step of an index for each group of accounts, however many lines wait.
GROUPS = """
WITH RECURSIVE found AS (
    (SELECT accounts FROM anyvideo_line WHERE state = %(state)s ORDER BY accounts LIMIT 1)
    UNION ALL
    SELECT (
        SELECT accounts FROM anyvideo_line WHERE state = %(state)s AND accounts > found.accounts
        ORDER BY accounts LIMIT 1
    ) FROM found WHERE found.accounts IS NOT NULL
) SELECT accounts FROM found WHERE accounts IS NOT NULL
"""
COUNT_SLOTS = """
SELECT provider, count(*) FROM anyvideo_slot WHERE provider = ANY(%(providers)s) GROUP BY provider
"""
COUNT_ADMITTED = """
SELECT count(*) FROM anyvideo_line WHERE state = 'admitted' AND accounts = %(accounts)s
"""
ADMIT = """
UPDATE anyvideo_line SET state = 'admitted' WHERE id IN (
    SELECT id FROM anyvideo_line WHERE state = 'waiting' AND accounts = %(accounts)s
    ORDER BY id LIMIT %(room)s FOR UPDATE
) RETURNING id, ref
"""
TAKE_SLOTS = """
INSERT INTO anyvideo_slot (provider, ref)
SELECT provider, ref FROM unnest(%(providers)s::text[]) provider, unnest(%(refs)s::text[]) ref
ON CONFLICT DO NOTHING
"""

FORGET_SUBMITS = (
    "DELETE FROM anyvideo_submit WHERE provider = ANY(%(providers)s) AND at < %(before)s"
)
OWN_SUBMIT = """
SELECT max(at) FROM anyvideo_submit WHERE provider = ANY(%(providers)s) AND ref = %(ref)s
"""
USE_SUBMIT = (
    "UPDATE anyvideo_submit SET ref = NULL WHERE provider = ANY(%(providers)s) AND ref = %(ref)s"
)
NTH_SUBMIT = """
SELECT at FROM anyvideo_submit WHERE provider = %(provider)s ORDER BY at DESC OFFSET %(most)s LIMIT 1
"""
NOTE_SUBMIT = """
INSERT INTO anyvideo_submit (provider, ref, at)
SELECT provider, %(ref)s, %(at)s FROM unnest(%(providers)s::text[]) provider
"""

NOTE = """
UPDATE anyvideo_line SET state = coalesce(%(state)s, state), attempt = coalesce(%(attempt)s, attempt),
    misses = %(misses)s, polled = coalesce(%(polled)s, polled),
    begun = begun OR %(begun)s, problem = %(problem)s
WHERE ref = %(ref)s AND state NOT IN ('done', 'failed', 'ambiguous')
"""
NOTE_AND_FREE = f"WITH freed AS (DELETE FROM anyvideo_slot WHERE ref = %(ref)s) {NOTE}"  # noqa: S608 (the words above)
COUNT = """
SELECT accounts, state, count(*) FROM anyvideo_line GROUP BY accounts, state ORDER BY accounts, state
"""
PROBLEMS = """
SELECT ref, state, problem FROM anyvideo_line WHERE problem <> '' AND state <> 'done' ORDER BY id LIMIT %(limit)s
"""
