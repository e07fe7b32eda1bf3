"""Every body of Apertis' three wires, from the samples and the tables of its Video API page."""

from pathlib import Path

from anyvideo import Character, Image, VideoJob
from tests.cassettes.scenario import Scenario, are_new, submit_all

PAGE = "docs of Apertis, Video API"
TABLES = f"{PAGE}: its samples, and one body more for each row of its tables"
IMAGES = Path(__file__).parents[2] / "images"
PHOTO = IMAGES / "plain-1280x720.png"
REFERENCE = Image("https://example.com/reference.jpg", "reference")
FRAMES = [
    Image("https://example.com/last-frame.jpg", "last_frame"),
    Image("https://example.com/first-frame.jpg"),
]
PARTS = [Image(f"https://example.com/{name}.png", "reference") for name in "cab"]
FILM = "https://example.com/character-video.mp4"
ID = "sora-2:1234567890-abcdefgh"

VEO = [
    ("veo2-fast-frames", VideoJob("A bird flying across the sky", images=FRAMES)),
    ("veo2-fast-components", VideoJob("p", images=PARTS)),
    ("veo2", VideoJob("p", enhance_prompt=False, upscale=False)),
    ("veo2-fast", VideoJob("p", upscale=True)),
    ("veo2-pro", VideoJob("p")),
    ("veo3-fast", VideoJob("p", aspect_ratio="9:16")),
    ("veo3-pro", VideoJob("p", enhance_prompt=True)),
    ("veo3-pro-frames", VideoJob("p", images=FRAMES[1:], aspect_ratio="16:9")),
    ("veo3.1", VideoJob("p", upscale=True)),
    ("veo3.1-fast", VideoJob("p", upscale=True, aspect_ratio="9:16")),
    (
        "veo3",
        VideoJob("p", options={"apertis-create": {"images": ["data:..."], "count": 2}}),
    ),
]
VEO += [
    (model, VideoJob("p", upscale=True)) for model in ("veo3", "veo3-fast", "veo3-pro", "veo2-pro")
]
VEO += [
    ("veo3-pro-frames", VideoJob("p", upscale=True, images=FRAMES[1:])),
    ("veo2-fast-frames", VideoJob("p", upscale=False, images=FRAMES[1:])),
    ("veo2-fast-components", VideoJob("p", upscale=True, images=PARTS[:1])),
]
WALK = "A cinematic scene of a person walking through a forest"
SORA = [
    (
        "sora-2",
        VideoJob(
            WALK,
            images=[REFERENCE],
            aspect_ratio="16:9",
            resolution="1080p",
            seconds=10.0,
            watermark=True,
            private=False,
        ),
    ),
    (
        "sora-2-pro",
        VideoJob(
            "A character dancing in a studio",
            images=[REFERENCE],
            size="1080x1920",
            seconds=15,
            character=Character(FILM, timestamps=(0, 3)),
        ),
    ),
    ("sora-2", VideoJob("p", images=PARTS, size="1280x720", watermark=False)),
    ("sora-2", VideoJob("p", images=[REFERENCE], aspect_ratio="9:16", private=True)),
    ("sora-2", VideoJob("p", images=FRAMES[1:], resolution="720p")),
    ("sora-2-pro", VideoJob("p", images=[REFERENCE], size="720x1280", watermark=True)),
    ("sora-2-pro", VideoJob("p", images=[REFERENCE], size="1920x1080")),
    ("sora-2-pro", VideoJob("p", images=[REFERENCE], aspect_ratio="16:9")),
    ("sora-2-pro", VideoJob("p", images=[REFERENCE], aspect_ratio="9:16")),
    ("sora-2-pro", VideoJob("p", images=[REFERENCE], resolution="720p")),
    ("sora-2-pro", VideoJob("p", images=[REFERENCE], resolution="1080p")),
    ("sora-2", VideoJob("p", images=[REFERENCE], size="1080x1920")),
    ("sora-2", VideoJob("p", images=[REFERENCE], character=Character(FILM))),
    (
        "sora-2",
        VideoJob("p", images=[REFERENCE], seconds=10, options={"apertis-create": {"duration": 25}}),
    ),
]
FORMS = [
    (
        "veo_3_1-fast",
        VideoJob("p", seconds=8, size="720x1280", watermark=True, images=[Image(PHOTO)]),
    ),
    (
        "sora-2",
        VideoJob(
            "日出",
            style="anime",
            private=True,
            metadata={"order": "é"},
            character=Character(FILM, timestamps=(1.0, 3.0)),
        ),
    ),
    (
        "sora-2-pro",
        VideoJob(
            "p",
            seconds=25,
            size="480x480",
            character=Character(from_task=ID, timestamps=(0, 2.5)),
            images=[Image(IMAGES / "rocket-1280x720.webp", "reference")],
        ),
    ),
    (
        "sora-2",
        VideoJob("p", options={"apertis-videos": {"seconds": 8.0, "character_create": {"a": 1}}}),
    ),
]
SCENARIOS = [
    Scenario("apertis-create", "bodies-veo", submit_all("apertis-create", VEO), are_new, TABLES),
    Scenario("apertis-create", "bodies-sora", submit_all("apertis-create", SORA), are_new, TABLES),
    Scenario("apertis-videos", "bodies", submit_all("apertis-videos", FORMS), are_new, TABLES),
]
