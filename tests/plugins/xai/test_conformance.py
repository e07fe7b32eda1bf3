"""The kit that third parties use, held to the adapter of xAI.

The answers are those of docs.x.ai, rest-api-reference/inference/videos and model-capabilities/video/generation,
and what clients recorded where the pages say nothing: an empty 202, and a verdict of moderation with HTTP 400.
"""

import pytest

from anyvideo.testing import Conformance, answer
from anyvideo_plugins.xai.answers import WORDS
from anyvideo_plugins.xai.videos import XAI

pytestmark = pytest.mark.volume

ID = "d97415a1-5796-b7ec-379f-4e6819e08fdf"
VIDEO = {"url": "https://vidgen.x.ai/xai-vidgen-bucket/xai-video-1.mp4", "duration": 8}
REASON = {"code": "invalid_argument", "message": "Prompt cannot be empty. Please provide a prompt."}
BILL = {"cost_in_usd_ticks": 5_000_000_000}
MODERATED = {
    "code": "imagine:content-moderated",
    "error": "Generated video rejected by content moderation.",
    "usage": BILL,
}
KNOWN = {**WORDS, "failed": "failed", "expired": "expired"}


class TestXAI(Conformance):
    adapter = XAI()
    accepted = answer({"request_id": ID})
    running = (answer({"status": "pending", "progress": 42}, 202), answer(b"", 202))
    succeeded = answer(
        {
            "status": "done",
            "progress": 100,
            "model": "grok-imagine-video-1.5",
            "video": {**VIDEO, "respect_moderation": True},
            "usage": BILL,
        }
    )
    failed = (
        answer({"status": "failed", "error": REASON}),
        answer({"status": "done", "video": {"url": "", "respect_moderation": False}}),
        answer(MODERATED, 400),
    )
    refused = (
        answer({"code": "invalid-argument", "error": "Duration must be between 1 and 15"}, 400),
        answer({"code": "permission-denied", "error": "used all available credits"}, 403),
        answer({"error": "overloaded"}, 503),
        answer({"error": {"message": "slow down", "type": "x", "code": None}}, 429),
    )
    words = KNOWN
