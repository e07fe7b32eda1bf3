"""HTTP messages as plain values: the call that arrives, and the answer to it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, TypeGuard

from attrs import evolve, field, frozen

from anyvideo.sandbox.http.multipart import FormError, parse_form


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Say whether a value out of JSON is an array."""
    return isinstance(value, list)


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Say whether a value out of JSON is an object."""
    return isinstance(value, dict)


class UnreadableError(ValueError):
    """The body of a call is not what its Content-Type says."""


@frozen
class Call:
    """One request that arrives.

    Attributes:
        method: in capitals.
        path: without the query, percent-encoded as sent.
        query: the last value of each name.
        headers: by name in lower case.
        body: as sent.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(factory=dict[str, str])
    headers: Mapping[str, str] = field(factory=dict[str, str], repr=False)
    body: bytes = field(default=b"", repr=False)

    @property
    def key(self) -> str:
        """The bearer token, or an empty string."""
        return self.read_key("Bearer")

    def read_key(self, scheme: str) -> str:
        """Return the key in the authorization of this scheme, or an empty string."""
        given, _, key = self.headers.get("authorization", "").partition(" ")
        return key.strip() if given.lower() == scheme.lower() else ""

    @property
    def media_type(self) -> str:
        """The Content-Type in lower case without its parameters."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    def json(self) -> Any:  # noqa: ANN401 (whatever the client sent)
        """Return the decoded JSON body.

        Raises:
            ValueError: the body is not JSON.
        """
        return json.loads(self.body)

    def read_json(self) -> dict[str, Any]:
        """Return the JSON object in the body.

        Raises:
            UnreadableError: the body is not a JSON object.
        """
        try:
            value = self.json()
        except (ValueError, RecursionError) as error:
            message = f"invalid JSON: {error}"
            raise UnreadableError(message) from error
        if not is_object(value):
            message = "json: cannot unmarshal the body into an object"
            raise UnreadableError(message)
        return value

    def read_form(self) -> dict[str, Any]:
        """Return the fields of a multipart body: texts, files, or lists of repeated ones.

        Raises:
            UnreadableError: the body is not multipart/form-data.
        """
        try:
            return parse_form(self.headers.get("content-type", ""), self.body)
        except FormError as error:
            raise UnreadableError(str(error)) from error

    def read_fields(self) -> dict[str, Any]:
        """Return the fields of a JSON or multipart body; a body of another type has none.

        Raises:
            UnreadableError: the body is not what its Content-Type says.
        """
        if self.media_type == "multipart/form-data":
            return self.read_form()
        return self.read_json() if self.media_type == "application/json" else {}


@frozen
class Answer:
    """What the server answers; `hang_up` closes the connection without an answer.

    A body that is not bytes is sent piece by piece, in chunks unless the headers give its length.
    The connection is cut where such a body ends too early.
    """

    status: int = 200
    body: bytes | Iterable[bytes] = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(factory=dict[str, str])
    hang_up: bool = False

    def with_headers(self, headers: Mapping[str, str]) -> Answer:
        """Return the same answer with more headers."""
        return evolve(self, headers={**self.headers, **headers})


def json_answer(value: object, status: int = 200) -> Answer:
    """Return an answer with a JSON body."""
    body = json.dumps(value, ensure_ascii=False).encode()
    return Answer(status, body, {"content-type": "application/json"})


def html_answer(title: str, status: int) -> Answer:
    """Return a web page such as proxies send."""
    text = f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<h1>{title}</h1>\r\n</body>\r\n</html>\r\n"
    return Answer(status, text.encode(), {"content-type": "text/html"})


class HungUpError(ConnectionError):
    """Ends a body by cutting the connection."""


class Refusal(Exception):  # noqa: N818 (a vendor's refusal is an answer, not an error of the sandbox)
    """Ends an action with the vendor's refusal."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer
