"""A vendor's own report: it is checked, it makes the client ask sooner, and it is never the truth."""

import base64
import hmac
import json
import sys

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from anyvideo.dialects.webhooks import check_age, verify_ed25519, verify_hmac
from anyvideo.errors import ConfigError, ProviderError, UnsupportedError, WebhookError
from anyvideo.plugin import Request, read_report
from tests.acme.adapter import Acme
from tests.acme.clients import CONFIG, JOB, KEY, open_client, read_body
from tests.acme.plugin import Plugin
from tests.acme.vendor import Vendor, refuse

MODEL = "acme/acme-1"
SECRET = "whsec-acme"
URL = "https://app.example/hooks/acme"
KEYS = "https://keys.acme.example/jwks.json"


class Reporting(Acme):
    """Acme with reports that are signed where the account has a secret."""

    def submit(self, plan):
        callback = {"callback": plan.callback} if plan.callback else {}
        response = yield self.order({**plan.parameters(), **callback})
        return read_report(response, paid=True)

    def webhook(self, delivery, secret, now):
        if secret:
            stamp = delivery.headers.get("x-time")
            check_age(stamp, now)
            signatures = delivery.headers.get("x-signatures", "").split()
            verify_hmac(f"{stamp}.{delivery.text}".encode(), signatures, secret.encode())
        return delivery.find("id")
        yield


class Publishing(Reporting):
    """Acme as a vendor that publishes what it signs with."""

    def webhook(self, delivery, secret, now):
        keys = yield Request("GET", KEYS)
        verify_hmac(delivery.body, [delivery.headers["x-signatures"]], keys.body)
        return delivery.find("id")


def configure(secret=SECRET, **more):
    hook = {"url": URL, **({"secret": secret} if secret else {})}
    return {"providers": {"acme": {"api_key": KEY, "webhook": hook}, **more}}


def connect(kind, adapter=None, config=None):
    vendor = Vendor(polls=1, plugin=Plugin(adapter or Reporting()))
    return vendor, open_client(kind, vendor, config or configure())


def report(client, task_id="task-1", secret=SECRET, ago=0.0, **claims):
    """A delivery as the vendor signs it: its headers and its body."""
    body = json.dumps({"id": task_id, **claims}).encode()
    stamp = f"{client.session.clock.now() - ago:.0f}"
    signature = hmac.new(secret.encode(), f"{stamp}.".encode() + body, "sha256").hexdigest()
    return {"X-Time": stamp, "X-Signatures": f"old {signature}"}, body


def test_the_vendor_is_told_where_to_report(kind):
    vendor, client = connect(kind)
    with client:
        client.submit(JOB, MODEL)

    assert read_body(vendor.posts[0])["callback"] == URL


def test_without_a_webhook_it_is_told_nothing(kind):
    vendor, client = connect(kind, config=CONFIG)
    with client:
        client.submit(JOB, MODEL)

    assert "callback" not in read_body(vendor.posts[0])


def test_a_report_makes_the_client_ask_and_the_answer_counts(kind):
    vendor, client = connect(kind)
    with client:
        client.submit(JOB, MODEL, key="order-7")
        task = client.handle_webhook(*report(client, status="failed"))
        known = client.job("order-7")

    assert (task.status, task.ref) == ("succeeded", "order-7")
    assert known.task.video_url == task.video_url == "https://cdn.acme.example/task-1.mp4"
    assert vendor.count("status") == 1


def test_a_job_that_has_ended_is_not_asked_for_again(kind):
    vendor, client = connect(kind)
    with client:
        client.submit(JOB, MODEL)
        first = client.handle_webhook(*report(client))
        headers, body = report(client)
        again = client.handle_webhook(list(headers.items()), body, "acme")

    assert (again.id, again.status) == (first.id, first.status) == ("task-1", "succeeded")
    assert vendor.count("status") == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ago": 301}, "acme: the signature of the delivery is too old, or a clock is wrong"),
        ({"ago": -301}, "acme: the signature of the delivery is too old, or a clock is wrong"),
        ({"secret": "other"}, "acme: the signature of the delivery is wrong"),
        ({"task_id": "task-9"}, "acme: the journal has no job with the id 'task-9'"),
        ({"task_id": None}, "acme: the delivery names no task"),
    ],
)
def test_what_is_not_genuine_is_refused_and_nothing_is_sent(kind, change, message):
    vendor, client = connect(kind)
    with client:
        client.submit(JOB, MODEL)
        with pytest.raises(WebhookError) as caught:
            client.handle_webhook(*report(client, **change))

    assert str(caught.value).startswith(message)
    assert vendor.count("status") == 0


@pytest.mark.parametrize("name", ["X-Time", "X-Signatures"])
def test_a_header_may_not_be_missing(kind, name):
    _, client = connect(kind)
    with client:
        client.submit(JOB, MODEL)
        headers, body = report(client)
        del headers[name]
        with pytest.raises(WebhookError, match=r"does not say when|has no signature"):
            client.handle_webhook(headers, body)


@pytest.mark.parametrize("body", [b"", b"\xff", b"[1]", b'{"id": ""}', b'{"id": 7}'])
def test_a_body_of_any_kind_is_refused_in_one_line(kind, body):
    _, client = connect(kind, config=configure(secret=""))
    with client, pytest.raises(WebhookError, match=r"^acme: the delivery names no task$"):
        client.handle_webhook({}, body)


def test_a_parsed_body_cannot_be_checked(kind):
    _, client = connect(kind)
    with client:
        with pytest.raises(WebhookError, match="the body is dict; pass the bytes"):
            client.handle_webhook({}, {"id": "task-1"})
        with pytest.raises(WebhookError, match="1048576 are the most"):
            client.handle_webhook({}, b" " * 1_048_577)


def test_a_vendor_without_a_secret_reports_by_the_id_alone(kind):
    _, client = connect(kind, config=configure(secret=""))
    with client:
        client.submit(JOB, MODEL)

        assert client.handle_webhook({}, b'{"id": "task-1"}').status == "succeeded"


def test_a_secret_that_is_not_set_is_named(kind, monkeypatch):
    monkeypatch.delenv("ACME_WEBHOOK_SECRET", raising=False)
    _, client = connect(kind, config=configure(secret={"env": "ACME_WEBHOOK_SECRET"}))
    with client, pytest.raises(ConfigError, match="acme: set ACME_WEBHOOK_SECRET"):
        client.handle_webhook({}, b"{}")


def test_every_provider_with_a_webhook_is_tried(kind):
    other = {"adapter": "acme", "api_key": KEY, "webhook": {"url": URL, "secret": "other"}}
    _, client = connect(kind, config=configure(second=other))
    with client:
        client.submit(JOB, "second/acme-1")

        assert client.handle_webhook(*report(client, secret="other")).provider == "second"
        with pytest.raises(
            WebhookError, match=r"no provider takes the delivery: acme: .*; second:"
        ):
            client.handle_webhook(*report(client, secret="third"))


def test_no_provider_may_have_one(kind):
    _, client = connect(kind, config=CONFIG)
    with client, pytest.raises(ConfigError, match=r"set providers\.NAME.webhook"):
        client.handle_webhook({}, b"{}")


def test_an_adapter_may_read_none(kind):
    _, client = connect(kind, Acme(), CONFIG)
    with (
        client,
        pytest.raises(UnsupportedError, match="acme reads no webhooks; its jobs are polled"),
    ):
        client.handle_webhook({}, b"{}", "acme")


def test_the_config_says_so_at_once(kind):
    with pytest.raises(ConfigError, match="webhook: the adapter acme reads no webhooks; remove it"):
        connect(kind, Acme())


@pytest.mark.parametrize(
    "url", ["http://app.example", "app.example", "https://", "https://a b/", "https://[x"]
)
def test_the_url_is_one_that_a_vendor_can_reach(kind, url):
    config = {"providers": {"acme": {"webhook": {"url": url}}}}
    with pytest.raises(ConfigError, match="'url' takes the https URL"):
        connect(kind, config=config)


def test_a_poll_that_fails_leaves_the_task_as_it_was(kind):
    vendor, client = connect(kind)
    vendor.plan("status", refuse(503))
    with client:
        client.submit(JOB, MODEL)
        with pytest.raises(ProviderError) as caught:
            client.handle_webhook(*report(client))

        assert caught.value.task
        assert caught.value.task.id == "task-1"
        assert client.job("task-1").task.status == "queued"


def test_published_keys_are_asked_for_once_in_ten_minutes(kind):
    vendor, client = connect(kind, Publishing(), configure(secret=""))
    body = b'{"id": "task-1"}'
    headers = {"x-signatures": base64.b64encode(hmac.digest(b"jwks", body, "sha256")).decode()}
    vendor.plan("status", *[httpx.Response(200, content=b"jwks")] * 1)
    with client:
        client.submit(JOB, MODEL)
        first = client.handle_webhook(headers, body)
        again = client.handle_webhook(headers, body)
        client.session.clock.advance(601)
        vendor.plan("status", refuse(503))
        with pytest.raises(ProviderError):
            client.handle_webhook(headers, body)

    asked = [call for call in vendor.calls if str(call.url) == KEYS]
    assert first.status == again.status == "succeeded"
    assert len(asked) == 2
    assert all("authorization" not in call.headers for call in asked)


@pytest.mark.parametrize("stamp", [None, "", "soon", "²", "1e3", "9" * 13])
def test_a_time_that_is_none_is_refused(stamp):
    with pytest.raises(WebhookError, match="does not say when it was signed"):
        check_age(stamp, 1e9)


@pytest.mark.parametrize("text", ["00", "zz", "é", "===="])
def test_a_signature_that_is_none_is_wrong(text):
    with pytest.raises(WebhookError, match="is wrong"):
        verify_hmac(b"content", [text], b"secret")


@pytest.fixture
def pair():
    """A private key, and the public one as it is published."""
    private = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    return private, private.public_key().public_bytes_raw()


def test_a_signature_of_one_of_the_keys_is_taken(pair):
    private, public = pair
    signature = private.sign(b"content")

    verify_ed25519(b"content", signature.hex(), [b"no key", bytes(32), public])
    verify_ed25519(b"content", base64.b64encode(signature).decode(), [public])


@pytest.mark.parametrize("content", [b"content ", b""])
def test_a_signature_of_something_else_is_wrong(pair, content):
    private, public = pair
    with pytest.raises(WebhookError, match="is wrong"):
        verify_ed25519(content, private.sign(b"content").hex(), [public])


@pytest.mark.parametrize(
    ("signature", "fault"), [("", "has no signature"), ("zz", "is wrong"), ("00", "is wrong")]
)
def test_a_signature_of_no_key_is_wrong(pair, signature, fault):
    with pytest.raises(WebhookError, match=fault):
        verify_ed25519(b"content", signature, [pair[1]])


def test_the_extra_is_named_where_it_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "cryptography.exceptions", None)
    with pytest.raises(ConfigError, match=r"pip install 'anyvideo\[webhooks\]'"):
        verify_ed25519(b"content", "00", [])
