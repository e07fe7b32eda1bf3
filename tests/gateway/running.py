"""A gateway on a real socket in front of a sandbox, in a thread of its own."""

import asyncio
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import uvicorn

from anyvideo.gateway.app import make_app
from anyvideo.gateway.keys import FAMILY, Keyring
from anyvideo.service import Service, ServiceClient

# A sandbox sells what was switched off too, and its days are not ours.
CONFIG: Mapping[str, Any] = {
    "policy": {"retired": "allow"},
    "offers": [
        {"adapter": "openai-videos", "model": "sora-2", "price": {"amount": "0.10", "per": "video"}}
    ],
}


class Running:
    """A gateway; `call` runs a coroutine in its loop."""

    def __init__(self, sandbox, clock, folder: Path, config=CONFIG, **options):
        self.sandbox, self.clock, self.folder, self.config = sandbox, clock, folder, config
        self.options = {"journal": folder / "journal.sqlite", **options}
        self.begun = 0
        self.began: Future[str] = Future()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self):
        self._thread.start()
        self.url = self.began.result(20)
        return self

    def __exit__(self, *_):
        self.server.should_exit = True
        self._thread.join(20)

    @property
    def paid(self):
        """How many paid requests came to the sandbox since the test began."""
        return len(self.sandbox.posts()) - self.begun

    def call(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(20)

    def _run(self):
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            if self.began.done():
                raise
            self.began.set_exception(error)

    async def _serve(self):
        self.loop = asyncio.get_running_loop()
        options = {"clock": self.clock, **self.options}
        async with ServiceClient(self.config, self.sandbox, **options) as client:
            keys = Keyring(client.session.config.serve.keys)
            self.service = Service(client, self.folder / "videos", FAMILY, keys.list_limits())
            async with self.service:
                config = uvicorn.Config(
                    make_app(self.service, keys), port=0, lifespan="off", log_config=None
                )
                self.server = uvicorn.Server(config)
                serving = asyncio.create_task(self.server.serve())
                while not self.server.started:  # noqa: ASYNC110 (it has no event)
                    await asyncio.sleep(0.01)
                port = self.server.servers[0].sockets[0].getsockname()[1]
                self.began.set_result(f"http://127.0.0.1:{port}")
                await serving
