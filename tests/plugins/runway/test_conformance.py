"""The kit that third parties use, held to Runway.

The answers were recorded at api.dev.runwayml.com in August 2026 by other projects; that of a failure
follows https://docs.dev.runwayml.com/errors/task-failures.
"""

import pytest

from anyvideo.testing import Conformance, answer
from tests.plugins.runway.answers import (
    ACCEPTED,
    FAILED,
    INVALID,
    NO_MONEY,
    PENDING,
    RUNNING,
    SUCCEEDED,
    THROTTLED,
    WORDS,
)

pytestmark = pytest.mark.volume


class TestRunway(Conformance):
    adapter = "runway"
    accepted = answer(ACCEPTED)
    running = (answer(RUNNING), answer(PENDING), answer(THROTTLED))
    succeeded = answer(SUCCEEDED)
    failed = answer(FAILED)
    refused = (answer(INVALID, 400), answer(NO_MONEY, 400), answer({"error": "slow down"}, 429))
    words = WORDS
