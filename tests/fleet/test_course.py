"""The steps of a line, one by one, over Acme in memory."""

from contextlib import asynccontextmanager

import httpx
import psycopg
import pytest

from anyvideo.fleet.client import FleetClient
from anyvideo.fleet.course import Course
from anyvideo.fleet.ledger import AccountLimits
from anyvideo.fleet.line import NewLine
from anyvideo.journal.record import JobRecord
from anyvideo.tasks.status import Status
from anyvideo.testing.clock import VirtualClock
from tests.acme.clients import CONFIG, JOB, connect
from tests.acme.vendor import Vendor
from tests.fleet.conftest import enqueue
from tests.fleet.test_ledger import open_ledgers, read

ROUTED = {**CONFIG, "routes": {"hero": {"models": ["acme/acme-1", "second/acme-1"]}}}
ROUTED["providers"] = {**CONFIG["providers"], "second": {"adapter": "acme", "api_key": "k"}}


@asynccontextmanager
async def open_course(place, tmp_path, vendor, config=CONFIG, limits=None, **changes):
    """A course with one admitted line."""
    given = {"ref": "fox", "accounts": ("acme",), "model": "acme/acme-1", "target": "fox.mp4"}
    line = NewLine(job=JOB.to_json(), **{**given, **changes})
    enqueue(place, line)

    async def defer(*_):
        """There is no engine."""

    client = FleetClient(config, journal=":memory:", clock=VirtualClock(), **connect(vendor))
    async with open_ledgers(place, limits or {}, 1) as (ledger,), client:
        await ledger.admit(line.accounts, 1, defer)
        yield Course(client, ledger, str(tmp_path))


async def finish(course, most=20):
    """Make steps until the line has ended; return the pauses between them."""
    pauses = []
    while (pause := await course.advance("fox")) is not None:
        pauses.append(pause)
        course.client.session.clock.sleep(pause)
        assert len(pauses) < most
    return pauses


def read_line(place):
    (row,) = read(place, "SELECT state, attempt, misses, begun, problem FROM anyvideo_line")
    return row


async def test_a_job_is_submitted_asked_for_and_fetched_and_no_step_waits(place, tmp_path):
    vendor = Vendor(polls=3)
    async with open_course(place, tmp_path, vendor) as course:
        pauses = await finish(course)
        slept = len(course.client.session.clock.sleeps)
        assert await course.advance("fox") is None
        assert await course.advance("nothing") is None
        assert course.client.session.fences == {}

    assert len(vendor.posts) == 1
    assert (tmp_path / "fox.mp4").read_bytes() == vendor.film
    assert read_line(place) == ("done", 1, 0, True, "")
    assert read(place, "SELECT * FROM anyvideo_slot") == []
    assert len(pauses) == slept
    assert min(pauses) > 0


async def test_the_next_step_is_made_by_whoever_comes_by(place, tmp_path):
    """A worker that was killed after the submit leaves a row, and another one goes on from there."""
    vendor = Vendor(polls=1)
    async with open_course(place, tmp_path, vendor) as course:
        line = await course.ledger.get("fox")
        _, task = await course.client.begin(line, str(tmp_path / "fox.mp4"))
        await course.client.ask(line, task)
        await finish(course)

    assert (len(vendor.posts), read_line(place)[0]) == (1, "done")


async def test_a_poll_that_fails_is_made_again(place, tmp_path):
    vendor = Vendor()
    vendor.plan("status", httpx.Response(502), httpx.Response(401))
    async with open_course(place, tmp_path, vendor) as course:
        await course.advance("fox")
        assert await course.advance("fox") > 0
        assert read_line(place)[:3] == ("running", 1, 1)
        assert await course.advance("fox") == 2.0
        assert "auth" in read_line(place)[4]
        await finish(course)
    assert read_line(place)[:3] == ("done", 1, 0)


async def test_a_refusal_ends_the_line_and_frees_its_slot(place, tmp_path):
    vendor = Vendor()
    vendor.plan("submit", httpx.Response(400, json={"error": {"message": "no foxes"}}))
    async with open_course(place, tmp_path, vendor) as course:
        assert await course.advance("fox") is None

    state, _, _, begun, problem = read_line(place)
    assert (state, begun) == ("failed", False)
    assert "no foxes" in problem
    assert read(place, "SELECT * FROM anyvideo_slot") == []


async def test_a_lost_answer_ends_the_line_as_ambiguous(place, tmp_path):
    vendor = Vendor()
    vendor.plan("submit", httpx.ReadError("gone"))
    async with open_course(place, tmp_path, vendor) as course:
        assert await course.advance("fox") is None
        assert await course.advance("fox") is None

    assert len(vendor.posts) == 1
    assert read_line(place)[0] == "ambiguous"


async def test_a_job_that_failed_ends_the_line_or_leads_along_its_route(place, tmp_path):
    vendor, failure = Vendor(), {"id": "task-1", "status": "failed", "error": {"message": "no"}}
    vendor.plan("status", failure)
    given = {"model": "hero", "accounts": ("acme", "second")}
    async with open_course(place, tmp_path, vendor, ROUTED, **given) as course:
        await finish(course)
    assert len(vendor.posts) == 2
    assert read_line(place)[:2] == ("done", 2)


async def test_a_job_that_failed_without_a_route_is_explained(place, tmp_path):
    vendor = Vendor()
    vendor.plan("status", {"id": "task-1", "status": "failed", "error": {"message": "no"}})
    async with open_course(place, tmp_path, vendor) as course:
        await finish(course)
    assert read_line(place)[0] == "failed"
    assert len(vendor.posts) == 1


async def test_a_submit_waits_for_its_moment_and_sends_nothing_before(place, tmp_path):
    vendor, limits = Vendor(), {"acme": AccountLimits(submits_per_minute=1)}
    async with open_course(place, tmp_path, vendor, limits=limits) as course:
        await course.ledger.reserve("another", ("acme",))
        assert await course.advance("fox") == pytest.approx(62, abs=2)
        assert vendor.posts == []
        with psycopg.connect(place) as connection:
            connection.execute("UPDATE anyvideo_submit SET at = at - 62.5")
        await finish(course)
    assert len(vendor.posts) == 1


BUSY = httpx.Response(429, json={"error": {"message": "slow down"}})


async def test_a_submit_that_was_refused_waits_for_a_moment_of_its_own(place, tmp_path):
    vendor, limits = Vendor(), {"acme": AccountLimits(submits_per_minute=1)}
    vendor.plan("submit", BUSY)
    async with open_course(place, tmp_path, vendor, limits=limits) as course:
        assert await course.advance("fox") == 1
        assert await course.advance("fox") == pytest.approx(62, abs=2)
    assert len(vendor.posts) == 1


async def test_no_step_waits_for_a_vendor_that_is_busy(place, tmp_path):
    vendor = Vendor()
    vendor.plan("submit", BUSY, httpx.ConnectError("refused"), BUSY)
    async with open_course(place, tmp_path, vendor) as course:
        pauses = [await course.advance("fox") for _ in range(3)]
        assert course.client.session.clock.sleeps == []
        await finish(course)
    assert (pauses, read_line(place)[:2]) == ([1, 2, 4], ("done", 1))


@pytest.mark.parametrize(("times", "wait", "made"), [(5, "1", 6), (1, "900", 2)])
async def test_a_route_goes_on_where_its_first_offer_stays_busy(place, tmp_path, times, wait, made):
    vendor, given = Vendor(), {"model": "hero", "accounts": ("acme", "second")}
    busy = httpx.Response(429, headers={"retry-after": wait}, json={"error": {"message": "no"}})
    vendor.plan("submit", *[busy] * times)
    async with open_course(place, tmp_path, vendor, ROUTED, **given) as course:
        await finish(course)
        task = await course.client.find("fox")
    assert len(vendor.posts) == made
    assert (task.provider, read_line(place)[0]) == ("second", "done")


async def test_a_file_that_is_there_already_is_not_overwritten(place, tmp_path):
    vendor = Vendor()
    (tmp_path / "fox.mp4").write_bytes(b"mine")
    async with open_course(place, tmp_path, vendor) as course:
        assert await course.advance("fox") is None

    assert vendor.posts == []
    assert "fox.mp4 exists; nothing was sent" in read_line(place)[4]
    assert (tmp_path / "fox.mp4").read_bytes() == b"mine"


async def test_a_price_that_rose_since_sends_nothing(place, tmp_path):
    vendor = Vendor()
    async with open_course(place, tmp_path, vendor, cost="0.01") as course:
        assert await course.advance("fox") is None

    assert vendor.posts == []
    assert "by now, and 0.01 USD was agreed to" in read_line(place)[4]


async def test_a_url_gets_the_video_before_the_journal_names_it(place, tmp_path):
    vendor, target = Vendor(), f"memory://fleet-{tmp_path.name}/fox.mp4"
    async with open_course(place, tmp_path, vendor, target=target) as course:
        await finish(course)
        (entry,) = course.client.session.journal.entries()

    record = JobRecord.of(entry)
    assert (entry.path, record.path, record.url) == (target, None, target)
    assert entry.state == Status.SUCCEEDED
    assert entry.facts
    assert read_line(place)[0] == "done"
