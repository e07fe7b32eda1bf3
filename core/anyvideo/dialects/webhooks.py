"""What signed webhooks have in common: an HMAC of what was sent, and an age."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Iterable

from anyvideo.errors import WebhookError

# How far the time in a signature may be from ours, in seconds, either way.
_TOLERANCE = 300.0


def verify_hmac(content: bytes, signatures: Iterable[str], secret: bytes) -> None:
    """Check that one of some signatures is the HMAC-SHA256 of a content, in hexadecimal or base64.

    Raises:
        WebhookError: there is none, or none of them is right.
    """
    digest, given = hmac.digest(secret, content, "sha256"), [*signatures]
    if not given:
        message = "the delivery has no signature"
        raise WebhookError(message)
    if not any(hmac.compare_digest(digest, decoded) for text in given for decoded in _decode(text)):
        message = (
            "the signature of the delivery is wrong; check the secret, and pass the body as it came"
        )
        raise WebhookError(message)


def _decode(text: str) -> Iterable[bytes]:
    try:
        yield bytes.fromhex(text)
    except ValueError:
        try:
            yield base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            return


def check_age(sent: str | None, now: float) -> None:
    """Check that the time in a signature, a Unix time in seconds, is within five minutes of `now`.

    Raises:
        WebhookError: there is no such time, or it is too far away.
    """
    text = sent or ""
    if not (text.isascii() and text.isdigit()) or len(text) > 12:
        message = "the delivery does not say when it was signed"
        raise WebhookError(message)
    if abs(now - float(text)) > _TOLERANCE:
        message = "the signature of the delivery is too old, or a clock is wrong"
        raise WebhookError(message)
