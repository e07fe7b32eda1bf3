"""fal's webhooks: a report that is signed with one of the keys that fal publishes.

    POST {fal_webhook}   {"request_id", "gateway_request_id", "status": "OK" | "ERROR", "payload", ...}
    GET  https://rest.fal.ai/.well-known/jwks.json   {"keys": [{"kty": "OKP", "crv": "Ed25519", "x"}]}

https://fal.ai/docs/model-apis/model-endpoints/webhooks: what is signed are the id of the request, the
id of the user, the time and the SHA-256 of the body in hexadecimal, each on a line of its own.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterator

from anyvideo.plugin import (
    Flow,
    Request,
    Response,
    check_age,
    is_list,
    is_object,
    verify_ed25519,
)

_KEYS = "https://rest.fal.ai/.well-known/jwks.json"
_HEADER = "x-fal-webhook-"


def read_delivery(delivery: Response, now: float) -> Flow[object]:
    """Check a report, and end with the id of its request.

    Raises:
        WebhookError: the signature is wrong, missing or old.
    """
    names = ("request-id", "user-id", "timestamp")
    told = [delivery.headers.get(f"{_HEADER}{name}", "") for name in names]
    check_age(told[-1], now)
    keys = yield Request("GET", _KEYS)
    content = "\n".join([*told, hashlib.sha256(delivery.body).hexdigest()]).encode()
    signature = delivery.headers.get(f"{_HEADER}signature", "")
    verify_ed25519(content, signature, _list_keys(keys))
    return delivery.find("request_id")


def _list_keys(response: Response) -> Iterator[bytes]:
    """Yield the public keys of a JSON Web Key Set: base64url without padding (RFC 8037)."""
    keys = response.find("keys")
    for key in keys if is_list(keys) else ():
        text = key.get("x") if is_object(key) else None
        if isinstance(text, str):
            try:
                yield base64.b64decode(f"{text}==", altchars=b"-_")
            except (binascii.Error, ValueError):
                continue
