"""MCP over standard input and output; nothing but the protocol reaches the output."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from anyio import AsyncFile
    from mcp.server import Server

logger = logging.getLogger("anyvideo")

_BLOCK = 1 << 16
# The longest message of a client, in bytes, as over HTTP.
MOST_BYTES = 4 << 20


async def serve_stdio(server: Server[Any], stop: asyncio.Event) -> None:
    """Serve one client until it closes its end, or until `stop` is set."""
    serving = asyncio.create_task(_serve(server))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    for task in (serving, stopping):
        task.cancel()
    with suppress(asyncio.CancelledError):
        await serving


async def _serve(server: Server[Any]) -> None:
    from mcp.server.stdio import stdio_server  # noqa: PLC0415 (an extra)

    # The SDK's own reader waits for a line in a thread that nothing ends before the client does.
    lines = cast("AsyncFile[str]", read_lines(sys.stdin.fileno()))
    async with stdio_server(stdin=lines) as (read, write):
        await server.run(read, write, server.create_initialization_options())


async def read_lines(descriptor: int) -> AsyncGenerator[str]:
    """Yield the lines of a file descriptor; who stops to listen need not wait for the next one.

    A line that is too long is reported and ends them.
    """
    loop = asyncio.get_running_loop()
    blocks: asyncio.Queue[bytes] = asyncio.Queue()
    room = threading.Semaphore(64)  # blocks that were read and not taken yet

    def read() -> None:
        block = b"first"
        while block:
            room.acquire()
            try:
                block = os.read(descriptor, _BLOCK)
            except OSError:  # it was closed
                block = b""
            with suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(blocks.put_nowait, block)

    threading.Thread(target=read, name="anyvideo-stdin", daemon=True).start()
    rest = b""
    while block := await blocks.get():
        room.release()
        *lines, rest = (rest + block).split(b"\n")
        for line in lines:
            yield line.decode("utf-8", "replace")
        if len(rest) > MOST_BYTES:
            logger.error(
                "the client sent a line of more than %d bytes; the server ends", MOST_BYTES
            )
            return
    if rest:
        yield rest.decode("utf-8", "replace")
