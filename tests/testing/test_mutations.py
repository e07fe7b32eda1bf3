"""Every part of an answer is broken in turn."""

from anyvideo.testing import answer
from anyvideo.testing.checks.mutations import change, mutate, show_path, walk

BODY = {"data": [{"id": "1"}, {"id": "2"}], "n": 0}


def test_every_part_is_missing_once_and_wrong_in_many_ways():
    mutations = {mutation.how: mutation.response for mutation in mutate(answer(BODY))}

    assert mutations["data[0].id is missing"].json() == {"data": [{}, {"id": "2"}], "n": 0}
    assert mutations["data[1] is missing"].json() == {"data": [{"id": "1"}], "n": 0}
    assert mutations['data[0] is {"x": null}'].json()["data"][0] == {"x": None}
    assert mutations["n is []"].json()["n"] == []
    assert "n is 0" not in mutations
    assert mutations["the status is 502"].status == 502
    assert (
        mutations["the body breaks off in the middle"].body
        == answer(BODY).body[: len(answer(BODY).body) // 2]
    )
    assert len(mutations) > 80


def test_what_is_no_json_has_its_bodies_and_statuses_broken_only():
    ways = [mutation.how for mutation in mutate(answer("<html>"))]

    assert "the body is a web page" in ways
    assert not [way for way in ways if "missing" in way]


def test_a_change_leaves_the_original_alone():
    assert change(BODY, ("data", 0, "id"), 7) == {"data": [{"id": 7}, {"id": "2"}], "n": 0}
    assert BODY["data"] == [{"id": "1"}, {"id": "2"}]
    assert dict(walk({"a": [1]})) == {("a",): [1], ("a", 0): 1}
    assert show_path(("a", 0, "b")) == "a[0].b"
