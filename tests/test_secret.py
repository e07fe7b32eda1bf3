"""A key that nothing shows by accident, and that is found again in every form."""

import copy
import json
import pickle
from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyvideo.plugin import Output, Report, TaskError
from anyvideo.secret import Secret

# It has every character that JSON, URLs and base64 write in another way.
KEY = "sk-mark/ed+01?23~=456789abcdef"
SECRET = Secret(KEY)
PERCENT = "".join(f"%{ord(c):02x}" for c in KEY)
FORMS = {
    "plain": KEY,
    "solidus": KEY.replace("/", "\\/"),
    "json": "".join(f"\\u{ord(c):04x}" for c in KEY),
    "json, capitals": "".join(f"\\u{ord(c):04X}" for c in KEY),
    "json in json": json.dumps(json.dumps(KEY.replace("/", "\\/")))[3:-3],
    "python": "".join(f"\\x{ord(c):02x}" for c in KEY),
    "url": quote(KEY, safe=""),
    "url, small letters": quote(KEY, safe="").lower(),
    "url, every character": PERCENT,
    "url in url": quote(quote(KEY, safe=""), safe=""),
    "url in json": PERCENT.replace("%", "\\u0025"),
    "json in url": quote("".join(f"\\u{ord(c):04x}" for c in KEY)),
    "html": KEY.replace("/", "&#x2F;").replace("+", "&#43;"),
}


def encode_base64(before, after):
    data = bytes(before) + KEY.encode() + bytes(after)
    return [b64encode(data).decode(), urlsafe_b64encode(data).decode()]


class TestForms:
    @pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
    def test_it_is_masked_in_every_form(self, form):
        assert SECRET.mask(f'{{"a": "x {form}", "b": {form}}}') == '{"a": "x ***", "b": ***}'

    @pytest.mark.parametrize("before", range(4))
    @pytest.mark.parametrize("after", range(4))
    def test_it_is_masked_inside_base64_at_each_alignment(self, before, after):
        for text in encode_base64(before, after):
            for form in (text, quote(text, safe=""), text.replace("/", "\\/")):
                masked = SECRET.mask(form)
                assert "***" in masked
                assert len(masked) < len(form) - len(KEY)

    def test_what_is_left_of_json_is_json(self):
        said = json.dumps({"a": f'"\\{KEY}\\n', "b": [KEY, "\\"], KEY: 1})
        assert json.loads(SECRET.mask(said.replace("/", "\\/"))).keys() == {"a", "b", "***"}

    @given(st.binary())
    def test_other_data_stays_as_it_is(self, data):
        assert SECRET.mask_bytes(data) is data

    @given(st.text(), st.text())
    def test_what_stands_beside_it_stays(self, before, after):
        masked = SECRET.mask(f"{before} {KEY} {after}")
        assert masked == f"{before} *** {after}"

    @given(st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S"]), min_size=8))
    def test_any_key_is_masked(self, key):
        for form in (key, json.dumps(key)[1:-1], quote(key, safe="")):
            assert key not in Secret(key).mask(f"<{form}>")

    def test_a_key_that_is_written_with_escapes_is_no_shorter_word(self):
        key = Secret("%41%42%43")
        assert key.mask("ABC %41%42%43") == "ABC ***"

    def test_deep_escapes_are_removed_up_to_a_limit(self):
        deep = KEY.replace("/", "%2525252f")
        assert SECRET.mask(deep) == "***"
        assert SECRET.mask(KEY.replace("/", f"%{'25' * 9}2f")) != "***"

    def test_forms_that_overlap_are_masked_once(self):
        written = "".join(f"\\u{ord(c):04x}" for c in "YWFhYWFhYWFhYWFh")
        assert Secret("aaaaaaaa").mask(written) == f"***{written[-18:]}"


class TestHiding:
    @pytest.mark.parametrize("show", [str, repr, "{}".format, "%s".__mod__])
    def test_it_shows_nothing(self, show):
        assert show(SECRET) == "***"
        assert show(Secret()) == ""

    def test_copies_have_it_and_pickles_do_not(self):
        assert copy.copy(SECRET) == copy.deepcopy(SECRET) == SECRET
        pickled = pickle.dumps(SECRET)
        assert KEY.encode() not in pickled
        assert not pickle.loads(pickled)  # noqa: S301 (made one line above)

    def test_asdict_and_json_do_not_show_it(self):
        @attrs.frozen
        class Holder:
            key: Secret

        assert json.dumps(attrs.asdict(Holder(SECRET)), default=str) == '{"key": "***"}'

    def test_equal_secrets_are_equal(self):
        assert {SECRET, Secret(SECRET), Secret(KEY)} == {SECRET}
        assert Secret(KEY) != KEY


class TestFields:
    def test_the_texts_of_a_value_are_masked(self):
        report = Report(KEY, "failed", error=TaskError("auth", KEY, f"no {KEY}"))
        assert SECRET.mask_fields(report) == Report(
            "***", "failed", error=TaskError("auth", "***", "no ***")
        )

    def test_what_a_value_holds_is_masked_too(self):
        secret = Secret("id-0123456:secret-9876543")
        report = Report(
            "x",
            extra={"urls": [f"https://x.example/?key={KEY}"], KEY: 1},
            outputs=[Output(f"https://x.example/{KEY}.mp4", KEY)],
        )
        masked = SECRET.mask_fields(report)

        assert masked.extra == {"urls": ["https://x.example/?key=***"], "***": 1}
        assert masked.outputs == (Output("https://x.example/***.mp4", "***"),)
        assert secret.mask("id-0123456 and secret-9876543 and 0123456") == "*** and *** and 0123456"

    def test_a_value_without_it_is_the_same_object(self):
        report = Report("x", "failed", error=TaskError())
        assert SECRET.mask_fields(report) is report
