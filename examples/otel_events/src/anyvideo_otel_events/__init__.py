"""Sends spans and metrics to OpenTelemetry, through whatever exporters the program has set up.

A job is a span from its first request to its end, and its requests are spans inside it. Metrics:
anyvideo.jobs, anyvideo.retries and anyvideo.downloaded count, anyvideo.request.duration is a
histogram in seconds.

pip install ./examples/otel_events
"""

from collections.abc import Callable, Mapping

from opentelemetry import metrics, trace
from opentelemetry.trace import Span, SpanKind, StatusCode

from anyvideo.plugin import Event, Status, hookimpl

anyvideo_api = 1
_tracer = trace.get_tracer("anyvideo")
_meter = metrics.get_meter("anyvideo")
_jobs = _meter.create_counter("anyvideo.jobs", "{job}", "jobs that have ended")
_retries = _meter.create_counter("anyvideo.retries", "{retry}", "calls that are made again")
_downloaded = _meter.create_counter("anyvideo.downloaded", "By", "bytes of video at home")
_duration = _meter.create_histogram("anyvideo.request.duration", "s", "how long requests took")
_open: dict[str, Span] = {}


@hookimpl
def anyvideo_event(event: Event) -> None:
    """Tell OpenTelemetry what happened."""
    names = {"anyvideo.provider": event.provider, "anyvideo.model": event.model}
    _TELL[event.kind](event, names)


def _find_job(event: Event, names: Mapping[str, str]) -> Span | None:
    """Return the span of the event's job; the first event of a job begins it."""
    if event.ref and event.ref not in _open:
        attributes = {**names, "anyvideo.model.job": event.ref}
        _open[event.ref] = _tracer.start_span("anyvideo job", attributes=attributes)
    return _open.get(event.ref)


def _tell_request(event: Event, names: Mapping[str, str]) -> None:
    job, status = _find_job(event, names), event.details["status"]
    end = int(event.at.timestamp() * 1e9)
    span = _tracer.start_span(
        f"{event.details['method']} {event.details['url']}",
        context=trace.set_span_in_context(job) if job else None,
        kind=SpanKind.CLIENT,
        start_time=end - int(event.details["seconds"] * 1e9),
        attributes={**names, "http.response.status_code": status or 0},
    )
    if status is None or status >= 400:
        span.set_status(StatusCode.ERROR)
    span.end(end)
    _duration.record(event.details["seconds"], {**names, "http.response.status_code": status or 0})


def _tell_retry(event: Event, names: Mapping[str, str]) -> None:
    job = _find_job(event, names)
    if job is not None:
        job.add_event("retry", {"reason": str(event.details["reason"])})
    _retries.add(1, names)


def _tell_state(event: Event, names: Mapping[str, str]) -> None:
    job, status = _find_job(event, names), Status(event.details["status"])
    if job is not None:
        job.set_attributes({"anyvideo.tasks.task": event.task_id, "anyvideo.tasks.status": status})
    if status.final or status == Status.AMBIGUOUS:
        _jobs.add(1, {**names, "anyvideo.tasks.status": status})
        if job is not None:
            job.set_status(StatusCode.OK if status == Status.SUCCEEDED else StatusCode.ERROR)
            _open.pop(event.ref).end()


def _tell_download(event: Event, names: Mapping[str, str]) -> None:
    _downloaded.add(int(event.details["bytes"]), names)


_TELL: Mapping[str, Callable[[Event, Mapping[str, str]], None]] = {
    "request": _tell_request,
    "retry": _tell_retry,
    "state": _tell_state,
    "download": _tell_download,
}
