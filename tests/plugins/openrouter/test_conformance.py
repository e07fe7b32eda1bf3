"""anyvideo's conformance kit over OpenRouter, with the answers of its guide and its OpenAPI."""

import pytest

from anyvideo.testing import Conformance, answer

pytestmark = pytest.mark.volume

ID = "job-abc123"
JOB = {"id": ID, "generation_id": "gen-xyz789", "polling_url": f"/api/v1/videos/{ID}"}

WORDS = {
    "pending": "queued",
    "in_progress": "running",
    "completed": "succeeded",
    "failed": "failed",
    "cancelled": "cancelled",
    "expired": "expired",
}


def refuse(code, message):
    return answer({"error": {"code": code, "message": message}}, code)


class TestOpenRouter(Conformance):
    adapter = "openrouter"
    accepted = answer({**JOB, "status": "pending"}, 202)
    running = answer({**JOB, "status": "in_progress"})
    succeeded = answer(
        {
            **JOB,
            "status": "completed",
            "unsigned_urls": ["https://storage.example.com/video.mp4"],
            "usage": {"cost": 0.5},
        }
    )
    failed = answer({**JOB, "status": "failed", "error": "Content policy violation"})
    refused = (
        refuse(400, "Invalid request parameters"),
        refuse(401, "Missing Authentication header"),
        refuse(402, "Insufficient credits. Add more using https://openrouter.ai/credits"),
        refuse(404, "Resource not found"),
        refuse(429, "Rate limit exceeded"),
        refuse(500, "Internal Server Error"),
        refuse(502, "Provider returned error"),
    )
    words = WORDS


class TestOpenRoutersOwnUrl(TestOpenRouter):
    """The guide's completed job has the URL of /content, which needs the key."""

    succeeded = answer(
        {
            **JOB,
            "status": "completed",
            "unsigned_urls": [f"https://openrouter.ai/api/v1/videos/{ID}/content?index=0"],
            "usage": {"cost": 0.25, "is_byok": False},
        }
    )
    located = answer(b"\0\0\0\x18ftypmp42", headers={"content-type": "video/mp4"})
