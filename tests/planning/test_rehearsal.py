"""The exact requests of a plan, with the answers that its adapter assumes."""

import pytest
from attrs import evolve

from anyvideo import VideoJob
from anyvideo.config.provider import Provider
from anyvideo.config.schema import Key
from anyvideo.errors import PluginError
from anyvideo.plugin import Request
from tests.acme.adapter import ORIGIN, Acme
from tests.acme.clients import CONFIG, JOB, open_client, read_body
from tests.acme.plugin import Plugin, make_registry
from tests.acme.vendor import PNG, Vendor

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


def test_a_provider_adds_its_constant_headers_and_fields_to_what_is_sent(kind):
    constants = {
        "headers": {"x-tenant": "studio", "x-own": "config"},
        "body": {"num_retries": 0, "tier": {"a": 1}, "prompt": "never"},
    }
    config = {"providers": {"acme": {**CONFIG["providers"]["acme"], **constants}}}
    vendor = Vendor()
    with open_client(kind, vendor, config) as client:
        plan = client.plan(JOB, "acme/acme-1")
        task = client.wait(client.submit(plan))
        pictured = VideoJob("a fox", images=PNG, size="160x120")
        upload, order = client.plan(pictured, "acme/acme-1").requests

    assert plan.requests[-1].json["num_retries"] == 0
    assert read_body(vendor.posts[0]) == plan.requests[-1].json
    assert (plan.requests[-1].json["prompt"], plan.requests[-1].json["tier"]) == (
        JOB.prompt,
        {"a": 1},
    )
    assert [call.headers.get("x-tenant") for call in vendor.calls] == ["studio"] * 2
    assert (upload.headers["x-own"], upload.form) == ("config", {})
    assert order.json["num_retries"] == 0
    assert task.status == "succeeded"


def test_constant_fields_of_a_form_are_texts_and_the_jobs_own_come_first():
    request = Request("POST", "/v1/videos", form={"prompt": "a fox"}, headers={"a": "b"}, paid=True)
    adapter = make_registry(Acme()).adapters["acme"]
    provider = Provider(
        "acme",
        adapter,
        ORIGIN,
        Key(env="X"),
        headers={"a": "c"},
        body={"n": 0, "prompt": "x", "t": "y"},
    )

    whole = provider.complete(request)
    assert (whole.form, whole.headers) == ({"n": "0", "prompt": "a fox", "t": "y"}, {"a": "c"})
    abroad = evolve(request, url="https://cdn.example/x")
    assert provider.complete(abroad) is abroad
    assert provider.complete(evolve(request, paid=False)).form == {"prompt": "a fox"}
    assert provider.complete(evolve(request, form=None)).json == {"n": 0, "prompt": "x", "t": "y"}


def test_a_request_has_one_body(kind):
    class Odd(Acme):
        def submit(self, plan):
            yield Request("POST", "/v1/videos", json={}, form={})

    with (
        open_client(kind, Vendor(plugin=Plugin(Odd()))) as client,
        pytest.raises(PluginError, match="yielded a request with 2 bodies; give it json, form or"),
    ):
        _ = client.plan(JOB, MODEL).requests
