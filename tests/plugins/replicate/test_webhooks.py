"""The signature of a webhook: the vector of replicate-python, and what is wrong with others."""

from typing import Any

import pytest

from anyvideo.errors import WebhookError
from anyvideo.plugin import Response
from anyvideo.testing import drive
from tests.plugins.replicate.answers import REPLICATE

# replicate-python, tests/test_webhooks.py
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SENT = 1614265330
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
HEADERS = {
    "Webhook-ID": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "Webhook-Timestamp": str(SENT),
    "Webhook-Signature": SIGNATURE,
}


def deliver(body=BODY, secret=SECRET, now=SENT, **changes) -> Any:
    headers = {**HEADERS, **{name.replace("_", "-"): value for name, value in changes.items()}}
    sent = Response(200, {name: value for name, value in headers.items() if value}, body)
    return drive(REPLICATE.webhook(sent, secret, now), [])


@pytest.mark.parametrize("signature", [SIGNATURE, f"v1,AAAA {SIGNATURE}", f"v2,x {SIGNATURE}"])
def test_a_right_signature_is_enough_and_that_body_names_no_job(signature):
    assert deliver(Webhook_Signature=signature) is None


@pytest.mark.parametrize("later", [-300, 300])
def test_five_minutes_are_allowed(later):
    assert deliver(now=SENT + later) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"Webhook_Signature": "v1,invalid_signature"},
        {"Webhook_Signature": SIGNATURE.removeprefix("v1,")},
        {"Webhook_Signature": SIGNATURE.replace("v1,", "v2,")},
        {"Webhook_Signature": ""},
        {"Webhook_ID": ""},
        {"Webhook_ID": "msg_other"},
        {"Webhook_Timestamp": ""},
        {"Webhook_Timestamp": str(SENT + 1)},
        {"body": BODY + b" "},
        {"secret": "whsec_AAAA"},
        {"secret": "invalid_secret_format"},
        {"now": SENT + 301},
        {"now": SENT - 301},
    ],
)
def test_a_delivery_is_refused(wrong):
    with pytest.raises(WebhookError):
        deliver(**wrong)


def test_without_a_secret_the_id_is_the_proof():
    assert deliver(b'{"id": "gm3", "status": "succeeded"}', secret="") == "gm3"


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'"id"', b'{"id": null}', b"\xff\xfe"])
def test_a_body_of_any_kind_names_no_job(body):
    assert deliver(body, secret="") is None
