"""Requests and responses: bodies, places in them, files, and what repr leaves out."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyvideo.limits import MOST_JSON_DEPTH, MOST_JSON_VALUES
from anyvideo.model.wire import Request, Response, Upload, list_files
from anyvideo.validation import is_list, is_object


def body_of(text):
    return Response(200, {}, text.encode() if isinstance(text, str) else text)


def test_header_names_are_in_lower_case():
    response = Response(200, {"Content-Type": "Application/JSON; charset=utf-8", "X-A": "B"})

    assert response.headers == {"content-type": "Application/JSON; charset=utf-8", "x-a": "B"}
    assert response.media_type == "application/json"
    assert Response(200).media_type == ""


@pytest.mark.parametrize(("status", "ok"), [(199, False), (200, True), (299, True), (300, False)])
def test_a_success_is_a_2xx(status, ok):
    assert Response(status).ok is ok


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1}', {"a": 1}),
        ('\ufeff \r\n{"a": 1}\n', {"a": 1}),
        ('{"id": "x"}{"code": "insert_task_failed"}', {"id": "x"}),
        ('{"id": "x"}\n\n{"code": 1}', {"id": "x"}),
        (b'{"a": "\xff"}', {"a": "\ufffd"}),
        ('"\\ud83e\\udd8a"', "🦊"),
        ('["\\ud800", "\\uDFFF x"]', ["?", "? x"]),
        ("null", None),
    ],
)
def test_the_first_document_in_a_body(text, value):
    assert body_of(text).json() == value


@pytest.mark.parametrize("text", ["", " ", "<html>", '{"a": ', "nothing", "[" * 100_000, b"\xff"])
def test_a_body_that_is_no_json(text):
    with pytest.raises(ValueError, match=r"Expecting|nested|Unterminated"):
        body_of(text).json()


@given(st.binary(max_size=50) | st.text('{}[]"\\ud8,:0', max_size=50).map(str.encode))
def test_what_a_body_holds_can_be_written_again(raw):
    try:
        value = body_of(raw).json()
    except ValueError:
        return
    json.dumps(value, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ((), {"data": [{"id": "x"}]}),
        (("data", 0, "id"), "x"),
        (("data", -1, "id"), "x"),
        (("data", 1, "id"), None),
        (("data", "id"), None),
        (("gone", "id"), None),
        ((0,), None),
    ],
)
def test_a_place_in_a_body(path, value):
    assert body_of('{"data": [{"id": "x"}]}').find(*path) == value
    assert body_of("no json").find(*path) is None


def test_what_json_calls_its_values():
    values: list[object] = [{}, [], "x", None]

    assert [is_object(value) for value in values] == [True, False, False, False]
    assert [is_list(value) for value in values] == [False, True, False, False]


def test_files_are_listed_in_the_order_in_which_they_are_sent():
    one, two, three = (Upload(name, "image/png", b"x", 1, "0", 1, 1) for name in "abc")
    request = Request("POST", "/v1/videos", form={}, files={"first": one, "rest": [two, three]})

    assert list_files(request) == [("first", one), ("rest", two), ("rest", three)]
    assert list_files(Request("GET", "/")) == []


def test_neither_bodies_nor_files_are_shown():
    upload = Upload("a.png", "image/png", b"picture", 7, "0", 1, 1)

    assert "picture" not in repr(upload)
    assert "secret" not in repr(Response(200, {}, b"secret"))


def test_only_as_much_json_is_read_as_an_answer_may_have():
    deep = b"[" * MOST_JSON_DEPTH + b"]" * MOST_JSON_DEPTH
    wide = b"[" + b"0," * (MOST_JSON_VALUES - 1) + b"0]"
    assert Response(200, body=deep).json()
    assert len(Response(200, body=wide).json()) == MOST_JSON_VALUES

    for body, why in ((b"[" + deep + b"]", "deeper than 64"), (wide + b",", "more than 100000")):
        with pytest.raises(ValueError, match=why):
            Response(200, body=body).json()
        assert Response(200, body=body).find() is None


@given(
    st.recursive(
        st.text(alphabet='[]{}"\\,a'),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(alphabet='[]{}"\\,a'), inner),
    )
)
def test_brackets_in_texts_count_for_no_level(document):
    padding = [list[object]() for _ in range(MOST_JSON_DEPTH)]
    body = json.dumps([document, padding]).encode()

    assert Response(200, body=body).json() == [document, padding]


@pytest.mark.parametrize(
    "text", ['"\\' * 400_000, "[" * 65 + '"' + "\\" * 900_000, '"' * 900_000 + "[" * 65]
)
def test_no_text_costs_a_second_look(text):
    started = time.process_time()
    with pytest.raises(ValueError):  # noqa: PT011 (whatever is wrong with it)
        Response(200, body=("[" * 65 + text).encode()).json()

    assert time.process_time() - started < 2
