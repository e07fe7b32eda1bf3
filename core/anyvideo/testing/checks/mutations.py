"""What may become of an answer on its way: every part of it missing, of another type, cut off.

Vendors change their envelopes without notice, proxies answer in their stead, connections break. An
adapter that survives these answers survives those.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TypeAlias

from attrs import evolve, frozen

from anyvideo.model.wire import Response
from anyvideo.validation import is_list, is_object

Path: TypeAlias = tuple[str | int, ...]
_PAGE = b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body></body></html>"
_VALUES: tuple[Any, ...] = (None, True, 0, -1.5, "", "x", [], {}, [None], {"x": None}, [[]])
_BODIES = {
    "empty": b"",
    "half an object": b'{"',
    "null": b"null",
    "a list": b"[]",
    "a list in a list": b"[[]]",
    "an object without keys": b"{}",
    "a text": b'"ok"',
    "a number": b"7",
    "no UTF-8": b"\xff\xfe\x00",
    "a web page": _PAGE,
    "nested without end": b"[" * 100_000,
}
_STATUSES = (201, 204, 302, 400, 401, 402, 403, 404, 409, 410, 422, 429, 500, 502, 503, 504)


@frozen
class Mutation:
    """An answer that went wrong, and in words how."""

    how: str
    response: Response


def mutate(response: Response) -> Iterator[Mutation]:
    """Yield an answer with each of its parts broken in turn."""
    for how, body in _BODIES.items():
        yield Mutation(f"the body is {how}", evolve(response, body=body))
    half = response.body[: len(response.body) // 2]
    yield Mutation("the body breaks off in the middle", evolve(response, body=half))
    for status in _STATUSES:
        yield Mutation(f"the status is {status}", evolve(response, status=status))
        page = Response(status, {"content-type": "text/html"}, _PAGE)
        yield Mutation(f"the status is {status}, the body a web page", page)
    try:
        body = json.loads(response.body)
    except ValueError:
        return
    for path, value in walk(body):
        where = show_path(path)
        yield Mutation(f"{where} is missing", restate(response, change(body, path)))
        for other in _VALUES:
            if type(other) is not type(value) or other != value:
                shown = json.dumps(other)
                yield Mutation(f"{where} is {shown}", restate(response, change(body, path, other)))


def restate(response: Response, body: object) -> Response:
    """Return the answer with another JSON body."""
    return evolve(response, body=json.dumps(body, ensure_ascii=False).encode())


def walk(value: object, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Yield every value inside a decoded JSON document with its path."""
    for key, item in _list_items(value):
        yield (*path, key), item
        yield from walk(item, (*path, key))


def _list_items(value: Any) -> list[tuple[str | int, Any]]:  # noqa: ANN401 (a decoded JSON document)
    if is_object(value):
        return list(value.items())
    return list(enumerate(value)) if is_list(value) else []


_GONE = object()


def change(value: Any, path: Path, new: object = _GONE) -> Any:  # noqa: ANN401 (a decoded JSON document)
    """Return a copy of a JSON document with another value at a path, or with none there."""
    if not path:
        return new
    first, rest = path[0], path[1:]
    items = dict(_list_items(value))
    items[first] = change(items[first], rest, new)
    if items[first] is _GONE:
        del items[first]
    return items if is_object(value) else list(items.values())


def show_path(path: Path) -> str:
    """Return a path as authors write it, such as "data[0].id"."""
    steps = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in path]
    return "".join(steps).removeprefix(".")
