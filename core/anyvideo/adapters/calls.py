"""Runs an adapter's code, and names the adapter when that code fails."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, ParamSpec, TypeGuard, TypeVar

from attrs import evolve

from anyvideo.adapters.checks import describe_error, raise_plugin_error
from anyvideo.adapters.protocol import Adapter
from anyvideo.errors import AnyVideoError, PluginError
from anyvideo.model.wire import Request

P = ParamSpec("P")
T = TypeVar("T")
# No operation of a vendor takes more requests than this; a flow that asks for more never ends.
_MOST_REQUESTS = 100
_HARMLESS = frozenset({"GET", "HEAD"})


def find_operation(adapter: Adapter, name: str) -> Callable[..., Any] | None:
    """Return an optional operation of an adapter, if it has it."""
    operation: Callable[..., Any] | None = getattr(adapter, name, None)
    return operation


def start_flow(
    adapter: Adapter, operation: str, work: Callable[..., object], *args: object
) -> Generator[Any, Any, Any]:
    """Return the generator that an operation of an adapter is.

    Raises:
        PluginError: it is none, or fails before it begins.
    """
    flow = call_adapter(adapter, operation, work, *args)
    if not _is_generator(flow):
        fault = f"{operation} returned {type(flow).__name__}, and no generator"
        raise_plugin_error(adapter, fault, "write `yield` where it waits, or after its end")
    return flow


def _is_generator(value: object) -> TypeGuard[Generator[Any, Any, Any]]:
    return isinstance(value, Generator)


def call_adapter(
    adapter: Adapter, operation: str, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Run a piece of an adapter's code.

    Raises:
        PluginError: it failed; names the adapter and the operation.
    """
    try:
        return work(*args, **kwargs)
    except (AnyVideoError, StopIteration):
        raise
    except Exception as error:  # noqa: BLE001 (whatever a plugin raises is put into words)
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
        PluginError: it is no request, a second paid one, or one too many.
    """
    name = f"adapter {adapter.name}: {operation}"
    if not isinstance(request, Request):
        kind = type(request).__name__
        message = f"{name} yielded {kind}; yield anyvideo.plugin.Request values only"
        raise PluginError(message)
    if number > _MOST_REQUESTS:
        message = f"{name} asks without end; return once it is done"
        raise PluginError(message)
    # An author who forgot the mark must not cost the user a second job.
    if pays and request.method.upper() not in _HARMLESS and request.rehearsal is None:
        request = request if request.paid else evolve(request, paid=True)
    if request.paid and paid_sent:
        message = f"{name} asks for a second paid request; one operation has one"
        raise PluginError(message)
    return request


def check_result(adapter: Adapter, operation: str, result: object, kind: type[T]) -> T:
    """Return what an operation returned, if it is of the right type.

    Raises:
        PluginError: it is not.
    """
    if isinstance(result, kind):
        return result
    message = f"adapter {adapter.name}: {operation} returned {type(result).__name__}"
    message += f"; return a {kind.__name__}"
    raise PluginError(message)
