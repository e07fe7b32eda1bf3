"""Answers of DashScope: those of its pages, and those that other projects recorded or test with."""

import json

from anyvideo.plugin import Response

ID = "0385dc79-5ff8-4d82-bcb6-1c1b3b1b5a0a"
SYNTHESIS = "/api/v1/services/aigc/video-generation/video-synthesis"
TASKS = "/api/v1/tasks"
# Wan 2.7 and HappyHorse, step 1; their ids are masked on the pages.
CREATED = {"output": {"task_status": "PENDING", "task_id": ID}, "request_id": "4909100c-7b5a-9f92"}
# HappyHorse text-to-video, step 2.
URL = (
    "https://dashscope-result.oss-cn-beijing.aliyuncs.com/v.mp4?Expires=1776765396&Signature=a%2Fb"
)
SUCCEEDED = {
    "request_id": "99243b47-ec5f-9413-9993-7b5a9f92bfe5",
    "output": {
        "task_id": ID,
        "task_status": "SUCCEEDED",
        "submit_time": "2026-04-20 17:55:17.075",
        "scheduled_time": "2026-04-20 17:55:17.129",
        "end_time": "2026-04-20 17:56:36.658",
        "orig_prompt": "A miniature city built from cardboard and bottle caps comes to life at night.",
        "video_url": URL,
    },
    "usage": {
        "duration": 5,
        "input_video_duration": 0,
        "output_video_duration": 5,
        "video_count": 1,
        "SR": 720,
        "ratio": "16:9",
    },
}
FAILED = {
    "request_id": "e5d70b02-ebd3-98ce-9fe8-759d7d7b107d",
    "output": {
        "task_id": ID,
        "task_status": "FAILED",
        "code": "InvalidParameter",
        "message": "The size is not match xxxxxx",
    },
}
LOST = {
    "request_id": "a4de7c32-7057-9f82-8581-7b5a9f92bfe5",
    "output": {"task_id": ID, "task_status": "UNKNOWN"},
}
# What a gateway (a fork of new-api) logged of Wan 3.0 on 2026-08-27, but for the signature.
LOGGED_URL = "https://dashscope-a717.oss-accelerate.aliyuncs.com/1d/1e/20260827/e4b11e52/fdd50dcc.mp4?Expires=1787904126&Signature=psCc%3D"
LOGGED = {
    "output": {
        "end_time": "2026-08-27 16:02:09.980",
        "orig_prompt": "一个可爱的小宝宝开心地滚来滚去",
        "scheduled_time": "2026-08-27 15:59:59.335",
        "submit_time": "2026-08-27 15:59:59.299",
        "task_id": ID,
        "task_status": "SUCCEEDED",
        "video_url": LOGGED_URL,
    },
    "request_id": "f989289b-2844-9865-8e52-61d63c454cae",
    "usage": {
        "SR": 1080,
        "duration": 10,
        "fps": 30,
        "input_video_duration": 0,
        "output_video_duration": 10,
        "ratio": "3368:3409",
        "video_count": 1,
    },
}
# The page on asynchronous tasks.
CANCELLED = {"request_id": "f1a2b3c4-5d6e-7f80-9123-e03c35068d83"}
NOT_PENDING = {
    "code": "UnsupportedOperation",
    "message": "Failed to cancel the task, please confirm if the task is in PENDING status.",
    "request_id": "7438d53d-6eb8-4596-8835-e03c35068d83",
}


def tell(word, **more):
    """A task in a state."""
    return {"request_id": "r", "output": {"task_id": ID, "task_status": word, **more}}


def refuse(code, message=""):
    """An error: flat, with the id of the request."""
    return {"code": code, "message": message, "request_id": "7438d53d-6eb8-4596-8835-5b1a7b5a9f92"}


def answer(body, status=200):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(status, {"content-type": "application/json"}, raw)
