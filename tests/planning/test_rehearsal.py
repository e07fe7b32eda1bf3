"""The exact requests of a plan, with the answers that its adapter assumes."""

import pytest

from anyvideo.errors import PluginError
from anyvideo.plugin import Request
from tests.acme.adapter import Acme
from tests.acme.clients import JOB, open_client
from tests.acme.plugin import Plugin
from tests.acme.vendor import Vendor

MODEL = "acme/acme-1"


class TestRehearsal:
    def plan(self, kind, flow):
        class Odd(Acme):
            def submit(self, plan):
                return flow(plan)

        with open_client(kind, Vendor(plugin=Plugin(Odd()))) as client:
            return client.plan(JOB, MODEL).requests

    def test_what_a_submit_would_send_is_shown(self, kind):
        def flow(plan):
            answer = yield Request("POST", "/v1/files", rehearsal={"id": "file-1"})
            yield Request("POST", "/v1/videos", json={"file": answer.json()["id"]})

        upload, submit = self.plan(kind, flow)

        assert (upload.paid, submit.paid, submit.json) == (False, True, {"file": "file-1"})

    def test_a_request_whose_answer_nobody_assumes_ends_it(self, kind):
        (request,) = self.plan(kind, lambda _: (yield Request("GET", "/v1/quota")))

        assert not request.paid

    def test_a_submit_without_a_paid_request_is_named(self, kind):
        def flow(_):
            yield Request("GET", "/v1/quota", rehearsal={})

        with pytest.raises(PluginError, match="submit ended without a paid request"):
            self.plan(kind, flow)

    def test_a_flow_that_will_not_end_is_named(self, kind):
        def flow(_):
            try:
                yield Request("GET", "/v1/quota")
            finally:
                yield Request("GET", "/v1/quota")

        with pytest.raises(PluginError, match="generator ignored GeneratorExit"):
            self.plan(kind, flow)
