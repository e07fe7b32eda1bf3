"""The token that stands for an access key and its secret.

https://kling.ai/document-api/api/get-started/authentication
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping

_LIFE = 1800  # seconds, the longest that Kling allows
_SKEW = 5  # seconds by which Kling's clock may be behind


def sign_token(access: str, secret: str, now: float) -> str:
    """Return a JWT (HS256, RFC 7519) that is valid from 5 seconds before `now` for 30 minutes."""
    claims = {"iss": access, "exp": int(now) + _LIFE, "nbf": int(now) - _SKEW}
    text = f"{_encode_object({'alg': 'HS256', 'typ': 'JWT'})}.{_encode_object(claims)}"
    proof = hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()
    return f"{text}.{_encode(proof)}"


def _encode_object(value: Mapping[str, object]) -> str:
    return _encode(json.dumps(value, separators=(",", ":")).encode())


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
