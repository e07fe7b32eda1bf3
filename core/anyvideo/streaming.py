"""Submits over a stream: the task, its progress and its video arrive in one long answer.

As soon as the task's id is known the job is safe: if the stream breaks after that, the task is
asked for by its id. Before that, a broken stream is as ambiguous as a lost answer.
"""

from __future__ import annotations

from collections.abc import Callable

from anyvideo.errors import PluginError, ProviderError
from anyvideo.journal import Entry
from anyvideo.ledger import accept, close_entry, start_trace
from anyvideo.plugin import Stream
from anyvideo.policy import SILENCE, Call, Read, Steps
from anyvideo.providers import Provider
from anyvideo.session import Session
from anyvideo.submit import OnTask, check_report
from anyvideo.task import Report, Task
from anyvideo.trace import Trace, ask_plugin, start_flow
from anyvideo.wire import Response

# How long a stream may last in all; then the task is asked for instead.
_LONGEST = 3600.0
_RENEW = 60.0


def submit_stream(
    session: Session,
    provider: Provider,
    entry: Entry,
    make: Callable[[], Stream],
    on_change: OnTask | None,
) -> Steps[Task]:
    """Send a job over a stream; returns when the stream ends, with the task as it then stands."""
    trace = start_trace(session, provider, entry, "stream", SILENCE)
    known = entry.task

    def note(report: Report) -> Steps[None]:
        nonlocal known
        trace.report = report
        known = yield from accept(session, known, report)
        if on_change is not None:
            on_change(known)

    try:
        report = yield from session.repeat(
            provider, lambda: _listen(session, provider, make, trace, note), trace
        )
        trace.report = check_report(provider, report, "stream", entry.ref)
        return (yield from accept(session, known, trace.report))
    except BaseException as error:  # noqa: BLE001 (whatever it is, the job may exist)
        close_entry(session, entry, trace, error)


def _listen(
    session: Session,
    provider: Provider,
    make: Callable[[], Stream],
    trace: Trace,
    note: Callable[[Report], Steps[None]],
) -> Steps[Report]:
    """Make one attempt: send the request, and hand the adapter what arrives."""
    flow = start_flow(provider, "stream", make)
    try:
        request = trace.check(provider, ask_plugin(provider, "stream", lambda: next(flow)))
        answer: Response | bytes = yield from session.send(provider, request, trace)
        started = renewed = session.clock.now()
        while answer != b"":
            known = ask_plugin(provider, "stream", flow.send, answer)
            if isinstance(known, Report) and known.id and known != trace.report:
                yield from note(known)
            now = session.clock.now()
            if trace.report is None and now - renewed > _RENEW:
                renewed = now
                yield Call(trace.leave)
            answer = (yield Read()) if now - started < _LONGEST else b""
        ask_plugin(provider, "stream", flow.send, answer)
    except StopIteration as stop:
        report: Report = stop.value
        return report
    except ProviderError as error:
        error.provider = error.provider or provider.alias
        if trace.report is None:
            raise
        return trace.report
    finally:
        ask_plugin(provider, "stream", flow.close)
    message = f'adapter {provider.adapter.name}: stream goes on after its end; return at b""'
    raise PluginError(message)
