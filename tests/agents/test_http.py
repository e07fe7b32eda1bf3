"""HTTP: on this machine under its own names, beyond it with a key alone."""

import asyncio
import signal
import socket
from contextlib import closing

import httpx2
import mcp_types as types
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from anyvideo.agents.folder import Folder
from anyvideo.agents.guard import Allowance
from anyvideo.agents.http import Address
from anyvideo.agents.process import AgentServer
from anyvideo.errors import ConfigError
from anyvideo.journal.opening import open_journal
from anyvideo.sandbox import Sandbox
from tests.agents.conftest import FOX, Agent, Person

KEY = "a-key-of-some-length"


@pytest.fixture
def serving(vendor, tmp_path, monkeypatch):
    """Run a server in this loop; its URL comes once it listens."""
    # A library of the SDK remembers that a server of this process was stopped.
    monkeypatch.setattr("sse_starlette.sse.AppStatus.should_exit", False)

    class Serving:
        def __init__(self, address):
            self.address = address

        async def __aenter__(self):
            begun = asyncio.get_running_loop().create_future()
            server = AgentServer(
                {}, Folder.open(str(tmp_path)), Allowance(), vendor, self.address,
                journal=tmp_path / "jobs.sqlite", on_begin=begun.set_result,
            )  # fmt: skip
            self.task = asyncio.create_task(server.run())
            await asyncio.wait({begun, self.task}, return_when=asyncio.FIRST_COMPLETED)
            return begun.result() if begun.done() else await self.task

        async def __aexit__(self, *_):
            if not self.task.done():
                signal.raise_signal(signal.SIGTERM)
            await self.task

    return Serving


@pytest.fixture
def vendor(sandbox_vendors):
    """A vendor that needs no time, because the server has the clock of the machine."""
    with Sandbox(vendors=sandbox_vendors, duration=0) as running:
        yield running


async def answer(url, **headers):
    async with httpx2.AsyncClient() as client:
        asked = {"accept": "application/json, text/event-stream", **headers}
        body = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
        for _ in range(100):
            try:
                return (await client.post(url, headers=asked, json=body)).status_code
            except httpx2.ConnectError:
                await asyncio.sleep(0.02)
    return None


async def test_an_older_client_is_asked_over_its_own_stream(serving, vendor):
    person = Person("decline")
    async with serving(Address("127.0.0.1", 0)) as url:
        await answer(url)
        async with Client(url, mode="legacy", elicitation_callback=person) as session:
            agent = Agent(session, None)
            kind, _ = await agent.fail("generate", quote_id=await agent.quote())

    assert (kind, len(person.asked), vendor.posts()) == ("declined", 1, [])


async def test_a_client_makes_a_video_and_the_person_is_asked(serving, vendor):
    person = Person()
    async with serving(Address("127.0.0.1", 0)) as url:
        await answer(url)
        async with Client(url, elicitation_callback=person) as session:
            agent = Agent(session, None)
            tools = {tool.name for tool in (await session.list_tools()).tools}
            quote = await agent.get("quote", **FOX)
            job = await agent.get("generate", quote_id=quote["quote_id"], wait_seconds=60)
            read = await session.read_resource(job["uri"])
            pages = [await agent.get(name) for name in ("list_jobs", "models")]
            compared = await agent.get("compare", prompt="a fox")
            others = [
                await agent.get(name, job_id=job["job_id"]) for name in ("status", "download")
            ]

    assert len(tools) == 7
    assert isinstance(read.contents[0], types.BlobResourceContents)
    assert all((*pages, compared, *others))
    assert (len(person.asked), len(vendor.posts())) == (1, 1)


async def test_a_stop_waits_for_the_paid_request(serving, vendor, tmp_path, monkeypatch):
    monkeypatch.setattr("anyvideo.agents.http._GRACE", 0)  # for calls, not for payments
    prompt = "[fault:slow-accept=0.5] a fox"
    running = serving(Address("127.0.0.1", 0))
    async with running as url:
        await answer(url)
        async with Client(url, elicitation_callback=Person()) as session:
            quote_id = await Agent(session, None).quote(prompt=prompt)
            arguments = {"quote_id": quote_id}
            sending = asyncio.create_task(session.call_tool("generate", arguments))
            while not vendor.posts():  # noqa: ASYNC110 (the vendor runs in threads)
                await asyncio.sleep(0.01)
            signal.raise_signal(signal.SIGTERM)
            await asyncio.gather(sending, running.task, return_exceptions=True)

    with closing(open_journal(str(tmp_path / "jobs.sqlite"))) as journal:
        (entry,) = journal.entries()
    assert entry.task.id


async def test_other_names_of_this_machine_are_refused(serving):
    async with serving(Address("localhost", 0)) as url:
        assert await answer(url, host="evil.example") == 421
        assert await answer(url, origin="http://evil.example") == 403
        assert await answer(url) not in {401, 403, 421}


async def test_beyond_this_machine_a_key_is_needed(serving):
    async with serving(Address("0.0.0.0", 0, KEY)) as shown:  # noqa: S104 (it is what is tested)
        url = shown.replace("0.0.0.0", "127.0.0.1")  # noqa: S104 (the same)
        wrong = ("", KEY, f"Basic {KEY}", f"Bearer {KEY}x", b"Bearer \xfc")
        assert {await answer(url, authorization=text) for text in wrong} == {401}
        assert await answer(url) == 401
        assert await answer(url, authorization=f"bearer {KEY}", host="any.example") != 401
        async with (
            httpx2.AsyncClient(headers={"authorization": f"Bearer {KEY}"}) as http,
            Client(streamable_http_client(url, http_client=http)) as session,
        ):
            assert len((await session.list_tools()).tools) == 7


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (Address("0.0.0.0", 1), "other machines could spend your money"),  # noqa: S104 (the same)
        (Address("studio.example", 1), "name a file with a key in --key-file"),
        (Address("127.0.0.1", 1, "short"), "needs 16 characters of ASCII"),
        (Address("127.0.0.1", 1, "\xfc" * 20), "needs 16 characters of ASCII"),
    ],
)
def test_an_address_that_others_could_use_is_refused(address, said):
    with pytest.raises(ConfigError, match=said):
        address.check()


def test_loopback_is_this_machine_in_every_spelling():
    assert all(Address(host, 1).is_local for host in ("127.0.0.1", "127.9.9.9", "::1", "localhost"))


async def test_a_port_that_is_taken_is_one_line(serving):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=f"127.0.0.1:{port}: Address already in use; name"):
            async with serving(Address("127.0.0.1", port)):
                pass


async def test_a_name_that_nobody_has_is_one_line(serving):
    with pytest.raises(ConfigError, match=r"--http nobody\.invalid:1: .+; name another address"):
        async with serving(Address("nobody.invalid", 1, KEY)):
            pass


def test_ipv6_has_brackets_in_its_url():
    assert Address("::1", 0).find_url(80) == "http://[::1]:80/mcp"
    with Address("::1", 0).open() as listener:
        assert listener.family == socket.AF_INET6
