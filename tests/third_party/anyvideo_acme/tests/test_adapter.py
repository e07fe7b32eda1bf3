"""Runs anyvideo's conformance kit over the adapter, with answers of the vendor."""

from anyvideo.testing import Conformance, answer
from anyvideo_acme.adapter import WORDS, Acme


def clip(**known: object) -> dict[str, object]:
    """Return a clip in Acme's envelope."""
    return {"success": True, "payload": {"clip": {"id": "clip-1", **known}}}


class TestAcme(Conformance):
    """Each failure says what to change."""

    adapter = Acme()
    words = WORDS
    uploaded = answer(
        {"success": True, "payload": {"file": {"url": "https://files.acme.example/1"}}}
    )
    accepted = answer(clip(phase="排队中"))
    running = answer(clip(phase="生成中", percent=40))
    succeeded = answer(clip(phase="已完成", film={"url": "https://files.acme.example/1.mp4"}))
    failed = answer(clip(phase="失败", why={"code": "moderation", "message": "内容违规"}))
    refused = answer({"success": False, "code": "insufficient_balance", "message": "余额不足"}, 402)
