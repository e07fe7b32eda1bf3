"""A client belongs to one process, an AsyncClient to one event loop, and neither works once closed."""

import asyncio
import os
import signal
import threading
import time
import traceback

import httpx
import pytest

from anyvideo import AsyncClient
from anyvideo.errors import ConfigError
from anyvideo.sandbox import Sandbox
from tests.acme.clients import CONFIG, JOB, connect, open_client
from tests.acme.vendor import Vendor

MODEL = "acme/acme-1"
STUCK = OSError("stuck")


def test_a_closed_client_says_so(kind):
    vendor = Vendor()
    with open_client(kind, vendor) as client:
        task = client.submit(JOB, MODEL)
        client.close()
        with pytest.raises(ConfigError, match="Client is closed; open another one"):
            client.submit(JOB, MODEL)
        with pytest.raises(ConfigError, match="is closed"):
            client.wait(task)
        assert client.plan(JOB, MODEL)

    assert len(vendor.posts) == 1


def test_an_async_client_says_that_it_belongs_to_another_loop():
    vendor = Vendor()
    client = AsyncClient(CONFIG, journal=None, **connect(vendor))
    task = asyncio.run(client.submit(JOB, MODEL))
    for call in (lambda: client.wait(task), lambda: client.submit(JOB, MODEL), client.close):
        with pytest.raises(ConfigError, match="used in another event loop; open one in each loop"):
            asyncio.run(call())

    assert len(vendor.calls) == 1


def run_in_fork(work, seconds=10.0):
    """Do something in a forked process; return what it says, or kill it where it hangs."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writer, work().encode())
        except BaseException:  # noqa: BLE001 (said to the parent)
            os.write(writer, traceback.format_exc().encode())
        os._exit(0)
    os.close(writer)
    deadline = time.monotonic() + seconds
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return "hangs"
        time.sleep(0.01)
    with os.fdopen(reader) as said:
        return said.read()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_fork_while_threads_work_does_not_hang(tmp_path):
    """Every lock that a client has may be held by a thread that the forked process does not have."""
    vendor, entered, leave = Vendor(), threading.Event(), threading.Event()

    def answer(request):
        entered.set()
        leave.wait(10)
        return vendor.answer_submit(request)

    vendor.plan("submit", answer)
    with open_client("sync", vendor, journal=tmp_path / "j.sqlite") as client:
        worker = threading.Thread(target=lambda: client.submit(JOB, MODEL))
        worker.start()
        assert entered.wait(10)
        journal = client.session.journal

        def work():
            with pytest.raises(ConfigError, match="before a fork; open another one after it"):
                client.submit(JOB, MODEL)
            client.close()
            with open_client("sync", Vendor(), journal=tmp_path / "other.sqlite") as own:
                return own.submit(JOB, MODEL).id

        with journal._lock, client.session._lock:  # noqa: SLF001 (held at the fork)
            said = run_in_fork(work)
        leave.set()
        worker.join(10)
        (row,) = journal.entries()

    assert (said, row.task.id, len(vendor.posts)) == ("task-1", "task-1", 1)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_an_async_client_that_was_used_says_so_after_a_fork():
    vendor = Vendor()
    client = AsyncClient(CONFIG, journal=None, **connect(vendor))
    asyncio.run(client.submit(JOB, MODEL))

    def work():
        with pytest.raises(ConfigError, match="before a fork; open another one after it"):
            asyncio.run(client.submit(JOB, MODEL))
        asyncio.run(client.close())
        return "told"

    assert run_in_fork(work) == "told"
    assert len(vendor.posts) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_client_that_was_not_used_yet_may_be_used_after_a_fork(kind):
    with open_client(kind, Vendor()) as client:
        assert run_in_fork(lambda: client.submit(JOB, MODEL).id) == "task-1"
        assert client.submit(JOB, MODEL).id == "task-1"


def test_a_transport_that_cannot_be_closed_leaves_no_journal_open(kind, tmp_path):
    class Stuck(httpx.MockTransport):
        def close(self):
            raise STUCK

        async def aclose(self):
            self.close()

    options = {**connect(Vendor()), "transport": Stuck(Vendor())}
    client = open_client(kind, None, journal=tmp_path / "j.sqlite", **options)
    client.submit(JOB, MODEL)
    with pytest.raises(OSError, match="stuck"):
        client.close()
    client.__exit__(None, None, None)

    assert not (tmp_path / "j.sqlite-wal").exists()


def test_a_sandbox_that_cannot_be_started_is_a_config_error(kind, monkeypatch):
    def refuse(_):
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(Sandbox, "start", refuse)
    with pytest.raises(ConfigError, match="the sandbox cannot be started: Too many open files"):
        open_client(kind, None, {}, sandbox=True)


def test_a_process_that_was_forked_neither_uses_nor_closes_what_is_open(
    kind, tmp_path, monkeypatch
):
    vendor = Vendor()
    client = open_client(kind, vendor, journal=tmp_path / "j.sqlite")
    client.submit(JOB, MODEL)
    journal = client.session.journal
    with monkeypatch.context() as patch:
        patch.setattr(os, "getpid", lambda: -1)
        with pytest.raises(ConfigError, match="before a fork"):
            client.submit(JOB, MODEL)
        client.close()
        journal.close()

    assert len(journal.entries()) == len(vendor.posts) == 1
    journal.close()
    client.__exit__(None, None, None)
