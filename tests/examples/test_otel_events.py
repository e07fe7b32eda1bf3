"""The example of OpenTelemetry makes spans and metrics of a job."""

import pytest
from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from anyvideo.errors import AmbiguousSubmitError, ProviderError
from anyvideo.model.job import VideoJob
from tests.examples.running import MODEL, load_example, open_client

JOB = VideoJob("a fox", seconds=1)


class Telemetry:
    """What has arrived at OpenTelemetry's own exporters."""

    def __init__(self):
        self.exporter, self.reader = InMemorySpanExporter(), InMemoryMetricReader()
        self.tracing = TracerProvider()
        self.tracing.add_span_processor(SimpleSpanProcessor(self.exporter))
        self.metering = MeterProvider([self.reader])

    @property
    def spans(self):
        return {span.name: span for span in self.exporter.get_finished_spans()}

    def count(self, name):
        data = self.reader.get_metrics_data()
        assert data is not None
        found = {
            metric.name: sum(
                getattr(point, "value", getattr(point, "count", 0)) for point in points
            )
            for resource in data.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
            if (points := metric.data.data_points)
        }
        return found.get(name, 0)


@pytest.fixture
def telemetry(monkeypatch):
    known = Telemetry()
    monkeypatch.setattr(trace, "get_tracer", known.tracing.get_tracer)
    monkeypatch.setattr(metrics, "get_meter", known.metering.get_meter)
    yield known
    known.tracing.shutdown()
    known.metering.shutdown()


@pytest.fixture
def client(telemetry, sandbox, sandbox_clock):
    with open_client(load_example("otel_events"), sandbox, sandbox_clock) as opened:
        yield opened


def test_a_job_is_a_span_with_its_requests_inside(client, telemetry, tmp_path):
    video = client.generate(JOB, tmp_path / "fox.mp4", MODEL)

    job, post = telemetry.spans["anyvideo job"], telemetry.spans["POST /v1/videos"]
    assert post.parent.span_id == job.context.span_id
    assert job.attributes["anyvideo.tasks.task"] == video.task.id
    assert job.attributes["anyvideo.tasks.status"] == "succeeded"
    assert job.status.is_ok
    assert telemetry.count("anyvideo.jobs") == 1
    assert telemetry.count("anyvideo.downloaded") == video.size
    assert telemetry.count("anyvideo.request.duration") >= 2


def test_what_goes_wrong_is_seen(client, telemetry, sandbox):
    sandbox.misbehave("502-after-accept")
    with pytest.raises(AmbiguousSubmitError):
        client.submit(JOB, MODEL)
    sandbox.misbehave("no-money")
    with pytest.raises(ProviderError):
        client.submit(JOB, MODEL)
    sandbox.misbehave("poll-503")
    client.wait(client.submit(JOB, MODEL))

    jobs = [span for span in telemetry.exporter.get_finished_spans() if span.name == "anyvideo job"]
    states = [(span.attributes["anyvideo.tasks.status"], span.status.is_ok) for span in jobs]
    assert states == [("ambiguous", False), ("failed", False), ("succeeded", True)]
    assert telemetry.count("anyvideo.retries") >= 1
    assert [event.name for event in jobs[-1].events][:1] == ["retry"]
