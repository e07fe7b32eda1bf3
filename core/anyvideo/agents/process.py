"""One run of the server: what it opens, and how it ends in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING

from attrs import frozen

from anyvideo.agents.folder import Folder
from anyvideo.agents.guard import Allowance, Guard
from anyvideo.agents.http import Address, serve_http
from anyvideo.agents.server import make_server
from anyvideo.agents.stdio import serve_stdio
from anyvideo.agents.tools import OWNER, Tools
from anyvideo.errors import ConfigError
from anyvideo.service import Service, ServiceClient
from anyvideo.signals import stop_at_signals

if TYPE_CHECKING:
    from anyvideo.client.core import ConfigSource, JournalSource
    from anyvideo.sandbox import Sandbox


@frozen
class AgentServer:
    """A server for agents, over standard input and output or over HTTP.

    Attributes:
        config: The settings.
        folder: Where images are read and videos are written.
        allowance: What may be spent without asking a person.
        sandbox: Whether jobs run in a sandbox of its own, or in a running one.
        address: Where it listens; None for standard input and output.
        journal: Another journal than that of the settings.
        on_begin: Called with where it listens when it begins.
    """

    config: ConfigSource
    folder: Folder
    allowance: Allowance
    sandbox: bool | Sandbox = False
    address: Address | None = None
    journal: JournalSource = "default"
    on_begin: Callable[[str], object] = lambda _: None

    async def run(self) -> None:
        """Serve until the client leaves, or until SIGTERM or SIGINT.

        Paid requests in flight are waited for. Their jobs go on, and the next start finds them.

        Raises:
            ConfigError: a setting or the address is wrong, or the extra is missing.
            JournalError: the journal cannot be used.
        """
        require_extra()
        if self.address is not None:
            self.address.check()
        self.folder.reserve(OWNER)
        stop = asyncio.Event()
        async with ServiceClient(self.config, self.sandbox, journal=self.journal) as client:
            guard = Guard(self.allowance, client.session.config.currencies)
            service = Service(client, self.folder.path, OWNER)
            tools = Tools(service, self.folder, guard, sandbox=self.sandbox is not False)
            server = make_server(tools)
            with stop_at_signals(stop.set):
                async with service:
                    if self.address is None:
                        self.on_begin("standard input and output")
                        await serve_stdio(server, stop)
                    else:
                        await serve_http(server, self.address, stop, self.on_begin)
                await tools.close()


def require_extra() -> None:
    """Raise a ConfigError if the SDK of MCP is not installed."""
    if find_spec("mcp") is None:
        message = "anyvideo mcp needs the extra `mcp`; run: pip install 'anyvideo[mcp]'"
        raise ConfigError(message)
