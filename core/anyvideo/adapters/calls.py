"""Runs an adapter's code, and names the adapter when that code fails."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, ParamSpec, TypeVar

from attrs import evolve

from anyvideo.adapters.checks import (
    can_be_shown,
    describe_error,
    pass_interrupt,
    raise_plugin_error,
)
from anyvideo.adapters.protocol import Adapter
from anyvideo.errors import AnyVideoError
from anyvideo.limits import MOST_REQUESTS
from anyvideo.model.wire import Request

P = ParamSpec("P")
T = TypeVar("T")
_HARMLESS = frozenset({"GET", "HEAD"})


def find_operation(adapter: Adapter, name: str) -> Callable[..., Any] | None:
    """Return an optional operation of an adapter, if it has it."""
    operation: Callable[..., Any] | None = call_adapter(adapter, name, getattr, adapter, name, None)
    return operation


def start_flow(
    adapter: Adapter, operation: str, work: Callable[..., object], *args: object
) -> Generator[Any, Any, Any]:
    """Return the generator that an operation of an adapter is, or raise a PluginError."""
    try:
        flow: Any = call_adapter(adapter, operation, work, *args)
    except StopIteration as error:  # which would end our own generator
        flow = error
    if not issubclass(type(flow), Generator):
        fault = f"{operation} returned {type(flow).__name__}, which is not a generator"
        raise_plugin_error(adapter, fault, "write `yield` where it waits, or after its end")
    generator: Generator[Any, Any, Any] = flow
    return generator


def call_adapter(
    adapter: Adapter, operation: str, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Run a piece of an adapter's code; what it raises becomes a PluginError that names it."""
    try:
        return work(*args, **kwargs)
    except BaseException as error:
        pass_interrupt(error)
        if isinstance(error, StopIteration) or (
            isinstance(error, AnyVideoError) and can_be_shown(error)
        ):
            raise
        advice = (
            "yield requests, return the result; response.find() reads an answer and never raises"
        )
        raise_plugin_error(adapter, f"{operation} raised {describe_error(error)}", advice, error)


def check_request(  # noqa: PLR0913 (what is known of an operation, each by its name)
    adapter: Adapter,
    operation: str,
    request: object,
    *,
    number: int,
    pays: bool = False,
    paid_sent: bool = False,
) -> Request:
    """Return what an adapter yielded, marked as paid wherever it may create a job.

    Args:
        adapter: Whose operation it is.
        operation: The name of the operation.
        request: What it yielded.
        number: How many requests the operation has yielded, this one included.
        pays: Whether the operation may create a job.
        paid_sent: Whether its paid request may have left already.

    Raises:
        PluginError: it is not a request, a second paid one, or one too many.
    """
    if not isinstance(request, Request):
        fault = f"{operation} yielded {type(request).__name__}"
        raise_plugin_error(adapter, fault, "yield anyvideo.plugin.Request values only")
    if number > MOST_REQUESTS:
        fault = f"{operation} yields requests without end"
        raise_plugin_error(adapter, fault, "return once it is done")
    bodies = (request.json is not None, request.form is not None, request.content is not None)
    if sum(bodies) > 1:
        fault = f"{operation} yielded a request with {sum(bodies)} bodies"
        raise_plugin_error(adapter, fault, "give it json, form or content")
    # An author who forgot the mark must not cost the user a second job.
    harmless = str(request.method).upper() in _HARMLESS or request.rehearsal is not None
    if pays and not harmless and not request.paid:
        request = evolve(request, paid=True)
    if request.paid and paid_sent:
        fault = f"{operation} yields a second paid request"
        raise_plugin_error(adapter, fault, "an operation has one paid request")
    return request


def check_result(adapter: Adapter, operation: str, result: object, kind: type[T]) -> T:
    """Return what an operation returned, or raise a PluginError if it is of another type."""
    if not isinstance(result, kind):
        fault = f"{operation} returned {type(result).__name__}"
        raise_plugin_error(adapter, fault, f"return a {kind.__name__}")
    return result
