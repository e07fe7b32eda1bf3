"""The tokens of an access key and its secret, as Kling checks them.

https://kling.ai/document-api/api/get-started/authentication: a JWT by HS256 with iss, exp and nbf.
The sandbox knows one pair; any other key is taken for an API key.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from typing import Any

from anyvideo.sandbox import Refusal, is_object
from anyvideo_plugins.kling.sandbox.orders import refuse

ACCESS, SECRET = "sandbox-access", "sandbox-secret"
_LONGEST = 1800  # seconds
_PARTS = 3


def check_token(key: str, now: float, *, second: bool) -> None:
    """Check the bearer token of a call; the second edition takes API keys only.

    Raises:
        Refusal: the token is forged, not yet valid or expired.
    """
    parts = key.split(".")
    if len(parts) != _PARTS:
        return
    head, claims = (_decode(part) for part in parts[:2])
    text = ".".join(parts[:2]).encode()
    proof = base64.urlsafe_b64encode(hmac.new(SECRET.encode(), text, hashlib.sha256).digest())
    if (
        head != {"alg": "HS256", "typ": "JWT"}
        or claims.get("iss") != ACCESS
        or parts[2] != proof.decode().rstrip("=")
    ):
        raise Refusal(refuse(401, 1002, "Authorization is invalid"))
    if second:
        raise Refusal(refuse(401, 1002, "The current API does not support AK/SK"))
    if not isinstance(claims.get("nbf"), int) or claims["nbf"] > now:
        raise Refusal(refuse(401, 1003, "Authorization is not yet valid"))
    if not isinstance(claims.get("exp"), int) or not now < claims["exp"] <= now + _LONGEST:
        raise Refusal(refuse(401, 1004, "Authorization has expired"))


def _decode(part: str) -> dict[str, Any]:
    """Return the object in a part of a token, empty where there is none."""
    try:
        value = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (binascii.Error, ValueError):
        return {}
    return value if is_object(value) else {}
