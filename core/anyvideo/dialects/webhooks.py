"""What signed webhooks have in common: a signature of what was sent, and an age."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Iterable

from anyvideo.errors import ConfigError, WebhookError

# How far the time in a signature may be from ours, in seconds, either way.
_TOLERANCE = 300.0


def verify_hmac(content: bytes, signatures: Iterable[str], secret: bytes) -> None:
    """Check that one of some signatures is the HMAC-SHA256 of a content, in hexadecimal or base64.

    Raises:
        WebhookError: there is none, or none of them is right.
    """
    digest, given = hmac.digest(secret, content, "sha256"), [*signatures]
    if not any(hmac.compare_digest(digest, decoded) for text in given for decoded in _decode(text)):
        raise _refuse(any(given), "check the secret, and pass the body as it came")


def verify_ed25519(content: bytes, signature: str, keys: Iterable[bytes]) -> None:
    """Check that a signature, in hexadecimal or base64, was made with one of some Ed25519 keys.

    Args:
        content: What was signed.
        signature: The signature, empty where there is none.
        keys: The public keys, 32 bytes each; what is no key is left out.

    Raises:
        WebhookError: there is none, or it is not theirs.
        ConfigError: the extra `webhooks` is not installed.
    """
    try:
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 (an extra)
        from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415 (the same)
            Ed25519PublicKey,
        )
    except ImportError as error:
        message = "this signature needs the extra webhooks: pip install 'anyvideo[webhooks]'"
        raise ConfigError(message) from error
    for key in keys:
        for decoded in _decode(signature):
            try:
                return Ed25519PublicKey.from_public_bytes(key).verify(decoded, content)
            except (InvalidSignature, ValueError):
                continue
    raise _refuse(bool(signature), "pass the body as it came")


def _refuse(signed: bool, advice: str) -> WebhookError:  # noqa: FBT001 (a fact, and private)
    fault = f"the signature of the delivery is wrong; {advice}"
    return WebhookError(fault if signed else "the delivery has no signature")


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
