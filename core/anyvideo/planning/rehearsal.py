"""The exact requests of a plan, from an operation that runs with assumed answers."""

from __future__ import annotations

import json
from collections.abc import Callable

from anyvideo.adapters.calls import call_adapter, check_request, start_flow
from anyvideo.config.provider import Provider
from anyvideo.errors import PluginError
from anyvideo.model.plan import Plan
from anyvideo.model.wire import Request, Response
from anyvideo.session.session import Session


def build_requests(session: Session, plan: Plan) -> tuple[Request, ...]:
    """Return the requests that a submit would send, in order; the last is the paid one."""
    provider = session.provider(plan.provider)
    return rehearse(provider, "submit", provider.adapter.submit, plan)


def rehearse(
    provider: Provider, operation: str, work: Callable[..., object], *args: object
) -> tuple[Request, ...]:
    """Return the requests that an operation would send, up to the paid one."""
    adapter = provider.adapter
    flow = start_flow(adapter, operation, work, *args)
    requests: list[Request] = []
    answer: Response | None = None
    try:
        while True:
            wanted = call_adapter(adapter, operation, flow.send, answer)
            number = len(requests) + 1
            request = check_request(adapter, operation, wanted, number=number, pays=True)
            requests.append(provider.complete(request))
            if request.paid or request.rehearsal is None:
                return tuple(requests)
            answer = Response(200, {}, json.dumps(request.rehearsal).encode())
    except StopIteration:
        message = f"adapter {adapter.name}: {operation} ended without a paid request"
        raise PluginError(message) from None
    finally:
        call_adapter(adapter, operation, flow.close)
