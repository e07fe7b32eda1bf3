"""What Luma answers, as its pages show it; clients transcribed them between 2026-05 and 2026-10."""

from typing import Any

ID = "d290f1ee-6c54-4b01-90e6-d701748f0851"
BORN = "2026-04-08T12:00:00Z"
URL = (
    f"https://storage.example.com/generations/{ID}/output.mp4?X-Amz-Expires=3600&X-Amz-Signature=1"
)

# docs.agents.lumalabs.ai/guides/error-handling: the samples there are of images, with the same fields.
QUEUED: dict[str, Any] = {
    "id": ID,
    "type": "video",
    "state": "queued",
    "model": "ray-3.2",
    "created_at": BORN,
    "output": [],
    "failure_reason": None,
    "failure_code": None,
}
PROCESSING = {**QUEUED, "state": "processing"}
COMPLETED = {**QUEUED, "state": "completed", "output": [{"type": "video", "url": URL}]}
FLAGGED = "Generation output was flagged by our content moderation system."


def failed(code, reason):
    return {**QUEUED, "state": "failed", "failure_code": code, "failure_reason": reason}
