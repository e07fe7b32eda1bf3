"""Every character of a text from outside can be seen."""

import json
import logging
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyvideo.errors import AnyVideoError, ConfigError, ProviderError
from anyvideo.printable import escape_json, make_line, make_log_printable, make_printable

UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
# What emoji and the scripts of Persian and of India are made with.
KEPT = {"\u200c", "\u200d", *map(chr, range(0xE0020, 0xE0080))}


def is_seen(text):
    return all(unicodedata.category(c) not in UNSEEN or c in KEPT for c in text)


class TestPrintable:
    def test_exactly_the_characters_that_are_not_seen_are_written_out(self):
        for number in range(sys.maxunicode + 1):
            character = chr(number)
            kind = "seen" if character in KEPT else unicodedata.category(character)
            if kind != "Cn":  # which a later Unicode assigns
                changed = make_printable(character) != character
                assert changed == (kind in UNSEEN), hex(number)

    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("\x1b[31mred\x1b]0;title\x07", r"\x1b[31mred\x1b]0;title\x07"),
            ("a\nb\tc\r", r"a\nb\tc\r"),
            ("\x9b2J\u202egpj.exe\ud800", r"\x9b2J\u202egpj.exe\ud800"),
            ("ein Fuchs, 狐, 👩\u200d👩\u200d👧", "ein Fuchs, 狐, 👩\u200d👩\u200d👧"),
        ],
        ids=["escapes", "breaks", "rare", "seen"],
    )
    def test_it_is_written_as_python_writes_it(self, text, shown):
        assert make_printable(text) == shown
        assert make_printable(shown) == shown

    def test_prose_is_one_line(self):
        assert make_line(" a\r\n  b\tc\x1b ") == r"a b c\x1b"

    @given(st.recursive(st.text(st.characters()), st.lists))
    def test_json_has_the_same_values(self, value):
        for indent in (None, 2):
            text = escape_json(json.dumps(value, ensure_ascii=False, indent=indent))
            assert is_seen(text.replace("\n", ""))
            assert json.loads(text) == value


EVIL = "x\x1b]8;;http://evil\x07y\x9b2J\u202ez\nw"
SHOWN = r"x\x1b]8;;http://evil\x07y\x9b2J\u202ez w"


class TestErrors:
    def test_an_error_is_one_line_that_can_be_seen(self):
        error = AnyVideoError(EVIL)
        assert (error.message, str(error), error.args) == (SHOWN, SHOWN, (SHOWN,))
        assert ConfigError([EVIL, "b"]).problems == (SHOWN, "b")

    def test_so_is_that_of_a_vendor_with_its_code(self):
        error = ProviderError("server", EVIL, code=EVIL, provider="acme")
        assert str(error) == f"acme: {SHOWN} (server, {SHOWN}); try again later"
        assert error.code == EVIL

    def test_so_is_what_is_logged(self, caplog):
        make_log_printable()
        logging.getLogger("anyvideo").warning("no %s", EVIL)
        logging.getLogger("anyvideo").warning("no %s", "x")

        assert [record.getMessage() for record in caplog.records] == [f"no {SHOWN}", "no x"]
        assert caplog.records[1].args == ("x",)
