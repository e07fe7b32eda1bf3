"""The process of `anyvideo serve`: opens everything, listens, and stops in order."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import define

from anyvideo.errors import ConfigError
from anyvideo.gateway.keys import FAMILY, Keyring
from anyvideo.service import Service, ServiceClient
from anyvideo.service.listener import listen
from anyvideo.signals import stop_at_signals

if TYPE_CHECKING:
    import uvicorn

    from anyvideo.client.core import ConfigSource
    from anyvideo.session.clock import Clock

logger = logging.getLogger("anyvideo")

# How long answers on their way are waited for when it stops, in seconds.
_PATIENCE = 90


@define
class Gateway:
    """One process in front of the journal, until SIGTERM or SIGINT.

    Attributes:
        folder: The folder of the files.
        config: The settings.
        host: Where it listens.
        port: The port; 0 takes a free one.
        sandbox: Whether the jobs run in a sandbox of its own.
        open: Whether another host than this machine may be listened to without keys.
        clock: Another clock than the system's.
        on_begin: Called with its URL when it listens.
    """

    folder: Path
    config: ConfigSource = None
    host: str = "127.0.0.1"
    port: int = 8080
    sandbox: bool = False
    open: bool = False
    clock: Clock | None = None
    on_begin: Callable[[str], object] = lambda _: None

    async def run(self) -> None:
        """Serve until a signal.

        Raises:
            ConfigError: an extra is missing, a setting is wrong, the port is taken, or the host is
                not this machine and there are no keys.
            JournalError: the journal cannot be used.
        """
        require_extra()
        from anyvideo.gateway.app import is_loopback, make_app  # noqa: PLC0415 (an extra)

        async with ServiceClient(self.config, self.sandbox, clock=self.clock) as client:
            keys = Keyring(client.session.config.serve.keys)
            self._check_exposure(keys, is_loopback)
            with self._listen() as listener:
                service = Service(client, self.folder, FAMILY, keys.list_limits())
                await client.find("")  # the journal can be used
                async with service:
                    await self._serve(make_app(service, keys, is_open=self.open), listener)

    def _check_exposure(self, keys: Keyring, is_loopback: Callable[[str], bool]) -> None:
        if keys.keys or is_loopback(self.host):
            return
        if not self.open:
            message = f"{self.host} can be reached from other machines, and there are no keys: make"
            message += " one with `anyvideo serve --new-key NAME`, or pass --no-keys"
            raise ConfigError(message)
        logger.warning("whoever reaches %s can spend money: there are no keys", self.host)

    @contextmanager
    def _listen(self) -> Generator[socket.socket]:
        try:
            listener = listen(self.host, self.port)
        except OSError as error:
            message = f"{self.host}:{self.port} cannot be used: {error.strerror}; name another port"
            raise ConfigError(message) from error
        with listener:
            yield listener

    async def _serve(self, app: object, listener: socket.socket) -> None:
        import uvicorn  # noqa: PLC0415 (an extra)

        config = uvicorn.Config(
            app,  # type: ignore[arg-type]  # an ASGI application
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            timeout_graceful_shutdown=_PATIENCE,
        )
        server = _make_server(config)
        host = f"[{self.host}]" if ":" in self.host else self.host
        self.on_begin(f"http://{host}:{listener.getsockname()[1]}")
        with stop_at_signals(partial(vars(server).update, should_exit=True)):
            await server.serve([listener])


def require_extra() -> None:
    """Check that what the gateway is made of is installed.

    Raises:
        ConfigError: it is not.
    """
    from importlib.util import find_spec  # noqa: PLC0415 (only here)

    missing = [name for name in ("starlette", "uvicorn", "python_multipart") if not find_spec(name)]
    if missing:
        message = (
            f"{' and '.join(missing)} is missing; install it with: pip install 'anyvideo[serve]'"
        )
        raise ConfigError(message)


def _make_server(config: uvicorn.Config) -> uvicorn.Server:
    """Return a server that leaves the signals to us: it would raise them again at its end."""
    import uvicorn  # noqa: PLC0415 (an extra)

    class Server(uvicorn.Server):
        @contextmanager
        def capture_signals(self) -> Generator[None]:
            yield

    return Server(config)
