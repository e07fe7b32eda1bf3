"""The kit that third parties use, held to Replicate with the answers of its pages and of its clients."""

import pytest

from anyvideo.testing import Conformance, answer
from tests.plugins.replicate.answers import (
    ABORTED,
    DONE,
    FAILED,
    INVALID,
    NO_MONEY,
    PROCESSING,
    STARTING,
    UNAUTHENTICATED,
)

pytestmark = pytest.mark.volume

WORDS = {
    "starting": "queued",
    "processing": "running",
    "succeeded": "succeeded",
    "failed": "failed",
    "canceled": "cancelled",
    "aborted": "cancelled",
}


class TestReplicate(Conformance):
    adapter = "replicate"
    words = WORDS
    accepted = answer(STARTING, 201)
    running = (answer(STARTING), answer(PROCESSING))
    succeeded = answer(DONE)
    failed = (answer(FAILED), answer({**ABORTED, "status": "failed", "error": "no foxes"}))
    located = answer(DONE)
    refused = (answer(UNAUTHENTICATED, 401), answer(NO_MONEY, 402), answer(INVALID, 422))
