"""The kit that third parties use, held to Luma.

The answers are those of docs.agents.lumalabs.ai/guides/error-handling.
"""

import pytest

from anyvideo.testing import Conformance, answer
from tests.plugins.luma.answers import COMPLETED, FLAGGED, PROCESSING, QUEUED, failed

pytestmark = pytest.mark.volume


class TestLuma(Conformance):
    adapter = "luma"
    accepted = answer(QUEUED, 201)
    running = (answer(PROCESSING), answer(QUEUED))
    succeeded = answer(COMPLETED)
    failed = (
        answer(failed("content_moderated", FLAGGED)),
        answer(failed("generation_failed", "Generation failed")),
    )
    refused = (
        answer({"detail": "Unknown model: ray-2"}, 400),
        answer({"detail": "Insufficient balance. Please add funds to continue."}, 402),
        answer({"detail": "Too many concurrent jobs"}, 429),
        answer({"detail": "Upstream service unavailable"}, 502),
    )
    words = {  # noqa: RUF012 (the kit's attribute)
        "queued": "queued",
        "processing": "running",
        "completed": "succeeded",
        "failed": "failed",
    }
