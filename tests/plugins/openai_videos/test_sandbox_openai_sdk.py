"""OpenAI's own SDK works against the wire of `openai-videos`, with every call that it has for it."""

import pytest

from anyvideo.sandbox import inspect_image

openai = pytest.importorskip("openai")

pytestmark = pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning")


@pytest.fixture
def videos(sandbox, monkeypatch):
    url = f"{sandbox.url}/openai-videos/v1"
    with openai.OpenAI(api_key="sk-1", base_url=url, max_retries=0) as client:
        monkeypatch.setattr(client.videos, "_sleep", sandbox.advance)
        yield client.videos


def test_create_and_poll_and_download(videos):
    video = videos.create_and_poll(
        model="sora-2", prompt="a fox", seconds="8", size="1280x720", poll_interval_ms=500
    )

    assert (video.status, video.progress, video.seconds) == ("completed", 100, "8")
    assert videos.download_content(video.id).read().startswith(b"a fox|8|1280x720")
    for variant, kind in (("thumbnail", "image/webp"), ("spritesheet", "image/jpeg")):
        picture = inspect_image(videos.download_content(video.id, variant=variant).read())
        assert picture is not None
        assert (picture.content_type, picture.width) == (kind, 1280)


def test_a_failed_job_is_returned_with_its_error(videos):
    video = videos.create_and_poll(prompt="a fox [fault:moderated=50]")

    assert (video.status, video.error.code) == ("failed", "moderation_blocked")


def test_list_remix_and_delete(sandbox, videos, png):
    first = videos.create_and_poll(
        prompt="a fox", input_reference=("a.png", png(720, 1280), "image/png")
    )
    remix = videos.remix(first.id, prompt="a fox at night")
    assert remix.remixed_from_video_id == first.id
    assert [video.id for video in videos.list(limit=1)] == [remix.id, first.id]
    sandbox.advance(3)
    assert videos.delete(remix.id).deleted
    with pytest.raises(openai.NotFoundError):
        videos.retrieve(remix.id)
    assert [video.id for video in videos.list(order="asc")] == [first.id]


def test_errors(sandbox, videos):
    with pytest.raises(openai.BadRequestError, match="Supported values are: 4 / 8 / 12"):
        videos.create(prompt="a fox", seconds="5")
    with pytest.raises(openai.RateLimitError, match="exceeded your current quota"):
        videos.create(prompt="[fault:no-money] a fox")
    url = f"{sandbox.url}/openai-videos/v1"
    with (
        openai.OpenAI(api_key="sandbox-401", base_url=url) as stranger,
        pytest.raises(openai.AuthenticationError),
    ):
        stranger.videos.create(prompt="a fox")
