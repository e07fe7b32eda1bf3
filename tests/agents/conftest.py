"""A server for agents over a sandbox, and clients of the official SDK in the same process."""

from contextlib import asynccontextmanager
from decimal import Decimal

import mcp_types as types
import pytest
from mcp import Client

from anyvideo.agents.folder import Folder
from anyvideo.agents.guard import Allowance, Guard
from anyvideo.agents.server import make_server
from anyvideo.agents.tools import Tools
from anyvideo.sandbox import Sandbox, VirtualClock
from anyvideo.service import Service, ServiceClient

MODEL = "apiyi/grok-imagine-video-1.5"  # 4 s cost 0.32 USD
FOX = {"prompt": "a red fox", "model": MODEL, "seconds": 4}
PLENTY = Allowance(Decimal(100))


class Person:
    """Answers the client's questions, and remembers them."""

    def __init__(self, action="accept", **content):
        self.action, self.content, self.asked = action, content or {"make_it": True}, []

    async def __call__(self, context, params):
        self.asked.append(params.message)
        content = self.content if self.action == "accept" else None
        return types.ElicitResult(action=self.action, content=content)


class Agent:
    """A client of the SDK, with short names for what tests ask of it."""

    def __init__(self, client, tools):
        self.client, self.tools = client, tools

    async def call(self, name, **arguments):
        return await self.client.call_tool(name, arguments)

    async def get(self, name, **arguments):
        """The structured result of a call that has to succeed."""
        result = await self.call(name, **arguments)
        assert not result.is_error, result.content[0].text
        return result.structured_content

    async def fail(self, name, **arguments):
        """The kind and the text of a call that has to fail, in one line."""
        result = await self.call(name, **arguments)
        assert result.is_error, result.structured_content
        error, (text,) = result.structured_content["error"], result.content
        assert text.text == f"{error['kind']}: {error['message']}"
        assert "\n" not in text.text
        return error["kind"], error["message"]

    async def quote(self, **changes):
        return (await self.get("quote", **{**FOX, **changes}))["quote_id"]

    async def generate(self, quote_id=None, **arguments):
        return await self.get("generate", quote_id=quote_id or await self.quote(), **arguments)


@pytest.fixture
def clock():
    return VirtualClock()


@pytest.fixture
def vendor(clock, sandbox_vendors):
    with Sandbox(vendors=sandbox_vendors, clock=clock) as running:
        yield running


@pytest.fixture
def opened(vendor, clock, tmp_path):
    """Open a server and a client of it; the journal is a file that a second one finds again."""
    folder = tmp_path / "folder"
    folder.mkdir()

    @asynccontextmanager
    async def begin(allowance=PLENTY, person=None, mode="auto", config=None, is_sandbox=False):
        journal = tmp_path / "journal.sqlite"
        async with ServiceClient(config or {}, vendor, journal=journal, clock=clock) as client:
            guard = Guard(allowance, client.session.config.currencies)
            service = Service(client, folder.resolve(), "mcp")
            tools = Tools(service, Folder.open(str(folder)), guard, sandbox=is_sandbox)
            async with (
                service,
                Client(make_server(tools), mode=mode, elicitation_callback=person) as session,
            ):
                yield Agent(session, tools)
            await tools.close()

    return begin


@pytest.fixture(params=["auto", "legacy"])
def mode(request):
    """Both ways in which MCP asks a person: as a result, and as a request of the server."""
    return request.param
