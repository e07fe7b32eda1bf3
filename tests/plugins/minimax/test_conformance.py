"""The kit that third parties use, held to each of MiniMax's two wires.

The answers are those of platform.minimax.io/docs/api-reference/video-generation-v2-create, -v2-query, -t2v,
-query and -download.
"""

import pytest
from attrs import frozen

from anyvideo.testing import Conformance, answer
from anyvideo_plugins.minimax.videos import MiniMax

pytestmark = pytest.mark.volume

ID = "424010985738629"
TASK = {"id": ID, "model": "MiniMax-H3", "created_at": 1785125529, "updated_at": 1785125946}
FINE = {"status_code": 0, "status_msg": "success"}


@frozen
class H3(MiniMax):
    """The adapter with the models of the second wire."""

    def offers(self):
        return [offer for offer in super().offers() if "-h3" in offer.model]


@frozen
class Hailuo(MiniMax):
    """The adapter with the models of the first wire."""

    def offers(self):
        return [offer for offer in super().offers() if "-h3" not in offer.model]


def task(**known):
    return answer({"task": {**TASK, **known}})


def refusal(status, kind, message):
    error = {"type": kind, "message": message, "http_code": str(status)}
    return answer({"type": "error", "error": error, "request_id": "0217852290155"}, status)


class TestH3(Conformance):
    adapter = H3()
    accepted = answer({"task_id": ID})
    running = task(status="running")
    succeeded = task(status="succeeded", content={"url": "https://cdn.hailuoai.com/final.mp4"})
    failed = task(
        status="failed",
        error={"code": "1026", "message": "video description contains sensitive content"},
    )
    refused = (
        refusal(402, "insufficient_balance_error", "insufficient balance (1008)"),
        refusal(400, "bad_request_error", "invalid params, duration (2013)"),
    )


class TestHailuo(Conformance):
    adapter = Hailuo()
    accepted = answer({"task_id": "106916112212032", "base_resp": FINE})
    running = answer({"task_id": "106916112212032", "status": "Processing", "base_resp": FINE})
    succeeded = answer(
        {
            "task_id": "176843862716480",
            "status": "Success",
            "file_id": "176844028768320",
            "video_width": 1920,
            "video_height": 1080,
            "base_resp": FINE,
        }
    )
    located = answer(
        {
            "file": {
                "file_id": 176844028768320,
                "bytes": 0,
                "created_at": 1700469398,
                "filename": "output_aigc.mp4",
                "purpose": "video_generation",
                "download_url": "https://cdn.hailuoai.com/output_aigc.mp4",
            },
            "base_resp": FINE,
        }
    )
    failed = answer(
        {
            "task_id": "176843862716480",
            "status": "Fail",
            "file_id": "",
            "base_resp": {"status_code": 1027, "status_msg": "output new_sensitive"},
        }
    )
    refused = answer(
        {"task_id": "", "base_resp": {"status_code": 1008, "status_msg": "insufficient balance"}}
    )
