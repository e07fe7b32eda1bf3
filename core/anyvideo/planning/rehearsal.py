"""The exact requests of a plan, from a submit that runs with assumed answers."""

from __future__ import annotations

import json

from anyvideo.adapters.calls import call_adapter, check_request, start_flow
from anyvideo.errors import PluginError
from anyvideo.model.plan import Plan
from anyvideo.model.wire import Request, Response
from anyvideo.session.session import Session


def build_requests(session: Session, plan: Plan) -> tuple[Request, ...]:
    """Return the requests that a submit would send, in order; the last is the paid one.

    Raises:
        PluginError: the adapter fails over the plan, or asks for nothing that is paid.
    """
    adapter = session.provider(plan.provider).adapter
    flow = start_flow(adapter, "submit", adapter.submit, plan)
    requests: list[Request] = []
    try:
        request: object = call_adapter(adapter, "submit", lambda: next(flow))
        while True:
            number = len(requests) + 1
            checked = check_request(adapter, "submit", request, number=number, pays=True)
            requests.append(checked)
            if checked.paid or checked.rehearsal is None:
                return tuple(requests)
            answer = Response(200, {}, json.dumps(checked.rehearsal).encode())
            request = call_adapter(adapter, "submit", flow.send, answer)
    except StopIteration:
        message = f"adapter {adapter.name}: submit ended without a paid request"
        raise PluginError(message) from None
    finally:
        call_adapter(adapter, "submit", flow.close)
