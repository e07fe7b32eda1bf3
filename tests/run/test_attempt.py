"""What an author gets wrong must not cost the user a second job."""

import httpx
import pytest

from anyvideo.errors import AmbiguousSubmitError, PluginError, ProviderError
from anyvideo.plugin import Request, diagnose
from anyvideo.tasks.report import Report
from tests.acme.adapter import Acme
from tests.acme.clients import JOB, open_client, read_row, read_task
from tests.acme.plugin import Plugin
from tests.acme.vendor import Vendor, refuse

MODEL = "acme/acme-1"


class TestBadAdapters:
    """What an author gets wrong must not cost the user a second job."""

    def submit(self, kind, flow, vendor=None):
        class Bad(Acme):
            def submit(self, plan):
                return flow(plan)

        self.vendor = vendor or Vendor()
        self.vendor.plugin = Plugin(Bad())
        with open_client(kind, self.vendor) as client:
            try:
                return client.submit(JOB, MODEL)
            finally:
                self.row = read_row(client)

    def test_a_forgotten_mark_is_set(self, kind):
        def flow(_):
            raise diagnose((yield Request("POST", "/v1/videos", json={})))

        vendor = Vendor()
        vendor.plan("submit", refuse(502))
        with pytest.raises(AmbiguousSubmitError):
            self.submit(kind, flow, vendor)
        assert len(vendor.posts) == 1

    def test_an_error_taken_for_harmless_is_judged_again(self, kind):
        def flow(_):
            raise diagnose((yield Request("POST", "/v1/videos", paid=True)), paid=False)

        vendor = Vendor()
        vendor.plan("submit", refuse(500))
        with pytest.raises(AmbiguousSubmitError):
            self.submit(kind, flow, vendor)
        assert len(vendor.posts) == 1

    def test_an_error_after_the_paid_request_says_nothing_of_it(self, kind):
        def flow(_):
            yield Request("POST", "/v1/videos", paid=True)
            yield Request("GET", "/v1/videos/1")

        vendor = Vendor()
        vendor.plan("status", httpx.ConnectError("refused"))
        with pytest.raises(AmbiguousSubmitError):
            self.submit(kind, flow, vendor)
        assert len(vendor.posts) == 1

    def test_a_refusal_after_the_paid_request_says_nothing_of_it(self, kind):
        def flow(_):
            yield Request("POST", "/v1/videos", paid=True)
            raise diagnose((yield Request("GET", "/v1/videos/1")))

        vendor = Vendor()
        vendor.plan("status", refuse(400))
        with pytest.raises(AmbiguousSubmitError):
            self.submit(kind, flow, vendor)

    def test_a_second_paid_request_is_not_sent(self, kind):
        def flow(_):
            yield Request("POST", "/v1/videos", paid=True)
            yield Request("POST", "/v1/videos", paid=True)

        with pytest.raises(AmbiguousSubmitError, match="second paid request"):
            self.submit(kind, flow)
        assert len(self.vendor.posts) == 1

    @pytest.mark.parametrize(
        ("result", "words"),
        [(None, "returned NoneType; return a Report"), (Report(""), "Report without an id")],
    )
    def test_what_names_no_job_is_ambiguous(self, kind, result, words):
        def flow(_):
            yield Request("POST", "/v1/videos", paid=True)
            return result

        with pytest.raises(AmbiguousSubmitError, match=words):
            self.submit(kind, flow)

    def test_a_video_that_is_there_at_once_needs_no_id(self, kind):
        def flow(_):
            yield Request("POST", "/v1/videos", paid=True)
            return Report("", "succeeded", video_url="https://cdn.acme.example/1.mp4")

        task = self.submit(kind, flow)

        assert (task.id, task.status) == (self.row.ref, "succeeded")

    def test_code_that_breaks_over_the_answer_is_ambiguous_with_the_answer_kept(self, kind):
        def flow(_):
            response = yield Request("POST", "/v1/videos", paid=True)
            return Report(response.json()["no such field"])

        with pytest.raises(AmbiguousSubmitError, match="KeyError") as caught:
            self.submit(kind, flow)
        assert "task-1" in read_task(caught).raw
        assert "task-1" in self.row.task.raw

    def test_code_that_breaks_before_anything_was_sent_costs_nothing(self, kind):
        def flow(plan):
            raise ZeroDivisionError
            yield plan

        with pytest.raises(PluginError, match="ZeroDivisionError"):
            self.submit(kind, flow)
        assert (self.row.state, self.row.counts, self.vendor.posts) == ("failed", False, [])

    @pytest.mark.parametrize(
        ("flow", "words"),
        [
            (lambda _: (yield "POST"), "yielded str"),
            (lambda _: 7, "returned int, which is not a generator"),
            (lambda _: forever(), "yields requests without end"),
            (lambda _: (yield Request("POST", "/v1/videos", json={"x": float("nan")})), "as HTTP"),
            (lambda _: (yield Request("POST", "/v1/\x01", paid=True)), "cannot be used"),
        ],
    )
    def test_what_is_no_flow_of_requests_costs_nothing(self, kind, flow, words):
        with pytest.raises((PluginError, ProviderError), match=words):
            self.submit(kind, flow)
        assert (self.row.state, self.vendor.posts) == ("failed", [])


def forever():
    while True:
        yield Request("GET", "/v1/videos/1")
