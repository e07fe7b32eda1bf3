"""OpenAI's SDK with its default repeats, at every vendor and every fault of an order: one paid job."""

import contextlib

import openai
import pytest

from anyvideo.testing import draw_picture
from tests.gateway.test_sdk import ADAPTERS, offers  # noqa: F401 (a fixture)

pytestmark = [
    pytest.mark.volume,
    pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning"),
]

# Proof that no job was created; the order may be sent again, once the vendor's pause is over.
REFUSED = ("429", "429-retry-after=1", "no-money", "moderated")
BROKEN = (
    *("503", "html", "slow-accept=1", "drop-after-accept", "502-after-accept", "truncated"),
    *("cut-stream", "odd-stream"),
)


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_a_create_is_paid_once_whatever_fails(sdk, gateway, offers, adapter):  # noqa: F811 (the fixture)
    model, needs_image = offers[adapter]
    image = (
        {"input_reference": ("a.png", draw_picture(1280, 720), "image/png")} if needs_image else {}
    )
    for fault in REFUSED + BROKEN:
        jobs, posts = len(gateway.sandbox.tasks), len(gateway.sandbox.posts())
        prompt, video = f"a fox [fault:{fault}]", None
        with contextlib.suppress(openai.APIStatusError):
            video = sdk.videos.create(model=model, prompt=prompt, **image)
        made = len(gateway.sandbox.tasks) - jobs
        paid = len(gateway.sandbox.posts()) - posts

        assert made <= 1, fault
        assert paid == 1 or fault in REFUSED, fault
        # What the vendor made is never told as an error, which a client would repeat.
        assert video is not None or made == 0, fault
        if video is not None and video.status != "ambiguous":
            sdk.videos.delete(video.id)
