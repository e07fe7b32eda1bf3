"""The signature of Replicate's webhooks, which is that of https://www.standardwebhooks.com."""

from __future__ import annotations

import base64
import binascii

from anyvideo.plugin import Response, WebhookError, check_age, verify_hmac


def check_signature(delivery: Response, secret: str, now: float) -> None:
    """Check that a delivery was signed with a secret such as "whsec_...", within five minutes of now.

    Signed are the id, the time and the body, joined with dots. There may be several signatures, each
    with its version: "v1,{base64} v1,{base64}".
    https://replicate.com/docs/topics/webhooks/verify-webhook

    Raises:
        WebhookError: the secret is none of Replicate's, or the signature is missing, wrong or old.
    """
    name, sent, listed = (
        delivery.headers.get(f"webhook-{part}", "") for part in ("id", "timestamp", "signature")
    )
    check_age(sent, now)
    versions = (text.partition(",") for text in listed.split())
    signatures = [signature for version, _, signature in versions if version == "v1"]
    verify_hmac(f"{name}.{sent}.".encode() + delivery.body, signatures, _read_secret(secret))


def _read_secret(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError) as error:
        message = "the secret is not Replicate's; copy the key of GET /v1/webhooks/default/secret"
        raise WebhookError(message) from error
