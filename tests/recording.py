"""Plays cassettes, and records them: what may be stored, what is compared, and who drives.

Three ways, chosen by `ANYVIDEO_CASSETTES`:

    (unset)  play: nothing leaves the machine, and every answer must be used
    retell   keep the answers, write the requests anew: after a deliberate change of a request
    live     record against the vendors with your own keys
"""

import json
import os
from collections.abc import Callable
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from typing import Any

import httpx
import vcr
import yaml
from attrs import field, frozen

from anyvideo.sandbox.film.render import render
from anyvideo.testing.clock import VirtualClock
from tests.clients import KINDS

FOLDER = Path(__file__).parents[1] / "cassettes"
MODE = os.environ.get("ANYVIDEO_CASSETTES", "")
# An allow-list: whatever else a client or a vendor says in a header never reaches the disk.
KEPT_REQUEST_HEADERS = {"content-type", "if-range", "range"}
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
BOUNDARY = "cassette-boundary"
KEYS = {
    "APIYI_API_KEY": "cassette-key-apiyi",
    "APERTIS_API_KEY": "cassette-key-apertis",
    "APIMART_API_KEY": "cassette-key-apimart",
}
MOST_MEDIA = 64 * 1024


@frozen
class Raises:
    """The error in which a scenario ends: its type, and the attributes that it must have."""

    error: type[Exception]
    attributes: dict[str, Any] = field(factory=dict)


@frozen
class Scenario:
    """One story: who is asked for what, how it must end, and where its answers are from."""

    adapter: str
    name: str
    play: Callable[[Any, Path], Any]
    ends: Callable[[Any], None] | Raises
    origin: str

    @property
    def path(self) -> Path:
        return FOLDER / self.adapter / f"{self.name}.yaml"


def make_client(kind: str, **options: Any) -> Any:
    options = {"config": {}, "journal": None, "clock": VirtualClock(1_704_067_200.0), **options}
    return KINDS[kind](**options)


def list_parts(content_type: str, body: bytes) -> list[tuple[Any, ...]]:
    """The parts of a form, whatever its boundary: name, file name, type and content."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    return [
        (
            part.get_param("name", header="content-disposition"),
            part.get_filename(),
            part.get_content_type(),
            part.get_payload(decode=True),
        )
        for part in message.iter_parts()
    ]


def read_body(request: Any) -> Any:
    body = request.body or b""
    raw = body.encode() if isinstance(body, str) else bytes(body)
    content_type = str(request.headers.get("content-type", ""))
    if content_type.startswith("multipart/form-data"):
        return list_parts(content_type, raw)
    try:
        return json.loads(raw) if raw else None
    except ValueError:
        return raw


def match_body(one: Any, other: Any) -> None:
    assert read_body(one) == read_body(other)


def keep_request(request: Any) -> Any:
    kept = {name.lower(): value for name, value in request.headers.items()}
    content_type = kept.get("content-type", "")
    if "boundary=" in content_type and request.body:
        boundary = content_type.split("boundary=", 1)[1]
        request.body = bytes(request.body).replace(boundary.encode(), BOUNDARY.encode())
        kept["content-type"] = content_type.replace(boundary, BOUNDARY)
    request.headers = {name: value for name, value in kept.items() if name in KEPT_REQUEST_HEADERS}
    return request


def scrub(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: "REDACTED"
            if key.lower() in SECRET_FIELDS and isinstance(item, str)
            else scrub(item)
            for key, item in value.items()
        }
    return [scrub(item) for item in value] if isinstance(value, list) else value


def keep_response(response: dict[str, Any]) -> dict[str, Any]:
    """What is stored of a live answer: no other header, no secret field, no large media."""
    headers = {
        name.lower(): values
        for name, values in response["headers"].items()
        if name.lower() in KEPT_RESPONSE_HEADERS
    }
    body = response["body"]["string"]
    kind = str(headers.get("content-type", [""])[0])
    if len(body) > MOST_MEDIA and "json" not in kind:
        body = render("stub", seconds=0.5, width=64, height=64)
    elif "json" in kind:
        try:
            body = json.dumps(scrub(json.loads(body)), ensure_ascii=False).encode()
        except ValueError:
            body = b"(not stored: it says it is JSON and is not)"
    if "content-length" in headers:
        headers["content-length"] = [str(len(body))]
    return {**response, "headers": headers, "body": {"string": body}}


def open_cassette(path: Path) -> Any:
    live = MODE == "live"
    recorder = vcr.VCR(
        record_mode="all" if live else "none",
        match_on=["method", "scheme", "host", "port", "path", "query", "body"],
        before_record_request=keep_request,
        before_record_response=keep_response if live else None,
    )
    recorder.register_matcher("body", match_body)
    return recorder.use_cassette(str(path))


class Retelling(httpx.MockTransport):
    """Answers with a cassette's own answers in their order, and keeps the requests that came."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.story = yaml.safe_load(path.read_text("utf-8"))
        self.told = iter(self.story["interactions"])
        super().__init__(self.answer)

    def answer(self, request: httpx.Request) -> httpx.Response:
        item = next(self.told)
        headers = dict(request.headers)
        asked = keep_request(
            vcr.request.Request(request.method, str(request.url), request.read(), headers)
        )
        body = asked.body
        item["request"] = {
            "body": body.decode() if body and is_text(body) else body or None,
            "headers": {name: [value] for name, value in asked.headers.items()},
            "method": request.method,
            "uri": str(request.url),
        }
        answer = item["response"]
        string = answer["body"]["string"]
        content = string.encode() if isinstance(string, str) else string
        flat = [(name, value) for name, values in answer["headers"].items() for value in values]
        return httpx.Response(answer["status"]["code"], headers=flat, content=content)

    def save(self) -> None:
        self.path.write_text(yaml.safe_dump(self.story, allow_unicode=True, width=120), "utf-8")


def is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
