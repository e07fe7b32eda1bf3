"""When to try again and when to ask: pure arithmetic, held to what it is for."""

import math
from statistics import NormalDist, mean, median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyvideo.errors import ProviderError
from anyvideo.limits import LONGEST_PAUSE, SHORTEST_PAUSE
from anyvideo.session.waiting import Poll, Retry

SERVER = ProviderError("server", "busy", retryable=True)


def spread(count=200, lowest=83, middle=105, highest=253):
    """Finish times with these quantiles: what was recorded, as a smooth deterministic sample."""
    normal, floor = NormalDist(), lowest - 3
    scores = [normal.inv_cdf((number + 0.5) / count) for number in range(count)]
    root = math.log(middle - floor)
    low = (math.log(lowest - floor) - root) / scores[0]
    high = (math.log(highest - floor) - root) / scores[-1]
    return [floor + math.exp(root + score * (low if score < 0 else high)) for score in scores]


def follow(pause, finish):
    """How often a task is asked for that ends at `finish`, and how late its end is noticed."""
    moment, requests = 0.0, 0
    while moment < finish:
        moment += pause(moment)
        requests += 1
    return requests, moment - finish


def measure(pause, finishes):
    requests, delays = zip(*(follow(pause, finish) for finish in finishes), strict=True)
    return mean(requests), mean(delays)


def test_the_sample_is_the_recorded_spread():
    finishes = spread()

    assert (finishes[0], round(median(finishes)), finishes[-1]) == pytest.approx((83, 105, 253))


@pytest.mark.parametrize("learned", [spread(), spread(100), spread(50)], ids=len)
def test_what_was_learned_halves_the_requests_and_notices_sooner(learned):
    fixed, _ = measure(lambda _: 5.0, spread())

    requests, delay = measure(Poll(60, learned).pause, spread())

    assert requests <= fixed / 2
    assert delay <= 2.5


def test_it_asks_a_little_before_the_earliest_so_that_it_can_learn_that_tasks_got_faster():
    schedule = Poll(60, [80, 100, 120])

    assert 70 < schedule.pause(0) < 80


def test_a_task_that_outlasts_all_others_is_asked_for_ever_more_rarely():
    schedule = Poll(60, [80, 100, 120])

    pauses = [schedule.pause(age) for age in (121, 300, 2000, 90_000)]

    assert pauses == sorted(pauses)
    assert pauses[-1] == schedule.longest


def test_without_a_past_the_first_poll_is_when_the_model_usually_gets_somewhere():
    schedule = Poll(100)

    assert schedule.pause(0) == 40
    assert schedule.pause(50) == 5
    assert schedule.pause(5) == 35
    assert schedule.typical == 100
    assert Poll(100, [1, 2, 3]).typical == 2


@given(
    st.floats(0.1, 5000),
    st.lists(st.floats(0.1, 5000)).map(sorted),
    st.floats(0, 10_000),
)
def test_a_pause_is_never_too_short_nor_too_long(usual, finishes, age):
    schedule = Poll(usual, finishes)
    first = max(usual, *finishes, 0) if finishes else usual

    assert schedule.shortest <= schedule.pause(age) <= max(schedule.longest, first)


def test_pauses_double_up_to_the_longest_and_end_with_the_attempts():
    retry = Retry(attempts=7, first=1, longest=10)

    pauses = [retry.pause(attempt, 0, SERVER) for attempt in range(1, 8)]

    assert pauses == [1, 2, 4, 8, 10, 10, None]


@pytest.mark.parametrize(
    ("error", "waited", "pause"),
    [
        (ProviderError("rate_limited", "x", retryable=True, retry_after=17), 0, 17),
        (ProviderError("rate_limited", "x", retryable=True, retry_after=0), 0, 1),
        (ProviderError("rate_limited", "x", retryable=True, retry_after=301), 0, None),
        (ProviderError("rate_limited", "x", retryable=True, retry_after=200), 200, None),
    ],
)
def test_a_vendors_wish_is_honoured_within_the_budget(error, waited, pause):
    assert Retry().pause(1, waited, error) == pause


WISHES = st.one_of(st.none(), st.floats(0, 1e12), st.sampled_from([0.0, 1e-4, 86_400.0, 1e300]))


@given(st.integers(1, 10_000), WISHES)
def test_no_vendor_makes_polls_too_many_or_too_few(misses, wanted):
    pause = Poll().pause_after(misses, wanted)

    assert SHORTEST_PAUSE <= pause <= LONGEST_PAUSE
    assert wanted is None or pause == wanted or not SHORTEST_PAUSE <= wanted <= LONGEST_PAUSE


@given(st.lists(WISHES, min_size=30, max_size=30))
def test_no_vendor_makes_retries_too_many_or_too_long(wishes):
    retry, waited, number = Retry(attempts=20), 0.0, 1
    for wanted in wishes:
        error = ProviderError("rate_limited", "x", retryable=True, retry_after=wanted)
        pause = retry.pause(number, waited, error)
        if pause is None:
            break
        assert pause >= SHORTEST_PAUSE
        waited, number = waited + pause, number + 1

    assert number <= 20
    assert waited <= retry.patience
