"""Server-sent events, decoded as they arrive: bytes in, the data of whole events out.

    data: {"choices": [...]}      one line of data; several lines of one event are joined
                                  a blank line ends the event
    : keep-alive                  a comment, skipped
    data: [DONE]

Source: https://html.spec.whatwg.org/multipage/server-sent-events.html, except that an event whose
blank line is missing when the stream ends still counts: vendors forget it after the last one.
"""

from __future__ import annotations

from attrs import define, field

from anyvideo.errors import ProviderError
from anyvideo.limits import MOST_EVENT_BYTES


@define
class Decoder:
    """Decodes one stream; chunks may be cut anywhere, also inside a character or a line end."""

    _rest: bytearray = field(factory=bytearray, init=False, repr=False)
    _data: list[str] = field(factory=list[str], init=False, repr=False)
    _size: int = field(default=0, init=False)

    def feed(self, chunk: bytes) -> list[str]:
        """Return the data of the events that these bytes complete.

        Raises:
            ProviderError: the event or the line before these bytes is longer than any vendor's.
        """
        if self._size + len(self._rest) > MOST_EVENT_BYTES:
            message = f"the stream has an event of more than {MOST_EVENT_BYTES} bytes"
            raise ProviderError(kind="malformed", message=message)
        kept = self._rest.endswith(b"\r")
        self._rest += chunk
        if not (kept or b"\n" in chunk or b"\r" in chunk):
            return []
        lines = bytes(self._rest).splitlines(keepends=True)
        # A line that ends in a bare \r is kept back: the \n that belongs to it may still come.
        self._rest = (
            bytearray() if not lines or lines[-1].endswith(b"\n") else bytearray(lines.pop())
        )
        return [event for line in lines if (event := self._read_line(line)) is not None]

    def finish(self) -> list[str]:
        """Return the data of the event that the end of the stream completes, if there is one."""
        return self.feed(b"\n\n")

    def _read_line(self, line: bytes) -> str | None:
        text = line.rstrip(b"\r\n").decode("utf-8", "replace").removeprefix("\ufeff")
        if not text:
            event = "\n".join(self._data) if self._data else None
            self._data.clear()
            self._size = 0
            return event
        name, _, value = text.partition(":")
        if name == "data":
            self._data.append(value.removeprefix(" "))
            self._size += len(line)
        return None
