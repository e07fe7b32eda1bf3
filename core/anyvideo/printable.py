r"""Texts from outside, such as ids and messages of vendors, as characters that a screen shows.

Control characters move the cursor, colour the screen or set its title, and formatting characters
hide text or turn its direction. They are written as Python writes them: `\x1b`, `\u202e`.
"""

from __future__ import annotations

import logging
import re

# Unicode's categories Cc, Cf, Cs, Zl and Zp. The joiners and tags of emoji and of Persian stay.
_UNSEEN = (
    r"\x00-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b\u200e"
    r"\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\U000110bd\U000110cd"
    r"\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001"
)
_CHARACTER = re.compile(f"[{_UNSEEN}]")


def make_printable(text: str) -> str:
    """Return a text on one line in which every character can be seen."""
    return _CHARACTER.sub(_write_python, text)


def make_line(text: str) -> str:
    """Return prose on one line: breaks are blanks, and other characters can be seen."""
    return make_printable(" ".join(text.split()))


def escape_json(text: str) -> str:
    """Return JSON of the same values in which every character can be seen."""
    return _CHARACTER.sub(_write_json, text)


def _write_python(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")


def _write_json(found: re.Match[str]) -> str:
    if found[0] == "\n":  # JSON has it between its values alone
        return found[0]
    units = found[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


class _PrintableLog(logging.Filter):
    """Makes the lines of a logger printable."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        line = make_line(message)
        if line != message:
            record.msg, record.args = line, ()
        return True


_PRINTABLE_LOG = _PrintableLog()


def make_log_printable() -> None:
    """Let what anyvideo logs be lines that can be seen."""
    logging.getLogger("anyvideo").addFilter(_PRINTABLE_LOG)
