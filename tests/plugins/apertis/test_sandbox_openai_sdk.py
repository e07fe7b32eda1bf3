"""What docs/vendors.md says of OpenAI's own SDK at this vendor, checked with the SDK."""

import pytest

openai = pytest.importorskip("openai")

pytestmark = pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning")


@pytest.fixture
def videos(sandbox, monkeypatch):
    url = f"{sandbox.url}/apertis-videos/v1"
    with openai.OpenAI(api_key="sk-1", base_url=url, max_retries=0) as client:
        monkeypatch.setattr(client.videos, "_sleep", sandbox.advance)
        yield client.videos


def test_create_and_poll_returns_a_job_that_is_pending(videos):
    video = videos.create_and_poll(
        model="sora-2", prompt="a fox", seconds="10", size="1280x720", poll_interval_ms=500
    )

    assert (video.status, video.progress) == ("pending", 0)


def test_create_and_poll_returns_a_job_that_is_processing(videos, png):
    video = videos.create_and_poll(
        model="veo_3_1",
        prompt="a fox",
        seconds="5",
        size="16x9",
        input_reference=("a.png", png(8, 8), "image/png"),
        poll_interval_ms=500,
    )

    assert (video.status, 0 < video.progress < 100) == ("processing", True)


def test_a_loop_of_its_own_waits_for_the_end(sandbox, videos):
    video = videos.create(model="sora-2", prompt="a fox", seconds="10", size="1280x720")
    while video.status not in {"completed", "failed"}:
        sandbox.advance(1)
        video = videos.retrieve(video.id)

    assert video.status == "completed"
