"""Both clients, used alike, so that one test is about both."""

import asyncio
import inspect
from typing import Any, Self

from anyvideo import AsyncClient, Client


class Blocking:
    """An `AsyncClient` that is used like a `Client`."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self._runner = asyncio.Runner()
        self._client = AsyncClient(*args, **options)

    def __getattr__(self, name: str) -> Any:
        member = getattr(self._client, name)
        if inspect.isasyncgenfunction(member):
            return lambda *args, **kwargs: self._iterate(member(*args, **kwargs))
        if not inspect.iscoroutinefunction(member):
            return member
        return lambda *args, **kwargs: self._runner.run(member(*args, **kwargs))

    def _iterate(self, iterator: Any) -> Any:
        try:
            while True:
                try:
                    yield self._runner.run(anext(iterator))
                except StopAsyncIteration:
                    return
        finally:
            self._runner.run(iterator.aclose())

    def __enter__(self) -> Self:
        self._runner.run(self._client.__aenter__())
        return self

    def __exit__(self, *raised: object) -> None:
        self._runner.run(self._client.__aexit__(None, None, None))
        self._runner.close()


KINDS: dict[str, Any] = {"sync": Client, "async": Blocking}
