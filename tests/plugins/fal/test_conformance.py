"""The kit that third parties use, held to fal with the answers of its pages and of its own client."""

import pytest

from anyvideo.testing import Conformance, answer
from tests.plugins.fal.answers import DONE, ID, QUEUED, RESULT

pytestmark = pytest.mark.volume

WORDS = {"IN_QUEUE": "queued", "IN_PROGRESS": "running"}


class TestFal(Conformance):
    adapter = "fal"
    key = "key-id:key-secret"
    words = WORDS
    accepted = answer(QUEUED)
    running = (
        answer({"status": "IN_QUEUE", "queue_position": 123}, 202),
        answer({"status": "IN_PROGRESS", "logs": None}, 202),
    )
    succeeded = answer(DONE)
    failed = answer(
        {
            "status": "COMPLETED",
            "request_id": ID,
            "logs": [],
            "metrics": {},
            "error": "Runner disconnected",
            "error_type": "runner_disconnected",
        }
    )
    results = answer(RESULT)
    located = (answer(DONE), answer(RESULT))
    refused = (
        answer({"detail": "User is locked. Reason: Exhausted balance."}, 403),
        answer(
            {"detail": [{"loc": ["body", "prompt"], "msg": "Field required", "type": "missing"}]},
            422,
        ),
        answer({"detail": "Internal server error", "error_type": "internal_error"}, 500),
    )
