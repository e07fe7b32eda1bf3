"""What errors carry: a kind, a task, every problem or refusal, and advice in one line."""

from typing import get_args

import pytest

from anyvideo import errors
from anyvideo.errors import (
    ERROR_KINDS,
    AnyVideoError,
    ConfigError,
    DownloadError,
    ErrorKind,
    ExpiredError,
    NegotiationError,
    ProviderError,
)
from anyvideo.model.job import VideoJob
from anyvideo.model.offer import Offer
from anyvideo.model.plan import Refusal
from anyvideo.tasks.task import Task

KINDS = (
    "invalid_request auth permission insufficient_funds not_found model_unavailable rate_limited"
    " server content_policy malformed timeout"
)


def test_the_kinds_are_those_that_callers_sort_by():
    assert sorted(ERROR_KINDS) == sorted(get_args(ErrorKind)) == sorted(KINDS.split())


def test_every_error_is_an_anyvideo_error_and_can_carry_a_task():
    named = [value for name, value in vars(errors).items() if name.endswith("Error")]

    assert len(named) >= 12
    assert all(issubclass(error, AnyVideoError) for error in named)
    task = Task("mine", "apiyi", "https://a.b", "video_1", "sora-2")
    assert AnyVideoError("x", task=task).task is task
    assert (AnyVideoError("x").task, str(AnyVideoError("x"))) == (None, "x")


def test_a_config_error_lists_every_problem():
    assert ConfigError("one").problems == ("one",)
    assert str(ConfigError(["one", "two"])) == "one; two"


def test_a_negotiation_error_carries_the_refusals():
    offer = Offer("apiyi", "sora-2")
    refusal = Refusal(VideoJob("a fox"), offer, lambda: (), lambda: ())

    assert NegotiationError("none", [refusal]).refusals == (refusal,)


def test_an_expired_file_is_a_failed_download_of_a_kind():
    error = ExpiredError("gone")

    assert isinstance(error, DownloadError)
    assert (error.kind, error.retryable) == ("not_found", False)


def test_a_provider_error_is_one_line_that_says_what_to_do():
    error = ProviderError("auth", "no", status=401, code="bad_key", provider="mine")

    assert str(error) == "mine: no (auth, HTTP 401, bad_key); check the key"
    assert str(ProviderError("timeout", "slow")) == (
        "slow (timeout); check the network, or raise the provider's timeout"
    )


@pytest.mark.parametrize("kind", sorted(ERROR_KINDS))
def test_every_kind_has_its_advice(kind):
    _, advice = str(ProviderError(kind, "x")).split("; ", 1)

    assert advice
    assert not ProviderError(kind, "x").retryable
