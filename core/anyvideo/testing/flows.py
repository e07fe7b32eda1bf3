"""Finds adapters, and runs their flows against given answers."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import Any, TypeVar

from anyvideo.adapters.registry import load_registry
from anyvideo.model.wire import Request, Response
from anyvideo.plugin import Adapter

T = TypeVar("T")


def adapter(name: str) -> Adapter:
    """Return the registered adapter of that name.

    Raises:
        ConfigError: no plugin has it.
        PluginError: two plugins claim it, or the plugin failed.
    """
    return load_registry().adapter(name)


def drive(flow: Generator[Any, Any, T], responses: Iterable[Response]) -> T:
    """Run a flow against given answers and return its result, or raise its error.

    A request for the file itself (`expects="video"`) after the last answer is the flow's result: the
    flow has found the file.

    Raises:
        AssertionError: the flow yields more requests than there are answers.
    """
    answers = iter(responses)
    try:
        request = next(flow)
        while True:
            answer = next(answers, None)
            if answer is None:
                if isinstance(request, Request) and request.expects == "video":
                    return request  # type: ignore[return-value]  # a locate flow's own result
                message = f"no answer is left for {request!r}"
                raise AssertionError(message)
            request = flow.send(answer)
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]  # a flow's own result
    finally:
        flow.close()
