"""What adapters say to the core: plain values that describe HTTP, and no HTTP library.

An operation of an adapter is a generator that yields `Request` values and receives `Response`
values. The caller does the I/O: a sync client, an async client, or a test with a list of answers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any, Literal, TypeAlias, TypeVar

from attrs import evolve, field, frozen

from anyvideo.validation import check_extent, is_list, is_object

JSON: TypeAlias = "bool | int | float | str | Sequence[JSON] | Mapping[str, JSON] | None"
# A JSON body, which may hold local images.
Payload: TypeAlias = (
    "bool | int | float | str | Sequence[Payload] | Mapping[str, Payload] | Inline | None"
)
"""What JSON can hold."""
Expects = Literal["json", "events", "video"]
T = TypeVar("T")
# How JSON may write one half of a character beyond the first 65,536.
_decode = json.JSONDecoder().raw_decode
_HALF = re.compile(r"\\u[dD][89a-fA-F]")


@frozen
class Upload:
    """A local image that is ready to be sent, as it was when the job was planned.

    Attributes:
        name: The name of the file.
        content_type: The media type, such as "image/png".
        source: The path or the bytes; a path is opened only while the request is sent.
        size: The length in bytes.
        sha256: The hash of the bytes, in hexadecimal.
        width: The width in pixels.
        height: The height in pixels.
    """

    name: str
    content_type: str
    source: str | bytes = field(repr=False)
    size: int
    sha256: str
    width: int
    height: int


@frozen
class Inline:
    """A local image inside JSON: as a data: URL, or with `bare` as its base64 alone.

    It is read while the request is sent. A plan shows its name, size and hash.
    """

    upload: Upload
    bare: bool = False


@frozen
class Request:
    """One HTTP request, to the provider's base URL plus `url`, or to `url` itself if absolute.

    Attributes:
        method: The HTTP method.
        url: A path below the base URL, or an absolute URL.
        query: The query parameters.
        json: The JSON body; a request has this, `form` or `content`, and not two of them.
        form: The fields of a multipart/form-data body.
        files: The uploads of that body; several under one name are sent as several parts.
        headers: The headers that the wire needs; the core adds the key.
        expects: Whether the answer is JSON, server-sent events or a video.
        paid: Whether the request may create a job that costs money; it is sent at most once.
        rehearsal: The JSON answer to assume when a plan is made and nothing is sent.
        content: A file that is the whole body, such as that of a PUT to a presigned URL.
        reference: The field of the body in which the vendor keeps the caller's own id of the job;
            it is sent `Task.reference`, by which `find` can ask for the job.
        idempotency: The header by which the vendor knows a request that it got before, and makes no
            second job of it; it is sent the same id.
    """

    method: str
    url: str
    query: Mapping[str, str] = field(factory=dict[str, str])
    json: Payload = None
    form: Mapping[str, str] | None = None
    files: Mapping[str, Upload | Sequence[Upload]] = field(
        factory=dict[str, Upload | Sequence[Upload]]
    )
    headers: Mapping[str, str] = field(factory=dict[str, str])
    expects: Expects = "json"
    paid: bool = False
    rehearsal: JSON = None
    content: Upload | None = None
    reference: str = ""
    idempotency: str = ""


def _lower_keys(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


@frozen
class Response:
    """One HTTP answer; header names are in lower case, `body` is as received."""

    status: int
    headers: Mapping[str, str] = field(factory=dict[str, str], converter=_lower_keys)
    body: bytes = field(default=b"", repr=False)

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    @property
    def media_type(self) -> str:
        """The Content-Type in lower case without its parameters, or an empty string."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    @property
    def text(self) -> str:
        """The body as text; bytes that are not UTF-8 are replaced."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:  # noqa: ANN401 (whatever the vendor sent: callers must look before they use it)
        """Return the first JSON document in the body.

        Anything after it is left alone: new-api up to v0.10 could append an error document to a
        submit answer that already held the task's id. Halves of characters, which no file and no
        database takes, are replaced.

        Raises:
            ValueError: the body holds no JSON document, or one that is too large to be an answer.
        """
        text = self.text.lstrip("\ufeff \t\r\n")
        check_extent(text)
        document = _decode(text)[0]
        if _HALF.search(text):
            whole = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
            document = json.loads(whole)
        return document

    def find(self, *path: str | int) -> Any:  # noqa: ANN401 (whatever the vendor put there)
        """Return the value at a path in the JSON body, such as ("data", 0, "id").

        If there is none, or the body is not JSON, that is None; it never raises.
        """
        try:
            value = self.json()
        except ValueError:
            return None
        for step in path:
            if is_object(value):
                value = value.get(step)  # type: ignore[arg-type]  # an object has no number for a key
            elif is_list(value) and isinstance(step, int) and -len(value) <= step < len(value):
                value = value[step]
            else:
                return None
        return value


def name_job(request: Request, reference: str) -> Request:
    """Return a paid request with the caller's id of the job where the vendor takes it.

    An option of the caller's may be that field already, and is sent as it is.
    """
    if not request.paid or not reference:
        return request
    if name := request.idempotency:
        request = evolve(request, headers={**request.headers, name: reference})
    if not (name := request.reference):
        return request
    if request.form is not None:
        return evolve(request, form={name: reference, **request.form})
    body: Any = request.json if is_object(request.json) else {}
    return evolve(request, json=body if name in body else {**body, name: reference})


def list_files(request: Request) -> list[tuple[str, Upload]]:
    """Return the files of a request in the order in which they are sent."""
    return [
        (name, upload)
        for name, given in request.files.items()
        for upload in ([given] if isinstance(given, Upload) else given)
    ]


def list_uploads(request: Request) -> list[Upload]:
    """Return every local file of a request: of its form, inside its JSON, or as its whole body."""
    uploads = [upload for _, upload in list_files(request)]
    replace_inline(request.json, lambda inline: uploads.append(inline.upload))
    return uploads if request.content is None else [*uploads, request.content]


Flow: TypeAlias = Generator[Request, Response, T]
"""An operation of an adapter: it yields requests, is answered with responses, and returns a result."""


def digest(value: object) -> str:
    """Return the SHA-256 of a value's canonical JSON, in hexadecimal."""
    import hashlib  # noqa: PLC0415 (slow to import, and not needed to compare)

    text = json.dumps(value, sort_keys=True, default=str, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def describe_request(request: Request) -> dict[str, Any]:
    """Return a request as plain JSON values: files by name, size and hash, and never a key."""
    described: dict[str, Any] = {"method": request.method, "url": request.url}
    if request.paid:
        described["paid"] = True
    for name in ("reference", "idempotency"):
        if value := getattr(request, name):
            described[name] = value
    for name in ("query", "json", "form", "headers"):
        if (value := getattr(request, name)) or (name == "json" and value is not None):
            described[name] = replace_inline(value, _describe_inline) if name == "json" else value
    if request.content is not None:
        described["content"] = _describe_upload(request.content)
    files = [{"field": name, **_describe_upload(item)} for name, item in list_files(request)]
    return {**described, "files": files} if files else described


def replace_inline(value: Payload, replace: Callable[[Inline], JSON]) -> Any:  # noqa: ANN401 (plain JSON)
    """Return a body as plain JSON, with something else for each image inside it."""
    if isinstance(value, Inline):
        return replace(value)
    if is_object(value):
        return {name: replace_inline(item, replace) for name, item in value.items()}
    return [replace_inline(item, replace) for item in value] if is_list(value) else value


def _describe_inline(item: Inline) -> JSON:
    return {"inline": _describe_upload(item.upload)}


def _describe_upload(upload: Upload) -> dict[str, Any]:
    return {
        "name": upload.name,
        "type": upload.content_type,
        "bytes": upload.size,
        "sha256": upload.sha256,
    }
