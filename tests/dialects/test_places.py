"""Where facts stand in an answer, and where something else stands that looks like them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyvideo.dialects.places import (
    _NESTED,
    _URLS,
    _find_url,
    find_id,
    find_request_id,
    find_url,
    find_word,
    is_refusal,
    list_levels,
    list_places,
)

URL = "https://a.b/c.mp4"
OTHER = "https://a.b/other.mp4"
INPUT = "https://a.b/input.png"
POLL = "https://a.b/requests/r1"


@pytest.mark.parametrize(
    ("body", "id"),
    [
        ({"output": {"task_id": "a"}, "request_id": "r"}, "a"),
        ({"task": {"id": "a"}}, "a"),
        ({"data": {"id": "a"}, "output": {"id": "file"}}, "a"),
        ({"name": "operations/a"}, "operations/a"),
        ({"name": "models/veo-3.1/operations/a"}, "models/veo-3.1/operations/a"),
        ({"name": "operations/a", "data": {"id": "b"}}, "b"),
        ({"name": "operations/a", "data": {"name": "operations/b"}}, "operations/a"),
        ({"name": "a fox"}, ""),
        ({"name": "operations/"}, ""),
        ({"name": ["operations/a"]}, ""),
        ({"output": "text", "task": [], "data": None}, ""),
    ],
)
def test_the_id_of_a_task(body, id):  # noqa: A002 (the field's own name)
    assert find_id(list_levels(body)) == id


@pytest.mark.parametrize(
    ("body", "id"),
    [
        ({"request_id": "r"}, "r"),
        ({"request_id": "r", "status": "IN_QUEUE"}, "r"),
        ({"request_id": "r", "status": "processing", "model": "m"}, "r"),
        ({"request_id": "r", "status_url": POLL}, "r"),
        ({"request_id": "r", "response_url": POLL, "cancel_url": POLL}, "r"),
        ({"request_id": "r", "model": "m"}, ""),
        ({"request_id": "r", "status": "success"}, ""),
        ({"request_id": "r", "status": "failed"}, ""),
        ({"request_id": "r", "status": "no such word"}, ""),
        ({"request_id": "r", "status_url": "soon"}, ""),
        ({"request_id": "r", "code": 0, "status": "queued"}, ""),
        ({"request_id": "r", "data": {"status": "queued"}}, ""),
        ({"request_id": "r", "message": "success", "data": None}, ""),
        ({"request_id": "r", "output": {}}, ""),
        ({"request_id": "r", "status": "queued", "error": "no"}, ""),
        ({"request_id": "r", "success": False, "status_url": POLL}, ""),
        ({"request_id": None}, ""),
        ([], ""),
    ],
)
def test_the_id_of_a_request_is_a_tasks_only_where_nothing_else_can_be_meant(body, id):  # noqa: A002 (the field's own name)
    assert find_request_id(list_levels(body)) == id


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({"output": {"task_status": "PENDING"}}, "PENDING"),
        ({"task": {"status": "running"}}, "running"),
        ({"done": True}, "succeeded"),
        ({"done": False}, "running"),
        ({"done": True, "data": {"status": "queued"}}, "queued"),
        ({"done": "yes"}, None),
        ({"status": "success", "output": {"status": "queued"}}, "queued"),
    ],
)
def test_the_word_for_a_state(body, word):
    assert find_word(list_levels(body)) == word


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ({"code": 10000, "message": "Success"}, False),
        ({"code": 10000, "message": ""}, True),
        ({"code": 50411, "message": "Risk Not Pass"}, True),
        ({"code": 10000, "message": "Success", "success": False}, True),
        ({"output": {"error": "no"}}, True),
    ],
)
def test_a_refusal(body, refused):
    assert is_refusal(list_levels(body)) is refused


@pytest.mark.parametrize(
    "body",
    [
        {"output": URL},
        {"output": [URL, OTHER]},
        {"output": [INPUT, URL]},
        {"output": {"video": {"url": URL}}},
        {"video": {"url": URL}},
        {"video": {"url": OTHER}, "data": {"url": URL}},
        {"video": {"url": OTHER}, "output": [URL]},
        {"result": {"sample": URL}},
        {"task": {"content": {"url": URL}}},
        {"task_result": {"videos": [{"url": URL, "watermark_url": OTHER}]}},
        {"creations": [{"url": URL, "cover_url": INPUT}]},
        {"response": {"generateVideoResponse": {"generatedSamples": [{"video": {"uri": URL}}]}}},
    ],
)
def test_further_places_of_the_url(body):
    assert find_url(body) == URL


@pytest.mark.parametrize(
    "body",
    [
        {"input": {"video": {"url": URL}}},
        {"image_url": INPUT, "images": [INPUT], "first_frame": {"url": INPUT}},
        {"output": "a fox that runs"},
        {"output": [INPUT, "https://a.b/x.JPG?sig=1", "https://a.b/x.jpeg", "https://a.b/x.webp"]},
        {"creations": [{"cover_url": URL}]},
        {"urls": {"get": URL, "cancel": URL, "stream": URL}},
        {"status_url": URL, "response_url": URL, "polling_url": URL},
        {"video": {"url": ""}},
        {"video": {"uri": "files/abc"}},
        {"response": {"videos": [{"gcsUri": "gs://bucket/video.mp4"}]}},
        {"detail": [{"loc": ["body"], "msg": "no", "url": "https://docs.a.b/errors"}]},
    ],
)
def test_a_url_that_is_not_the_videos(body):
    assert find_url(body) is None


KEYS = st.sampled_from(
    ["data", "output", "video", "url", "video_url", "creations", "sample", "task"]
)
BODIES = st.recursive(
    st.sampled_from([URL, OTHER, INPUT, "text", ""]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=8,
)


@given(BODIES)
def test_a_further_place_hides_no_usual_one(body):
    usual = _find_url(list_places(body, _NESTED), _URLS)

    assert usual is None or find_url(body) == usual
