"""The kit that third parties use, held to the adapters that come with anyvideo.

The answers follow the vendors' pages: docs.apiyi.com, apertis-ai/docs and docs.apimart.ai.
"""

from anyvideo.plugin import Offer, read_offers
from anyvideo.testing import Conformance, answer
from anyvideo_plugins.openai_videos.gateway import Gateway, GatewaySettings

ID = "video_abc123def456"
URL = "https://files.example.com/fox.mp4"
MONEY = {"error": {"message": "Insufficient balance", "code": "insufficient_user_quota"}}


class VideosWire(Conformance):
    """What the vendors of /v1/videos answer."""

    accepted = answer({"id": ID, "object": "video", "status": "queued", "progress": 0})
    running = answer({"id": ID, "object": "video", "status": "in_progress", "progress": 40})
    succeeded = answer({"id": ID, "object": "video", "status": "completed", "progress": 100})
    failed = answer({"id": ID, "status": "failed", "error": {"code": "x", "message": "no foxes"}})
    refused = (
        answer(MONEY, 403),
        answer({"code": "invalid_json", "message": "seconds must be text", "data": None}, 400),
    )


class TestApiyi(VideosWire):
    adapter = "apiyi"


class TestApertisVideos(VideosWire):
    adapter = "apertis-videos"
    located = answer({"video_url": URL})


class TestApertisCreate(Conformance):
    adapter = "apertis-create"
    accepted = answer({"id": "veo3:1-a", "status": "pending", "enhanced_prompt": "a fox"})
    running = answer({"id": "veo3:1-a", "status": "video_generating", "video_url": None})
    succeeded = answer({"id": "veo3:1-a", "status": "completed", "video_url": URL})
    failed = answer({"id": "veo3:1-a", "status": "failed", "error": {"message": "no foxes"}})


class TestApertisChat(Conformance):
    adapter = "apertis-chat"
    accepted = answer(
        b'data: {"choices": [{"delta": {"content": "Task ID: `task_01abc`\\nProgress: 12%\\n"}}]}\n\n'
        b"data: [DONE]\n\n",
        headers={"content-type": "text/event-stream"},
    )
    running = answer({"id": "task_01abc", "status": "processing"})
    succeeded = answer({"id": "task_01abc", "status": "completed", "video_url": URL})
    failed = answer({"id": "task_01abc", "status": "failed", "error": {"message": "no foxes"}})


class TestApimart(Conformance):
    adapter = "apimart"
    accepted = answer({"code": 200, "data": [{"status": "submitted", "task_id": "task_1"}]})
    running = answer({"code": 200, "data": {"id": "task_1", "status": "processing", "progress": 9}})
    succeeded = answer(
        {
            "code": 200,
            "data": {
                "id": "task_1",
                "status": "completed",
                "result": {"videos": [{"url": [URL], "expires_at": 1765087446}]},
            },
        }
    )
    failed = answer(
        {
            "code": 200,
            "data": {"id": "task_1", "status": "failed", "error": {"message": "content rejected"}},
        }
    )
    refused = answer({"error": {"code": 402, "type": "payment_required", "message": "top up"}}, 402)


OFFERS = """
[[offers]]
model = "sora-2"
source = "https://gateway.example.com/docs"
required = ["seconds", "shape"]
seconds = [4, 8, 12]
sizes = ["1280x720", "720x1280"]
accepts = ["seed", "metadata", "negative_prompt"]
images = { first_frame = 1, reference = 1, max = 1, via = ["url", "file"] }

[[offers]]
model = "kling-v3"
source = "https://gateway.example.com/docs"
seconds = [5, 10]
names = { seconds = "duration", reference = "images[]", first_frame = "image", last_frame = "tail" }
images = { first_frame = 1, last_frame = 1, reference = 3, via = ["url"] }
"""


class Configured(Gateway):
    """The adapter as a config's [[offers]] make it."""

    def offers(self) -> tuple[Offer, ...]:
        return read_offers(OFFERS, self.name)


class TestOpenAIVideos(VideosWire):
    adapter = Configured()


class TestOpenAIVideosWithItsOwnWords(Conformance):
    adapter = Configured(
        settings=GatewaySettings(
            words={
                "排队中": "queued",
                "生成中": "running",
                "已完成": "succeeded",
                "失败": "failed",
            },
            fields={
                "id": "data.task.id",
                "status": "data.task.state",
                "video_url": "data.files.0.href",
                "error": "data.task.why",
            },
            seconds="number",
        )
    )
    accepted = answer({"data": {"task": {"id": 7, "state": "排队中"}}})
    running = answer({"data": {"task": {"state": "生成中"}}})
    succeeded = answer({"data": {"task": {"state": "已完成"}, "files": [{"href": URL}]}})
    failed = answer({"data": {"task": {"state": "失败", "why": "no foxes"}}})
    words = adapter.settings.words
