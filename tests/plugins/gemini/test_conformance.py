"""The kit that third parties use, held to the adapter; the answers are the guide's and recorded ones."""

from typing import ClassVar

from anyvideo.testing import Conformance, answer
from tests.plugins.gemini.answers import ACTIVE, COMPLETED, FAILED, IN_PROGRESS, REFUSED, SUBMITTED


class TestGemini(Conformance):
    adapter = "gemini"
    accepted = answer(SUBMITTED)
    running = answer(IN_PROGRESS)
    succeeded = answer(COMPLETED)
    failed = answer(FAILED)
    refused = tuple(answer(body, status) for body, status, *_ in REFUSED)
    located = answer(ACTIVE)
    words: ClassVar[dict[str, str]] = {
        "queued": "queued",
        "in_progress": "running",
        "completed": "succeeded",
        "failed": "failed",
        "cancelled": "cancelled",
        "requires_action": "failed",
        "incomplete": "failed",
        "budget_exceeded": "failed",
    }
