"""Answers of Kling, each from where its comment says."""

from typing import Any

URL = "https://p1.a.kwimgs.com/output/video-001.mp4"
MARKED = "https://p1.a.kwimgs.com/output/video-001-watermark.mp4"

# A logged call of 2026-03: text2video with kling-v3.
LOGGED: dict[str, Any] = {
    "code": 0,
    "message": "SUCCEED",
    "request_id": "c0656403-1e6e-4b7e-b8f8-2cdd2595f2b9",
    "data": {
        "task_id": "867283741759111202",
        "task_status": "submitted",
        "task_info": {"external_task_id": "text2video_kling_v3_final-1774805076"},
        "created_at": 1774805076166,
        "updated_at": 1774805076166,
    },
}
# vercel/ai, packages/klingai/src/klingai-video-model.test.ts.
VERCEL: dict[str, Any] = {
    "code": 0,
    "message": "success",
    "request_id": "req-002",
    "data": {
        "task_id": "task-abc-123",
        "task_status": "succeed",
        "task_status_msg": "",
        "task_info": {"external_task_id": None},
        "watermark_info": {"enabled": False},
        "final_unit_deduction": "1",
        "created_at": 1722769557708,
        "updated_at": 1722769560000,
        "task_result": {
            "videos": [{"id": "video-001", "url": URL, "watermark_url": MARKED, "duration": "5.0"}]
        },
    },
}
# https://kling.ai/document-api/api/video/3-0-turbo/text-to-video, the answer to a submit and to a poll.
SECOND: dict[str, Any] = {
    "code": 0,
    "message": "string",
    "request_id": "string",
    "data": {
        "id": "893605946402811985",
        "status": "submitted",
        "create_time": 1781080778802,
        "update_time": 1781080794151,
        "external_id": "string",
    },
}


def answer_first(status, why="", **known):
    """An answer of the first edition."""
    data = {"task_id": "task-abc-123", "task_status": status, "task_status_msg": why, **known}
    return {"code": 0, "message": "success", "request_id": "req-1", "data": data}


def answer_second(status, why="", **known):
    """An answer of the second edition."""
    data = {**SECOND["data"], "status": status, "message": why, **known}
    return {**SECOND, "data": [data]}


def refuse(code, message):
    """An error, as https://kling.ai/document-api/api/get-started/concurrency-rules shows one."""
    return {"code": code, "message": message, "request_id": "9984d27b-a408-4073-ae28-17ca6a13622d"}
