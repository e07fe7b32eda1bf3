"""How long a vendor asks callers to wait, in every form and in junk."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyvideo.dialects.retry_after import read_retry_after
from anyvideo.model.wire import Response

NOW = "Fri, 20 Nov 2026 10:00:00 GMT"
UNIX = 1795168800


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({"retry-after": "17"}, None, 17),
        ({"retry-after": "0"}, None, 0),
        ({"retry-after": "1.5"}, {"retry_after": 9}, 1.5),
        ({"retry-after": "Fri, 20 Nov 2026 10:00:30 GMT", "date": NOW}, None, 30),
        ({"retry-after": "Fri, 20 Nov 2026 10:00:30 -0000", "date": NOW}, None, 30),
        ({"retry-after": "Fri, 20 Nov 2026 09:00:00 GMT", "date": NOW}, None, 0),
        ({"retry-after": "Fri, 20 Nov 2026 10:00:30 GMT"}, None, None),
        ({"retry-after": "soon"}, {"retry_after": "12"}, 12),
        ({"retry-after": "-1"}, None, None),
        ({"retry-after": "1e999"}, None, None),
        ({}, {"detail": "slow down", "retry_after": 12}, 12),
        ({}, {"error": {"retry_after": 3}}, 3),
        ({}, {"error": "no", "retry_after": True}, None),
        ({}, [], None),
        ({}, {"error": {"details": [{"@type": "x.Help"}, {"retryDelay": "30s"}]}}, 30),
        ({}, [{"error": {"details": [{"retryDelay": "23.397s"}]}}], 23.397),
        ({"retry-after": "7"}, {"error": {"details": [{"retryDelay": "30s"}]}}, 7),
        ({}, {"error": {"details": [{"retryDelay": "soon"}, "x"]}}, None),
        ({}, {"error": {"details": {"retryDelay": "30s"}}}, None),
        ({"x-ratelimit-reset": str(UNIX + 45), "date": NOW}, None, 45),
        ({"x-ratelimit-reset": str(UNIX - 45), "date": NOW}, None, 0),
        ({"x-ratelimit-reset": str(UNIX)}, None, None),
        ({"x-ratelimit-reset": "45"}, None, 45),
        ({"x-ratelimit-reset": "soon"}, None, None),
    ],
)
def test_how_long_a_vendor_wants_to_be_left_alone(headers, body, seconds):
    assert read_retry_after(Response(429, headers), body) == seconds


def test_a_reset_means_a_wait_only_where_the_limit_is_reached():
    headers = {"x-ratelimit-reset": "45", "x-ratelimit-remaining": "2999"}

    assert read_retry_after(Response(500, headers), None) is None


JUNK = st.text(max_size=30) | st.from_regex(r"[A-Z][a-z]{2}, \d+ [A-Z][a-z]{2} \d+ [\d:]+ .*")


@given(JUNK, JUNK, st.integers() | st.floats() | st.text(max_size=9))
def test_junk_is_no_wait_or_a_wait_that_can_be_slept(header, date, value):
    headers = {"retry-after": header, "date": date, "x-ratelimit-reset": header}
    wait = read_retry_after(Response(429, headers), {"retry_after": value})

    assert wait is None or 0 <= wait < float("inf")
