"""Runs an adapter's flow against a list of answers."""

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
        ConfigError: nobody has it. PluginError: two plugins claim it, or the plugin failed.

    """
    return load_registry().adapter(name)


def drive(flow: Generator[Any, Any, T], responses: Iterable[Response]) -> T:
    """Run a flow against given answers and return its result, or raise its error.

    A flow that asks for the file itself (`expects="video"`) when the answers are used up has found
    the file: that request is its result.

    Raises:
        AssertionError: the flow asks for more than there are answers.

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
