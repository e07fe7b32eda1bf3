"""The envelopes that errors come in are opened, level by level, at little cost."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyvideo.dialects.envelope import ErrorLevel, clean, find_request_id, open_envelope
from anyvideo.model.wire import Response

SENTENCE = st.text("abc xyz", min_size=1).filter(str.strip)


def wrap(value):
    return json.dumps(value)


@pytest.mark.parametrize(
    ("value", "levels"),
    [
        ({"error": {"message": "m", "type": "t", "code": "c"}}, [ErrorLevel("c", "t", "", "m")]),
        ({"code": "c", "message": "m", "data": None}, [ErrorLevel("c", "", "", "m")]),
        ({"code": 402, "message": "m"}, [ErrorLevel("402", "", "", "m")]),
        ({"success": False, "message": "m"}, [ErrorLevel(message="m")]),
        ({"error": "m"}, [ErrorLevel(message="m")]),
        ({"err_code": "c", "err_msg": "m"}, [ErrorLevel("c", "", "", "m")]),
        ({"code": 0, "error_code": "c", "error_msg": "m"}, [ErrorLevel("c", "", "", "m")]),
        (
            {"base_resp": {"status_code": 1008, "status_msg": "m"}},
            [ErrorLevel("1008", "", "", "m")],
        ),
        ({"base_resp": {"status_code": 0, "status_msg": "success"}, "err_code": ""}, []),
        (
            {"message": "outer", "error": "inner"},
            [ErrorLevel(message="outer"), ErrorLevel(message="inner")],
        ),
        ({"detail": [{"loc": ["body"], "msg": "m"}]}, [ErrorLevel(message="m")]),
        ({"detail": {"message": "m"}}, [ErrorLevel(message="m")]),
        ({"data": {"error": {"code": "c"}}}, [ErrorLevel("c")]),
        (
            {"errors": [{"message": "a"}, {"message": "b"}]},
            [ErrorLevel(message="a"), ErrorLevel(message="b")],
        ),
        ({"error": {"code": 404, "status": "NOT_FOUND"}}, [ErrorLevel("404", "", "NOT_FOUND")]),
        ("m", [ErrorLevel(message="m")]),
        ("<html><title> 502  Bad Gateway </title>", [ErrorLevel(message="502 Bad Gateway")]),
        ('<script>{"code": "c"}</script>', []),
        ("why {not}", [ErrorLevel(message="why {not}")]),
        ("why {}", [ErrorLevel(message="why {}")]),
        ({"code": "success", "message": "", "data": None}, []),
        ({"code": 200, "message": "OK", "error": None}, []),
        ({"code": None, "message": None, "error": {}}, []),
        ({"code": True, "type": ["t"], "message": 5}, []),
        (None, []),
        (7, []),
        ([], []),
        ("", []),
    ],
)
def test_the_levels_of_an_envelope(value, levels):
    assert open_envelope(value) == tuple(levels)


def test_an_answer_as_text_in_a_message_is_opened_level_by_level():
    innermost = {"error": {"message": "m", "code": "inner"}}
    middle = {"code": "middle", "message": f"upstream said: {wrap(innermost)} (request id: 7)"}

    assert open_envelope({"error": {"code": "outer", "message": wrap(middle)}}) == (
        ErrorLevel("outer"),
        ErrorLevel("middle", message="upstream said:"),
        ErrorLevel("inner", message="m"),
    )


@given(SENTENCE, st.integers(1, 4), st.sampled_from(["message", "error", "detail", "msg"]))
def test_the_innermost_message_is_found_however_it_is_wrapped(message, times, key):
    value = {"message": message}
    for _ in range(times):
        value = {key: wrap(value)}

    assert open_envelope(value)[-1].message == " ".join(message.split())


def test_what_lies_deeper_than_any_gateway_goes_is_left_alone():
    value: object = {"message": "m"}
    for _ in range(20):
        value = {"error": value}

    assert open_envelope(value) == ()


def test_a_level_says_something_by_its_code_or_message():
    assert [bool(level) for level in (ErrorLevel("c"), ErrorLevel(message="m"))] == [True, True]
    assert [
        bool(level) for level in (ErrorLevel(), ErrorLevel(type="t"), ErrorLevel(status="s"))
    ] == [False] * 3


@pytest.mark.parametrize(
    "value",
    [
        {"message": "{" * 100_000},
        {"message": '{"a":' * 100_000},
        {"message": "<script>" * 20_000},
        {"message": "<title>" * 20_000},
        [{"error": [{"error": [{"message": "x"}] * 50}] * 50}] * 50,
        "model " * 20_000,
    ],
)
def test_hostile_envelopes_cost_little(value):
    started = time.process_time()

    assert len(open_envelope(value)) <= 40
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  two\n lines ", "two lines"),
        ("a\x1b[31mred\x00 \u202etext", "a [31mred text"),
        ("<p>Bad <b>gateway</b></p><style>p{}</style>", "Bad gateway"),
        ("<TITLE lang=en>Just a\nmoment...</TITLE><p>", "Just a moment..."),
        ("3 < seconds and seconds > 1", "3 < seconds and seconds > 1"),
        ("x" * 600, "x" * 499 + "…"),
    ],
)
def test_a_message_becomes_one_short_line(text, line):
    assert clean(text) == line


@pytest.mark.parametrize(
    ("headers", "body", "found"),
    [
        ({"X-Request-Id": "a"}, {"request_id": "b"}, "a"),
        ({"X-Oneapi-Request-Id": "a", "X-Request-Id": ""}, {}, "a"),
        ({}, {"request_id": "req_9"}, "req_9"),
        ({}, {"request_id": ""}, None),
        ({}, {"error": {"message": "no (request id: 20261120abcdefgh)"}}, "20261120abcdefgh"),
        ({}, {"error": {"message": "no"}}, None),
        ({}, [], None),
    ],
)
def test_the_request_id_is_in_a_header_the_body_or_the_message(headers, body, found):
    assert find_request_id(Response(400, headers, wrap(body).encode()), body) == found
