"""The vendor's page promises that OpenAI's own SDK works; so it must work here."""

import pytest

openai = pytest.importorskip("openai")

pytestmark = pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning")


@pytest.fixture
def videos(sandbox):
    with openai.OpenAI(api_key="sk-1", base_url=f"{sandbox.url}/apiyi/v1", max_retries=0) as client:
        yield client.videos


def test_the_pages_own_program(sandbox, videos, tmp_path):
    video = videos.create(
        model="sora-2",
        prompt="A golden retriever running on the beach at sunset, cinematic",
        seconds="8",
        size="1280x720",
    )
    seen = [video.status]
    while video.status != "completed":
        sandbox.advance(1)
        video = videos.retrieve(video.id)
        seen.append(video.status)
    assert seen == ["queued", "in_progress", "in_progress", "completed"]
    assert (video.object, video.seconds, video.size) == ("video", "8", "1280x720")
    content = videos.download_content(video.id)
    content.write_to_file(tmp_path / "output.mp4")
    assert (tmp_path / "output.mp4").read_bytes().startswith(b"A golden retriever")


def test_an_image_to_start_from(videos, png):
    image = ("first.png", png(720, 1280), "image/png")
    video = videos.create(model="sora-2", prompt="a fox", input_reference=image)
    assert (video.status, video.size, video.seconds) == ("queued", "720x1280", "4")


def test_errors(sandbox, videos):
    with pytest.raises(openai.BadRequestError, match="Supported values are: 4 / 8 / 12"):
        videos.create(model="sora-2", prompt="a fox", seconds="10")
    with pytest.raises(openai.BadRequestError, match="task_not_exist"):
        videos.retrieve("video_none")
    with pytest.raises(openai.RateLimitError):
        videos.create(model="sora-2", prompt="[fault:429] a fox")
    with (
        openai.OpenAI(api_key="sandbox-401", base_url=f"{sandbox.url}/apiyi/v1") as stranger,
        pytest.raises(openai.AuthenticationError),
    ):
        stranger.videos.create(model="sora-2", prompt="a fox")


def test_its_retries_pay_three_times(sandbox, monkeypatch):
    """What this project is for: by default the SDK sends a paid order again and again."""
    monkeypatch.setattr("time.sleep", lambda _: None)
    sandbox.misbehave("drop-after-accept")
    with (
        openai.OpenAI(api_key="sk-1", base_url=f"{sandbox.url}/apiyi/v1") as client,
        pytest.raises(openai.APIConnectionError),
    ):
        client.videos.create(model="sora-2", prompt="a fox")
    assert len(sandbox.posts("apiyi")) == len(sandbox.tasks) == 3
