"""Runs an adapter's code, and names the adapter when that code fails."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, ParamSpec, TypeGuard, TypeVar

from anyvideo.adapters.checks import blame, describe_error
from anyvideo.adapters.protocol import Adapter
from anyvideo.errors import AnyVideoError

P = ParamSpec("P")
T = TypeVar("T")


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
    flow = ask_plugin(adapter, operation, work, *args)
    if not _is_generator(flow):
        fault = f"{operation} returned {type(flow).__name__}, and no generator"
        blame(adapter, fault, "write `yield` where it waits, or after its end")
    return flow


def _is_generator(value: object) -> TypeGuard[Generator[Any, Any, Any]]:
    return isinstance(value, Generator)


def ask_plugin(
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
        blame(adapter, f"{operation} raised {describe_error(error)}", advice, error)
