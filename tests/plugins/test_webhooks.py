"""What each vendor is told to report, and how its reports are recognised."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from attrs import evolve
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from anyvideo.errors import WebhookError
from anyvideo.model.plan import Plan
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.plugin import VideoJob
from anyvideo.testing import adapter, answer, drive

URL = "https://app.example/hooks"
NOW = 1_795_000_000
SECRET = "whsec-7"
# The samples of the vendors' pages: openrouter.ai (video generation), docs.byteplus.com 1520757 (the
# task itself), kling.ai (callbackProtocol) and fal.ai (webhooks).
REPORTS = {
    "openrouter": {
        "type": "video.generation.completed",
        "created_at": "2026-09-01T12:00:00Z",
        "data": {"id": "job-abc123", "status": "completed", "generation_id": None, "error": None},
    },
    "ark": {"id": "cgt-20260901-x", "model": "dreamina-seedance-2-5", "status": "running"},
    "kling": {
        "task_id": "867283741759111202",
        "task_status": "succeed",
        "task_info": {"external_task_id": "order-7"},
        "task_result": {"videos": [{"id": "1", "url": "https://a.example/v.mp4", "duration": "5"}]},
    },
    "fal": {
        "request_id": "764cabcf-b745-4b3e-ae38-1200304cf45b",
        "gateway_request_id": "764cabcf-b745-4b3e-ae38-1200304cf45b",
        "status": "OK",
        "payload": {"video": {"url": "https://v3.fal.media/files/a/b.mp4"}},
    },
}
IDS = {
    "openrouter": "job-abc123",
    "ark": "cgt-20260901-x",
    "kling": "867283741759111202",
    "fal": "764cabcf-b745-4b3e-ae38-1200304cf45b",
}
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = base64.urlsafe_b64encode(KEY.public_key().public_bytes_raw()).rstrip(b"=").decode()
KEYS = answer(
    {"keys": [{"kty": "OKP"}, 7, {"x": "é"}, {"kty": "OKP", "crv": "Ed25519", "x": PUBLIC}]}
)


def plan_for(name):
    for offer in adapter(name).offers():
        plan = negotiate(VideoJob("a fox"), offer)
        if isinstance(plan, Plan):
            return plan
    raise AssertionError(name)


def order(plan, callback):
    """The paid request of a plan."""
    request = next(adapter(plan.offer.adapter).submit(evolve(plan, callback=callback)))
    assert isinstance(request.json, dict)
    return request


def sign(name, body, *, secret=SECRET, now=NOW):
    """A report with the headers that the vendor sends."""
    if name == "openrouter":
        signature = hmac.new(secret.encode(), f"{now},".encode() + body, "sha256").hexdigest()
        headers = {"X-OpenRouter-Signature": f"t={now},v1={signature}"}
    elif name == "fal":
        told = ["764cabcf", "user-1", str(now)]
        content = "\n".join([*told, hashlib.sha256(body).hexdigest()]).encode()
        key = KEY if secret == SECRET else Ed25519PrivateKey.from_private_bytes(bytes(32))
        names = ("Request-Id", "User-Id", "Timestamp")
        headers = {f"X-Fal-Webhook-{n}": value for n, value in zip(names, told, strict=True)}
        headers["X-Fal-Webhook-Signature"] = key.sign(content).hex()
    else:
        headers = {}
    return evolve(answer({}, headers=headers), body=body)


def read(name, delivery, secret=SECRET, keys=KEYS):
    vendor: Any = adapter(name)
    return drive(vendor.webhook(delivery, secret, NOW), [keys] if name == "fal" else [])


@pytest.mark.parametrize("name", ["openrouter", "ark", "kling"])
def test_the_body_names_the_url(name):
    plan = plan_for(name)
    assert order(plan, URL).json == {**order(plan, None).json, "callback_url": URL}


def test_at_fal_the_query_names_it():
    plan = plan_for("fal")
    assert order(plan, URL) == evolve(order(plan, None), query={"fal_webhook": URL})


@pytest.mark.parametrize("name", ["openrouter", "ark", "kling"])
def test_an_option_of_the_caller_goes_before_it(name):
    job = VideoJob("a fox", options={name: {"callback_url": "https://mine.example"}})
    plan = negotiate(job, plan_for(name).offer)
    assert isinstance(plan, Plan)
    assert order(plan, URL).json["callback_url"] == "https://mine.example"


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_names_its_task(name):
    assert read(name, sign(name, json.dumps(REPORTS[name]).encode())) == IDS[name]


def test_a_workspace_without_a_secret_signs_nothing():
    body = json.dumps(REPORTS["openrouter"]).encode()
    assert read("openrouter", evolve(answer({}), body=body), "") == "job-abc123"


@pytest.mark.parametrize("name", ["openrouter", "fal"])
@pytest.mark.parametrize(
    ("secret", "now", "fault"),
    [("other", NOW, "is wrong"), (SECRET, NOW - 301, "too old"), (SECRET, NOW + 301, "too old")],
)
def test_a_signature_is_right_and_fresh(name, secret, now, fault):
    body = json.dumps(REPORTS[name]).encode()
    with pytest.raises(WebhookError, match=fault):
        read(name, sign(name, body, secret=secret, now=now))


@pytest.mark.parametrize("name", ["openrouter", "fal"])
def test_it_is_that_of_the_body(name):
    delivery = sign(name, json.dumps(REPORTS[name]).encode())
    with pytest.raises(WebhookError, match="is wrong"):
        read(name, evolve(delivery, body=delivery.body + b" "))


@pytest.mark.parametrize("name", ["openrouter", "fal"])
def test_no_part_of_it_may_be_missing(name):
    delivery = sign(name, json.dumps(REPORTS[name]).encode())
    for header in [name for name in delivery.headers if name.startswith("x-")]:
        left = {other: value for other, value in delivery.headers.items() if other != header}
        with pytest.raises(WebhookError):
            read(name, evolve(delivery, headers=left))


@pytest.mark.parametrize("told", ["", ",,", "t=,v1=", "v1=00", f"t={NOW}", f"t={NOW},v1=é"])
def test_a_signature_of_another_form_is_none(told):
    body = json.dumps(REPORTS["openrouter"]).encode()
    delivery = evolve(answer({}, headers={"x-openrouter-signature": told}), body=body)
    with pytest.raises(WebhookError):
        read("openrouter", delivery)


@pytest.mark.parametrize("keys", [answer([]), answer({"keys": {}}), answer({"keys": []})])
def test_without_keys_no_signature_is_right(keys):
    delivery = sign("fal", b"{}")
    with pytest.raises(WebhookError, match="is wrong"):
        read("fal", delivery, keys=keys)


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b'{"data": 7}'])
def test_a_body_of_any_kind_names_no_task(name, body):
    assert read(name, sign(name, body)) is None
