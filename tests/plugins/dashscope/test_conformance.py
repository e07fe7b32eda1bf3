"""The kit that third parties use, held to the adapter of DashScope in its regions.

The answers are those of the pages on Wan 2.7 and HappyHorse, and the errors those of the error page.
"""

import pytest

from anyvideo.testing import Conformance, answer
from anyvideo_plugins.dashscope.regions import DashScopeSettings
from anyvideo_plugins.dashscope.tasks import DashScope

pytestmark = pytest.mark.volume

ID = "0385dc79-5ff8-4d82-bcb6-1c1b3b1b5a0a"
TIMES = {"submit_time": "2026-04-20 17:55:17.075", "scheduled_time": "2026-04-20 17:55:17.129"}
ENDED = {**TIMES, "end_time": "2026-04-20 17:56:36.658"}
URL = (
    "https://dashscope-result.oss-cn-beijing.aliyuncs.com/v.mp4?Expires=1776766596&Signature=a%2Bb"
)
OVERDUE = "Access denied, please make sure your account is in good standing."

WORDS = {
    "PENDING": "queued",
    "RUNNING": "running",
    "SUSPENDED": "queued",
    "SUCCEEDED": "succeeded",
    "FAILED": "failed",
    "CANCELED": "cancelled",
    "UNKNOWN": "expired",
}


def task(word, **more):
    return answer(
        {"request_id": "99243b47", "output": {"task_id": ID, "task_status": word, **more}}
    )


def refusal(code, message, status):
    return answer({"code": code, "message": message, "request_id": "7438d53d"}, status)


class TestDashScope(Conformance):
    adapter = DashScope()
    words = WORDS
    accepted = task("PENDING")
    running = task("RUNNING", **TIMES)
    succeeded = task("SUCCEEDED", **ENDED, orig_prompt="a cat", video_url=URL)
    failed = task("FAILED", **ENDED, code="DataInspectionFailed", message="inappropriate content")
    refused = (
        refusal("InvalidApiKey", "No API-key provided.", 401),
        refusal("Arrearage", OVERDUE, 400),
        refusal("Throttling.RateQuota", "Requests rate limit exceeded", 429),
    )


class TestDashScopeInVirginia(TestDashScope):
    adapter = DashScope(settings=DashScopeSettings("us", "ws-1"))
