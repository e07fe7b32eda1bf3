"""What a cassette may hold, and what of a request it pins."""

import json
import re
from email.parser import BytesParser
from email.policy import HTTP
from functools import lru_cache
from typing import Any

import httpx
from attrs import frozen

from anyvideo.sandbox.film.render import render

# Allow-lists: whatever else a client or a vendor says in a header never reaches the disk.
KEY_HEADERS = {"authorization", "x-goog-api-key"}
KEPT_REQUEST_HEADERS = {
    *KEY_HEADERS,
    "content-type",
    "if-range",
    "range",
    "x-dashscope-async",
    "x-fal-no-retry",
    "x-runway-version",
}
KEPT_RESPONSE_HEADERS = {
    "content-length",
    "content-range",
    "content-type",
    "date",
    "etag",
    "location",
    "retry-after",
    "x-ratelimit-reset",
    "x-request-id",
}
SECRET_FIELDS = {"api_key", "apikey", "access_token", "token", "email", "user_id", "username"}
# All that is compared; headers are those that are kept, so also that no key goes to a storage host.
MATCH_ON = ("whole_request",)
BOUNDARY = "cassette-boundary"
HIDDEN = "REDACTED"
MOST_MEDIA = 64 * 1024
# The caller's id of a job that has no key: drawn for each run, so its place is pinned and not its value.
DRAWN, ID_OF_JOB = re.compile(rb"\b[0-9a-f]{32}\b"), b"drawn-for-each-job"
LIKE_KEY = re.compile(rb"\bsk-[\w-]{8,}|(?<=\bbearer )[^\s\"'\\<>]{8,}", re.IGNORECASE)


def spell(key: str) -> bytes:
    """Return the pattern of a key however it is escaped: raw, in JSON or in a URL."""
    return b"".join(
        rb"(?:\\?%b|\\u%04x|%%%02x)" % (re.escape(character).encode(), number, number)
        for character, number in ((character, ord(character)) for character in key)
    )


@lru_cache(maxsize=64)  # each scenario plays with the same keys
def compile_keys(keys: tuple[str, ...]) -> re.Pattern[bytes]:
    """Return the pattern of all keys, the longest first, so that none is hidden in part."""
    longest = sorted(filter(None, keys), key=len, reverse=True)
    return re.compile(b"|".join(map(spell, longest)) or rb"(?!)", re.IGNORECASE)


@frozen
class Mask:
    """Hides the keys of one recording wherever they stand, and whatever else looks like a key."""

    keys: tuple[str, ...]

    def hide_keys(self, text: bytes) -> bytes:
        return compile_keys(self.keys).sub(HIDDEN.encode(), text)

    def hide(self, text: bytes) -> bytes:
        return LIKE_KEY.sub(HIDDEN.encode(), self.hide_keys(text))

    def hide_text(self, text: str) -> str:
        return self.hide(text.encode()).decode()

    def name_authorization(self, value: str) -> str:
        """Return the header with the key hidden, so that its form is pinned; another key has none."""
        hidden = self.hide_keys(value.encode()).decode()
        return hidden if HIDDEN in hidden else f"not the key: {HIDDEN}"

    def keep_request(self, request: Any) -> Any:
        """What is stored and compared of a request."""
        kept = {name.lower(): value for name, value in request.headers.items()}
        body = request.body
        content_type = kept.get("content-type", "")
        if "boundary=" in content_type and body:
            boundary = content_type.split("boundary=", 1)[1]
            body = bytes(body).replace(boundary.encode(), BOUNDARY.encode())
            kept["content-type"] = content_type.replace(boundary, BOUNDARY)
        for name in KEY_HEADERS & kept.keys():
            kept[name] = self.name_authorization(kept[name])
        request.body = DRAWN.sub(ID_OF_JOB, self.hide(bytes(body))) if body else body
        request.uri = self.hide_text(request.uri)
        request.headers = {
            name: value for name, value in kept.items() if name in KEPT_REQUEST_HEADERS
        }
        return request

    def keep_response(self, response: dict[str, Any]) -> dict[str, Any]:
        """What is stored of a live answer: no other header, no secret field, no large media."""
        given = {name.lower(): values for name, values in response["headers"].items()}
        encoding = {"content-encoding": ", ".join(given.get("content-encoding", []))}
        body = httpx.Response(200, headers=encoding, content=response["body"]["string"]).content
        headers = {
            name: [self.hide_text(value) for value in values]
            for name, values in given.items()
            if name in KEPT_RESPONSE_HEADERS
        }
        body = self._keep_body(body, str(headers.get("content-type", [""])[0]))
        if "content-length" in headers:
            headers["content-length"] = [str(len(body))]
        return {**response, "headers": headers, "body": {"string": body}}

    def _keep_body(self, body: bytes, kind: str) -> bytes:
        if "json" in kind:
            try:
                text = json.dumps(scrub(json.loads(body)), ensure_ascii=False)
            except ValueError:
                return b"(not stored: it says it is JSON and is not)"
            return self.hide(text.encode())
        if len(body) > MOST_MEDIA:
            return render("stub", seconds=0.5, width=64, height=64)
        return self.hide(body)


def scrub(value: Any) -> Any:
    """Return decoded JSON without what tells of an account."""
    if isinstance(value, dict):
        return {
            key: HIDDEN
            if key.lower() in SECRET_FIELDS and isinstance(item, str | int)
            else scrub(item)
            for key, item in value.items()
        }
    return [scrub(item) for item in value] if isinstance(value, list) else value


def list_parts(content_type: str, body: bytes) -> list[tuple[Any, ...]]:
    """The parts of a form: all headers of each, with its name, file name and type, and its content."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    return [(sorted(part.items()), part.get_payload(decode=True)) for part in message.iter_parts()]


@lru_cache(maxsize=1024)  # each stored body is compared with many requests
def decode_body(content_type: str, raw: bytes) -> Any:
    """Return a body such that two are equal only if a vendor would read the same: 1 is not true."""
    if content_type.startswith("multipart/form-data"):
        return list_parts(content_type, raw)
    try:
        return json.dumps(json.loads(raw), sort_keys=True) if raw else None
    except ValueError:
        return raw


def read_body(request: Any) -> Any:
    body = request.body or b""
    raw = body.encode() if isinstance(body, str) else bytes(body)
    return decode_body(str(request.headers.get("content-type", "")), raw)


def match_request(one: Any, other: Any) -> None:
    """Compare two requests; a list of jobs compares each with each, so what differs soonest comes first."""
    assert one.uri == other.uri
    assert one.method == other.method
    match_body(one, other)
    assert one.headers == other.headers


def match_body(one: Any, other: Any) -> None:
    assert read_body(one) == read_body(other)
