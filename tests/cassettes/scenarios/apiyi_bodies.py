"""Every body of APIYI: JSON from a prompt, a form with images, in each dialect of the pages."""

from pathlib import Path

from anyvideo import Image, VideoJob
from tests.cassettes.scenario import Scenario, are_new, submit_all

IMAGES = Path(__file__).parents[2] / "images"
PNG = IMAGES / "plain-1280x720.png"
JPEG = IMAGES / "rocket-1280x720.jpg"
WEBP = IMAGES / "rocket-1280x720.webp"
PAGES = "docs.apiyi.com: the pages of the models; answered like sora-2"


def ask(**values):
    return {"apiyi": values}


JSON_BODIES = [
    ("sora-2", VideoJob("Watercolor northern lights", seconds=4, size="720x1280")),
    ("sora-2", VideoJob("p", seconds=12)),
    ("sora-2", VideoJob("p", options=ask(seconds=8, quality="high", mood=None, **{"a.b": 1}))),
    ("sora-2-pro", VideoJob("p", seconds=12, size="1792x1024")),
    ("grok-imagine-video", VideoJob("p", size="480x854")),
    ("grok-imagine-video-1.5", VideoJob("p", seconds=15, size="1920x1080")),
    ("grok-imagine-video-1.5-lite", VideoJob("p", audio=True)),
    (
        "veo-3.1-fast",
        VideoJob("p", seconds=8, size="1920x1080", seed=0, negative_prompt="rain"),
    ),
    ("veo-3.1", VideoJob("p", seconds=4, size="720x1280")),
    ("veo-3.1", VideoJob("p", seed=5, options=ask(metadata={"seed": 7, "aspectRatio": "16:9"}))),
    ("veo-3.1-reversed", VideoJob("p", seconds=8)),
    ("veo-3.1-reversed", VideoJob("p", size="1280x720")),
    ("veo-3.1-reversed-fast", VideoJob("p", size="720x1280")),
    ("veo-3.1-reversed-fast", VideoJob("p", size="1280x720")),
    ("grok-imagine-video", VideoJob("p", size="1280x720", audio=True)),
    ("grok-imagine-video-1.5", VideoJob("p", size="480x854", audio=True)),
    ("veo-3.1", VideoJob("p", negative_prompt="rain")),
    ("veo-3.1-reversed", VideoJob("p", size="720x1280")),
    ("veo-3.1-reversed-fast", VideoJob("p", seconds=8)),
]
FORM_BODIES = [
    ("veo-3.1-reversed", VideoJob("p", size="720x1280", images=[Image(PNG)])),
    ("veo-3.1-reversed-fast", VideoJob("p", size="720x1280", images=[Image(PNG)])),
    ("sora-2", VideoJob("日出", seconds=4, size="1280x720", images=[Image(JPEG, "reference")])),
    ("sora-2-pro", VideoJob("p", images=[Image(WEBP)])),
    ("grok-imagine-video", VideoJob("p", seconds=1, size="1280x720", images=[Image(PNG)])),
    ("veo-3.1", VideoJob("p", seconds=6, size="1280x720", seed=0, images=[Image(PNG)])),
    ("veo-3.1-reversed", VideoJob("p", images=[Image(PNG, "last_frame"), Image(WEBP)])),
    ("veo-3.1-reversed", VideoJob("p", size="1280x720", images=[Image(PNG)])),
    ("veo-3.1-reversed-fast", VideoJob("p", size="1280x720", images=[Image(PNG)])),
    ("veo-3.1-reversed-fast", VideoJob("p", images=[Image(PNG)])),
    (
        "sora-2",
        VideoJob(
            "p",
            images=[Image(PNG)],
            options=ask(seconds=4, loop=True, extra={"a": ["é"]}, mood=None),
        ),
    ),
]
SCENARIOS = [
    Scenario("apiyi", "bodies-json", submit_all("apiyi", JSON_BODIES), are_new, PAGES),
    Scenario("apiyi", "bodies-form", submit_all("apiyi", FORM_BODIES), are_new, PAGES),
]
