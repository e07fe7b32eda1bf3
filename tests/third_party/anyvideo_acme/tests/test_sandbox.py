"""Runs the adapter against the sandbox's wire, over HTTP."""

from pathlib import Path

import pytest

from anyvideo import Client, Image, ProviderError, VideoJob
from anyvideo.sandbox import Sandbox
from anyvideo.testing import draw_picture

MODEL = "acme/acme-1"


def test_a_picture_becomes_a_film(sandbox: Sandbox, sandbox_client: Client, tmp_path: Path) -> None:
    """The upload, the order, the status and the file pass."""
    job = VideoJob("a fox", seconds=10, aspect_ratio="9:16", images=(Image(draw_picture(64, 64)),))
    video = sandbox_client.generate(job, tmp_path / "fox.mp4", MODEL)

    assert (video.facts.seconds, video.facts.width, video.facts.height) == (10, 720, 1280)
    assert len(sandbox.posts("acme")) == 1


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("429=9", "rate_limited"),
        ("no-money", "insufficient_funds"),
        ("moderated", "content_policy"),
    ],
)
def test_refusals_are_understood(sandbox_client: Client, fault: str, kind: str) -> None:
    """Each refusal of the vendor is an error of the right kind."""
    with pytest.raises(ProviderError) as caught:
        sandbox_client.submit(VideoJob(f"a fox [fault:{fault}]"), MODEL)

    assert caught.value.kind == kind
