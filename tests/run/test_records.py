"""What the journal says of a job that is sent twice, interrupted, or cannot be noted."""

import asyncio
from contextlib import closing

import httpx
import pytest
from attrs import evolve

from anyvideo import AsyncClient, Image
from anyvideo.errors import AmbiguousSubmitError, JobError, JournalError, ProviderError
from anyvideo.journal.database import Journal
from anyvideo.journal.entry import Entry
from anyvideo.run.records import new_entry
from anyvideo.testing.clock import VirtualClock
from tests.acme.clients import CONFIG, JOB, connect, open_client, read_row, read_task
from tests.acme.vendor import PNG, Vendor, refuse

MODEL = "acme/acme-1"


class TestInterrupts:
    """Ctrl-C and cancellation: the row says what is known, and the interrupt goes on."""

    @pytest.mark.parametrize("interrupt", [KeyboardInterrupt(), SystemExit(1)])
    def test_inside_the_paid_request_the_job_is_ambiguous(self, interrupt):
        vendor = Vendor()
        vendor.plan("submit", interrupt)
        with open_client("sync", vendor) as client:
            with pytest.raises(type(interrupt)) as caught:
                client.submit(JOB, MODEL)
            row = read_row(client)

        assert row.state == "ambiguous"
        assert read_task(caught).ref == row.ref

    def test_before_it_nothing_was_sent(self):
        vendor = Vendor()
        vendor.plan("upload", KeyboardInterrupt())
        with open_client("sync", vendor) as client:
            with pytest.raises(KeyboardInterrupt):
                client.submit(evolve(JOB, images=[Image(PNG)]), MODEL)
            assert (read_row(client).state, read_row(client).counts) == ("failed", False)

    def test_after_the_id_is_known_it_is_noted(self, monkeypatch):
        vendor = Vendor()
        with open_client("sync", vendor) as client:
            monkeypatch.setattr(client.session.__class__, "emit", interrupt_on("state"))
            with pytest.raises(KeyboardInterrupt) as caught:
                client.submit(JOB, MODEL)
            row = read_row(client)

        assert (row.state, row.task.id, read_task(caught).id) == ("queued", "task-1", "task-1")

    def test_a_cancelled_submit_is_ambiguous_and_cancelled(self):
        async def run():
            reached = asyncio.Event()

            async def hang(request):
                reached.set()
                await asyncio.Event().wait()

            options = {**connect(Vendor()), "transport": httpx.MockTransport(hang)}
            async with AsyncClient(CONFIG, journal=":memory:", **options) as client:
                submit = asyncio.create_task(client.submit(JOB, MODEL))
                await reached.wait()
                submit.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await submit
                return read_row(client)

        assert asyncio.run(run()).state == "ambiguous"

    def test_a_cancelled_write_of_the_row_is_finished_first(self):
        async def run():
            entered, release = asyncio.Event(), asyncio.Event()
            loop = asyncio.get_running_loop()

            class Slow(Journal):
                def mark(self, *args, **kwargs):
                    loop.call_soon_threadsafe(entered.set)
                    asyncio.run_coroutine_threadsafe(release.wait(), loop).result()
                    return super().mark(*args, **kwargs)

            vendor = Vendor()
            with closing(Slow(":memory:")) as journal:
                client = AsyncClient(CONFIG, journal=journal, **connect(vendor))
                async with client:
                    submit = asyncio.create_task(client.submit(JOB, MODEL))
                    await entered.wait()
                    submit.cancel()
                    await asyncio.sleep(0)
                    submit.cancel()
                    release.set()
                    with pytest.raises(asyncio.CancelledError):
                        await submit
                    return vendor, read_row(client)

        vendor, row = asyncio.run(run())

        assert vendor.posts == []
        # The mark was written, and nothing left after it: this process knows, and says so.
        assert (row.state, row.sent, row.counts) == ("failed", True, False)


def interrupt_on(wanted):
    def emit(_, kind, *args, **details):
        if kind == wanted:
            raise KeyboardInterrupt

    return emit


class TestKeys:
    """A caller's key makes a submit safe to repeat."""

    def test_the_same_job_is_returned_and_not_sent_again(self, kind, tmp_path):
        vendor = Vendor()
        for _ in range(2):
            with open_client(kind, vendor, journal=tmp_path / "j.sqlite") as client:
                assert client.submit(JOB, MODEL, key="order-7").id == "task-1"

        assert len(vendor.posts) == 1

    def test_a_refused_job_may_be_sent_again(self, kind):
        vendor = Vendor()
        vendor.plan("submit", refuse(401))
        with open_client(kind, vendor) as client:
            with pytest.raises(ProviderError):
                client.submit(JOB, MODEL, key="order-7")
            assert client.submit(JOB, MODEL, key="order-7").id == "task-2"
            assert read_row(client).fence == 2

    def test_an_ambiguous_job_stays_ambiguous(self, kind):
        vendor = Vendor()
        vendor.plan("submit", refuse(500))
        with open_client(kind, vendor) as client:
            for _ in range(2):
                with pytest.raises(AmbiguousSubmitError):
                    client.submit(JOB, MODEL, key="order-7")

        assert len(vendor.posts) == 1

    @pytest.mark.parametrize(
        ("changes", "what"),
        [
            ({"prompt": "a cat"}, "another prompt"),
            ({"seconds": 8}, "another seconds"),
            (
                {"size": "320x240", "resolution": None, "aspect_ratio": None},
                "another resolution, size",
            ),
            ({"options": {"acme": {"mode": "pro"}}}, "another options"),
            ({"images": (Image(PNG),)}, "another images"),
        ],
    )
    def test_a_key_is_for_one_job(self, kind, changes, what):
        vendor = Vendor()
        with open_client(kind, vendor) as client:
            task = client.submit(JOB, MODEL, key="order-7")
            with pytest.raises(JobError, match=rf"that of another job \({what}\)") as caught:
                client.submit(evolve(JOB, **changes), MODEL, key="order-7")
            assert client.submit(evolve(JOB), MODEL, key="order-7").id == task.id

        assert (read_task(caught).id, len(vendor.posts)) == (task.id, 1)

    def test_a_key_is_for_one_model(self, kind):
        config = {**CONFIG, "offers": [{"adapter": "acme", "model": "acme-2", "seconds": [4]}]}
        vendor = Vendor()
        with open_client(kind, vendor, config) as client:
            client.submit(JOB, MODEL, key="order-7")
            bare = evolve(JOB, size=None, resolution=None, aspect_ratio=None)
            with pytest.raises(
                JobError, match="was sent to acme/acme-1, and this one goes to acme/acme-2"
            ):
                client.submit(bare, "acme/acme-2", key="order-7")

        assert len(vendor.posts) == 1

    def test_the_key_of_a_remix_is_not_that_of_a_job(self, kind):
        vendor = Vendor()
        with open_client(kind, vendor) as client:
            remixed = client.remix(client.submit(JOB, MODEL), "in autumn")
            with pytest.raises(JobError, match=r"that of another job \(it is a remix of task-1\)"):
                client.submit(JOB, MODEL, key=remixed.ref)

        assert len(vendor.posts) == 2

    def test_a_key_needs_the_journal(self, kind):
        with (
            open_client(kind, Vendor(), journal=None) as client,
            pytest.raises(JournalError, match="needs the journal"),
        ):
            client.submit(JOB, MODEL, key="order-7")

    def test_a_job_that_another_process_is_sending_is_waited_for(self, kind, tmp_path, monkeypatch):
        path, clock, vendor = tmp_path / "j.sqlite", VirtualClock(), Vendor()
        with open_client(kind, vendor, journal=path, clock=clock) as client:
            other = Journal(path)
            leave_half_sent(client, clock, sent=True)
            entry = read_row(client)
            accepted = evolve(entry.task, id="task-9", status="queued")

            def finish(_, seconds):
                assert other.advance("order-7", entry.fence, accepted, clock.now(), lease=0.0)

            monkeypatch.setattr(VirtualClock, "sleep", finish)
            monkeypatch.setattr(VirtualClock, "sleep_async", to_async(finish))
            assert client.submit(JOB, MODEL, key="order-7").id == "task-9"
            other.close()

        assert vendor.posts == []

    @pytest.mark.parametrize("sent", [True, False])
    def test_a_job_whose_sender_died_is_judged_once_its_lease_is_over(self, kind, tmp_path, sent):
        path, clock, vendor = tmp_path / "j.sqlite", VirtualClock(), Vendor()
        with open_client(kind, vendor, journal=path, clock=clock) as client:
            leave_half_sent(client, clock, sent=sent)
            if sent:
                with pytest.raises(AmbiguousSubmitError):
                    client.submit(JOB, MODEL, key="order-7")
            else:
                assert client.submit(JOB, MODEL, key="order-7").id == "task-1"
            assert sum(clock.sleeps) == pytest.approx(90)

        assert len(vendor.posts) == (not sent)

    def test_two_that_prepare_at_once_send_once(self, kind, monkeypatch):
        vendor, opened = Vendor(), Journal.open
        with open_client(kind, vendor) as client:

            def lose(journal, entry, *limits):
                monkeypatch.setattr(Journal, "open", opened)
                task = evolve(entry.task, id="task-9", status="queued")
                journal.open(evolve(entry, task=task))
                return journal.open(entry, *limits)

            monkeypatch.setattr(Journal, "open", lose)
            assert client.submit(JOB, MODEL, key="order-7").id == "task-9"

        assert vendor.posts == []


def leave_half_sent(client, clock, *, sent):
    """Leave the row as a process does that is killed just before or inside the paid request."""
    session = client.session
    plan = client.plan(JOB, MODEL)
    task = new_entry(session, session.provider("acme"), plan, "order-7").task
    entry = Entry("order-7", MODEL, task, plan.job.to_json(), clock.now(), lease=clock.now() + 90)
    session.journal.open(evolve(entry, sent=sent))


class TestJournalTrouble:
    """Before the paid request it stops the job; after it the job goes on."""

    def test_a_row_that_cannot_be_written_means_that_nothing_is_sent(self, kind, tmp_path):
        vendor, journal = Vendor(), Journal(tmp_path / "j.sqlite")
        with open_client(kind, vendor, journal=journal) as client:
            journal.close()
            with pytest.raises(JournalError):
                client.submit(JOB, MODEL)

        assert vendor.calls == []

    def test_a_row_that_was_taken_over_means_that_nothing_is_sent(self, kind):
        vendor = Vendor()

        def steal(_):
            client.session.journal.claim(read_row(client).ref, 1e12)
            return {"id": "file-1"}

        vendor.plan("upload", steal)
        with (
            open_client(kind, vendor) as client,
            pytest.raises(JournalError, match="took over the job"),
        ):
            client.submit(evolve(JOB, images=[Image(PNG)]), MODEL)

        assert vendor.posts == []

    def test_once_it_is_paid_the_job_goes_on_and_its_handle_is_logged(self, kind, tmp_path, caplog):
        vendor, journal = Vendor(), Journal(tmp_path / "j.sqlite")

        def fail(_):
            journal.close()
            return {"id": "task-1", "status": "queued"}

        vendor.plan("submit", fail)
        with open_client(kind, vendor, journal=journal) as client:
            assert client.generate(JOB, tmp_path / "fox.mp4", MODEL).path.exists()

        assert '"id": "task-1"' in caplog.text

    def test_an_unclear_outcome_is_said_though_it_cannot_be_noted(self, kind, tmp_path):
        vendor, journal = Vendor(), Journal(tmp_path / "j.sqlite")

        def fail(_):
            journal.close()
            return refuse(500)

        vendor.plan("submit", fail)
        with (
            open_client(kind, vendor, journal=journal) as client,
            pytest.raises(AmbiguousSubmitError),
        ):
            client.submit(JOB, MODEL)

    def test_without_a_journal_a_job_may_be_ambiguous_as_well(self, kind):
        vendor = Vendor()
        vendor.plan("submit", refuse(500))
        with (
            open_client(kind, vendor, journal=None) as client,
            pytest.raises(AmbiguousSubmitError) as caught,
        ):
            client.submit(JOB, MODEL)

        assert read_task(caught).status == "ambiguous"

    def test_without_a_journal_jobs_are_sent_as_well(self, kind, tmp_path):
        vendor = Vendor()
        with open_client(kind, vendor, journal=None) as client:
            video = client.generate(JOB, tmp_path / "fox.mp4", MODEL)

        assert (video.path.exists(), video.differences) == (True, ())


def to_async(function):
    async def call(*args):
        return function(*args)

    return call
