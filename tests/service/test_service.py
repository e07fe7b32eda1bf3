"""The service: jobs of owners, paid once and brought home, whoever goes away meanwhile."""

import asyncio
from decimal import Decimal

import pytest
from attrs import evolve

from anyvideo import VideoJob
from anyvideo.errors import (
    AmbiguousSubmitError,
    BudgetError,
    ConfigError,
    CrowdedError,
    JobError,
    JournalError,
    ProviderError,
)
from anyvideo.journal.budget import Budget
from anyvideo.service import Limit, name_job
from tests.service.stage import (
    JOB,
    MODEL,
    OWNER,
    script,
    stand_still,
    wait_for_file,
    wait_until,
)


async def test_a_job_is_paid_once_and_brought_home(opened, vendor):
    async with opened() as service:
        first = await service.submit(OWNER, JOB, MODEL, job_id=name_job("order 7"))
        again = await service.submit(OWNER, JOB, MODEL, job_id=name_job("order 7"))

        assert first.id == again.id == name_job("order 7")
        assert (first.owner, first.exists, first.plan.offer.model) == (OWNER, True, "sora-2")
        home = await wait_for_file(service, first)
        assert home.file.read_bytes()[4:8] == b"ftyp"
        assert await service.fetch(home) == home.file
        with pytest.raises(JobError, match="is that of another job"):
            await service.submit(OWNER, "a cat", MODEL, job_id=first.id)
        assert (await service.submit(OWNER, JOB, MODEL, job_id=first.id)).file == home.file
        assert len(vendor.posts("apiyi")) == 1


async def test_an_owner_sees_no_job_of_another(opened):
    async with opened() as service:
        job = await service.submit(OWNER, JOB, MODEL)

        assert await service.record("serve.other", job.id) is None
        assert await service.record(OWNER, "../x") is None
        assert [item.id for item in await service.page(OWNER)] == [job.id]
        assert await service.page("serve.other") == []
        assert await service.delete("serve.other", job.id) is None
        assert await service.find_by_task("serve.other", "apiyi", job.task.id) is None
        assert await service.find_by_task(OWNER, "apiyi", job.task.id) == job.id
        assert await service.find_by_task(OWNER, "apiyi", "nothing") is None
        with pytest.raises(JobError, match="has no job"):
            await service.submit("mcp", JOB, MODEL)
        with pytest.raises(ConfigError, match="no name of an owner"):
            await service.record("My app", job.id)


async def test_who_goes_away_changes_nothing(opened, vendor):
    async with opened() as service:
        calling = asyncio.create_task(service.submit(OWNER, JOB, MODEL, job_id="order-8"))
        while not vendor.posts("apiyi"):  # noqa: ASYNC110 (the vendor runs in threads)
            await asyncio.sleep(0)
        calling.cancel()
        await asyncio.gather(calling, return_exceptions=True)
        while await service.record(OWNER, "order-8") is None:  # noqa: ASYNC110 (it is a database)
            await asyncio.sleep(0.005)
        assert (await wait_for_file(service, await service.record(OWNER, "order-8"))).file
        assert len(vendor.posts("apiyi")) == 1


async def test_an_unknown_outcome_is_a_job(opened, vendor):
    job = VideoJob("a fox [fault:drop-after-accept]", seconds=4)
    async with opened() as service:
        for _ in range(2):
            sent = await service.submit(OWNER, job, MODEL, job_id="lost")
            assert (sent.state, sent.exists) == ("ambiguous", True)
        assert [item.id for item in await service.page(OWNER)] == ["lost"]
        script(service.client, "submit", AmbiguousSubmitError("it broke, and nobody knows of what"))
        with pytest.raises(AmbiguousSubmitError):
            await service.submit(OWNER, JOB, MODEL)
    assert len(vendor.posts("apiyi")) == 1


async def test_a_refused_job_is_free_to_be_sent_again_and_is_not_listed(opened, vendor):
    async with opened() as service:
        vendor.misbehave("no-money")
        with pytest.raises(ProviderError):
            await service.submit(OWNER, JOB, MODEL, job_id="poor")
        assert await service.page(OWNER) == []
        vendor.misbehave()
        assert (await service.submit(OWNER, JOB, MODEL, job_id="poor")).state == "queued"


async def test_limits_are_those_of_one_owner(opened, clock):
    limits = {OWNER: Limit(Budget(money=Decimal("0.50"))), "serve.busy": Limit(at_once=1)}
    stand_still(clock)
    async with opened(limits=limits) as service:
        await service.submit(OWNER, JOB, MODEL)
        with pytest.raises(BudgetError):
            await service.submit(OWNER, JOB, MODEL)
        await service.submit("serve.busy", JOB, MODEL)
        with pytest.raises(CrowdedError, match="1 jobs are under way, and 1 may be at once"):
            await service.submit("serve.busy", JOB, MODEL)
        await service.submit("serve.other", JOB, MODEL)
        assert service.busy == 3


async def test_pages_leave_out_what_is_hidden(opened, vendor):
    async with opened() as service:
        jobs = [await service.submit(OWNER, f"fox {number}", MODEL) for number in range(5)]
        for number in (1, 3):
            assert (await service.delete(OWNER, jobs[number].id)).record.deleted
        ids = [item.id for item in await service.page(OWNER, limit=2, rising=True)]
        assert ids == [jobs[0].id, jobs[2].id]
        rest = await service.page(OWNER, limit=2, before=ids[-1], rising=True)
        assert [item.id for item in rest] == [jobs[4].id]
        begun = await service.find_begun(OWNER, jobs[0].id[:8])
        assert [item.id for item in begun] == [jobs[0].id]


async def test_what_was_under_way_is_taken_up_by_the_next_process(opened, clock, vendor):
    sleep = clock.sleep_async
    stand_still(clock)
    async with opened() as service:
        running = await service.submit(OWNER, JOB, MODEL)
        fileless = await service.submit(OWNER, "another fox", MODEL)
        vendor.advance(60)
        await service.client.status(fileless.task)
        lost = await service.submit(OWNER, "a fox [fault:drop-after-accept]", MODEL)
        client = service.client
        prepared = evolve(
            client.session.journal.get(running.record.ref), ref="serve.app.unsent", sent=False,
            task=evolve(running.task, id="", status="submitting", ref="serve.app.unsent"),
        )  # fmt: skip
        client.session.journal.open(prepared)
        old = evolve(prepared, ref="serve.app.old", created=0.0)
        client.session.journal.open(evolve(old, task=evolve(running.task, status="succeeded")))
    clock.sleep_async = sleep
    async with opened() as service:
        assert await service.record(OWNER, "unsent") is None
        for job in (running, fileless):
            await wait_until(service, job, lambda found: found.record.path is not None)
        assert (await service.record(OWNER, lost.id)).state == "ambiguous"
    assert len(vendor.posts("apiyi")) == 3


async def test_a_repeat_is_told_what_became_of_a_job_that_is_being_taken_up(opened):
    async with opened() as service:
        journal = service.client.session.journal
        sent = await service.submit(OWNER, JOB, MODEL)
        await wait_for_file(service, sent)
        row = journal.get(sent.record.ref)
        cut = evolve(row.task, id="", status="submitting", ref="serve.app.cut")
        journal.open(evolve(row, ref=cut.ref, task=cut, sent=True, path=None, facts=None))

    async def resume(_):
        await asyncio.sleep(3600)

    async with opened(before=lambda client: setattr(client, "resume", resume)) as service:
        while not service.busy:  # noqa: ASYNC110 (it is taken up by itself)
            await asyncio.sleep(0.005)
        assert (await service.record(OWNER, "cut")).state == "submitting"
        assert (await service.submit(OWNER, JOB, MODEL, job_id="cut")).state == "ambiguous"


async def test_a_stream_is_answered_when_its_job_is_named_and_left_in_order(opened, clock):
    async with opened() as service:
        job = await service.submit(OWNER, VideoJob("a fox"), "apertis-chat/sora-2")
        assert job.task.id
        assert (await wait_for_file(service, job)).state == "succeeded"

    async with opened() as service:

        async def submit(*_, on_change, **__):
            on_change(job.task)
            await asyncio.sleep(3600)

        service.client.submit = submit
        known = await service.submit(OWNER, JOB, MODEL, job_id=job.id)
        assert (known.id, known.task.id) == (job.id, job.task.id)


async def test_leaving_waits_for_paid_requests_in_flight_and_no_longer(opened):
    async with opened(patience=0.01) as service:

        async def submit(*_, **__):
            await asyncio.sleep(3600)

        service.client.submit = submit
        calling = asyncio.create_task(service.submit(OWNER, JOB, MODEL))
        await asyncio.sleep(0)
    outcomes = await asyncio.gather(calling, return_exceptions=True)
    assert isinstance(outcomes[0], asyncio.CancelledError)
    with pytest.raises(ConfigError, match="closing"):
        await service.submit(OWNER, JOB, MODEL)


async def test_a_paid_job_is_told_even_where_the_journal_cannot_be_read(opened):
    async with opened() as service:
        script(service.client, "find", JournalError("the disk is gone"))
        job = await service.submit(OWNER, JOB, MODEL)
        assert (job.state, job.record.job.prompt) == ("queued", JOB.prompt)
        while service.busy:  # noqa: ASYNC110 (it ends by itself)
            await asyncio.sleep(0.005)
        script(service.client, "find", JournalError("the disk is gone"))
        with pytest.raises(JournalError, match="was just sent"):
            await service.submit(OWNER, JOB, MODEL, job_id=job.id)
