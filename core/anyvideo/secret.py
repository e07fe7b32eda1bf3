"""A key that nothing shows by accident, and that is found again wherever a vendor echoes it.

Gateways put the key into messages, ids and URLs: as it is, with the escapes of JSON, of URLs and of
HTML, or inside base64 (RFC 4648), where it looks different at each of three alignments.
"""

from __future__ import annotations

import re
from array import array
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from attrs import evolve, fields, has

T = TypeVar("T")
MASK = "***"
# A shorter key, such as "sandbox", stands in answers by itself.
_SHORTEST = 8
# Of JSON in JSON in a URL there are three.
_LAYERS = 4
# A character of a key as JSON, a URL or HTML may write it: \u002f, \x2f, \/, %2f, &#x2f; or &#47;
_ESCAPE = re.compile(
    rb"\\\\{0,15}+(?:(?:u00|x)([0-7][0-9a-fA-F])|([^ux\\]))"
    rb"|%([0-7][0-9a-fA-F])|&#[xX]0{0,6}([0-7][0-9a-fA-F]);|&#0{0,6}(\d{2,3});"
)
_BYTES = {f"{n:{case}}".encode(): bytes([n]) for n in range(128) for case in ("02x", "02X")}


class Secret:
    """A text that repr, str, format, copies, pickles and `attrs.asdict` do not show.

    A pickled secret is empty when it is read: a key does not travel.
    """

    __slots__ = ("_forms", "_text")

    def __init__(self, text: str | Secret = "") -> None:
        self._text: str = text.reveal() if isinstance(text, Secret) else text
        self._forms: tuple[bytes, ...] | None = None

    def reveal(self) -> str:
        """Return the text itself."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other.reveal()

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return MASK if self._text else ""

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, _: object) -> Secret:
        return self

    def __reduce__(self) -> tuple[type[Secret], tuple[()]]:
        return Secret, ()

    def mask(self, text: str) -> str:
        """Return a text in which every form of the secret is masked."""
        data = text.encode("utf-8", "surrogatepass")
        masked = self.mask_bytes(data)
        return text if masked is data else masked.decode("utf-8", "surrogatepass")

    def mask_bytes(self, data: bytes) -> bytes:
        """Return data in which every form of the secret is masked; the same object if it has none."""
        forms = self._list_forms()
        for form in forms:
            if form in data:
                data = data.replace(form, MASK.encode())
        plain = _unescape(data) if forms else b""
        if not any(form in plain for form in forms):
            return data
        plain, places = _trace(data)
        return _cut(data, [(places[a], places[b]) for a, b in _find(plain, forms)])

    def mask_fields(self, value: T) -> T:
        """Return an attrs value with the secret masked in its texts, also in values inside it."""
        masked: Any = self._mask_value(value)
        return masked  # type: ignore[no-any-return]  # of the type of the value

    def _mask_value(self, value: Any) -> Any:  # noqa: ANN401 (attrs values, JSON, and what they hold)
        kind: Any = value.__class__
        if kind is str:
            return self.mask(value)
        if kind is dict:
            return {self._mask_value(name): self._mask_value(item) for name, item in value.items()}
        if kind is list:
            return [self._mask_value(item) for item in value]
        if kind is tuple:
            return tuple(self._mask_value(item) for item in value)
        if not has(kind):
            return value
        known = {item.name: getattr(value, item.name) for item in fields(kind)}
        masked = {name: self._mask_value(item) for name, item in known.items()}
        changes = {name: item for name, item in masked.items() if item != known[name]}
        return evolve(value, **changes) if changes else value

    def _list_forms(self) -> tuple[bytes, ...]:
        """Return what to look for in data without escapes; nothing for a secret that is a word."""
        if self._forms is None:
            text = self._text.encode("utf-8", "surrogatepass")
            # A vendor may echo one half of a key that is "id:secret".
            texts = [item for item in (text, *text.split(b":")) if len(item) >= _SHORTEST]
            self._forms = tuple(dict.fromkeys(form for item in texts for form in _list_forms(item)))
        return self._forms


def _list_forms(text: bytes) -> Iterator[bytes]:
    yield text
    if len(plain := _unescape(text)) >= _SHORTEST:
        yield plain
    for encode in (b64encode, urlsafe_b64encode):
        for before in range(3):
            whole = encode(bytes(before) + text)
            # The first and the last character may hold bits of what stands beside the text.
            yield whole[-(-before * 8 // 6) : (before + len(text)) * 8 // 6]


def _unescape(data: bytes) -> bytes:
    """Return data without escapes; a backslash before anything else is left out."""
    for _ in range(_LAYERS):
        before, data = data, _ESCAPE.sub(_read_escape, data)
        if data == before:
            break
    return data


def _read_escape(found: re.Match[bytes]) -> bytes:
    code = found[found.lastindex or 0]
    match found.lastindex:
        case 2:
            return code
        case 5:
            return bytes([int(code) & 0x7F])
        case _:
            return _BYTES[code]


def _trace(data: bytes) -> tuple[bytes, Sequence[int]]:
    """Return data without escapes, and where each byte of it, and its end, were in the data."""
    places: Any = range(len(data) + 1)
    for _ in range(_LAYERS):
        plain, moved, last = bytearray(), array("Q"), 0
        for found in _ESCAPE.finditer(data):
            start = found.start()
            plain += data[last:start] + _read_escape(found)
            moved.extend(places[last : start + 1])
            last = found.end()
        plain += data[last:]
        moved.extend(places[last:])
        before, data, places = data, bytes(plain), moved
        if data == before:
            break
    return data, places


def _find(data: bytes, forms: Sequence[bytes]) -> Iterator[tuple[int, int]]:
    for form in forms:
        start = data.find(form)
        while start >= 0:
            yield start, start + len(form)
            start = data.find(form, start + len(form))


def _cut(data: bytes, spans: Sequence[tuple[int, int]]) -> bytes:
    """Return data with each span masked; spans that overlap are one."""
    pieces, last = list[bytes](), 0
    for start, end in sorted(spans):
        if start >= last:
            pieces += [data[last:start], MASK.encode()]
        last = max(last, end)
    return b"".join([*pieces, data[last:]])
