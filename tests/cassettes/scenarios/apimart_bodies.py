"""Every body of APIMart, family by family: those of the pages, and one more for each other model."""

from pathlib import Path

from anyvideo import Image, VideoJob
from tests.cassettes.scenario import Scenario, are_new, submit_all
from tests.plugins.apimart.answers import FIRST, LAST
from tests.plugins.apimart.bodies import BODIES
from tests.plugins.apimart.bodies_others import REFERENCES

IMAGES = Path(__file__).parents[2] / "images"
PHOTO = IMAGES / "plain-1280x720.png"
FRAMES = [FIRST, LAST]
PAGES = "docs.apimart.ai, videos: the pages of the models; answered like videos/generations"

# What the documented bodies leave out: other models, roles, tiers and words of one family.
MORE = {
    "sora": [
        ("sora-2-pro", VideoJob("p", seconds=8, aspect_ratio="9:16", resolution="720p")),
        ("sora-2-pro", VideoJob("p", seconds=8, resolution="1024p", images=[FIRST])),
        ("sora-2-pro-preview", VideoJob("p", seconds=4, images=REFERENCES[:1])),
        ("sora-2-vip", VideoJob("p", seconds=10, images=[FIRST], private=True)),
    ],
    "veo": [
        ("veo-3.1-fast", VideoJob("p", images=REFERENCES)),
        ("veo-3.1", VideoJob("p", resolution="4k", images=FRAMES)),
        ("veo-3.1-lite", VideoJob("p", resolution="4k")),
        ("veo-3.1-fast-official", VideoJob("p", seconds=4, resolution="720p", audio=True)),
        (
            "veo-3.1-official",
            VideoJob("p", seconds=8, resolution="1080p", images=FRAMES, seed=7, audio=False),
        ),
    ],
    "omni": [
        ("gemini-omni-flash", VideoJob("p", aspect_ratio="9:16", images=REFERENCES)),
        ("gemini-omni-1.1-flash", VideoJob("p", resolution="1080p")),
        ("gemini-omni-1.1-flash-ext", VideoJob("p", seconds=8, images=[FIRST])),
        (
            "gemini-omni-1.1-flash-ext",
            VideoJob("p", options={"apimart": {"duration": None, "webhook": "https://a.b"}}),
        ),
    ],
    "kling": [
        ("kling-v2-6", VideoJob("p", images=[FIRST], resolution="720p", audio=False)),
        ("kling-v3", VideoJob("p", seconds=15, resolution="2160p", audio=True)),
        ("kling-v3", VideoJob("p", resolution="1080p", audio=True, negative_prompt="fog")),
        ("kling-3.0-turbo", VideoJob("p", aspect_ratio="1:1", resolution="720p")),
        ("kling-v3-omni", VideoJob("p", images=FRAMES, negative_prompt="fog")),
        ("kling-v3-omni", VideoJob("p", seconds=15, resolution="2160p", audio=True)),
        ("kling-video-o1", VideoJob("p", resolution="720p", images=REFERENCES[:2])),
        ("kling-video-o1", VideoJob("p", seconds=10, resolution="1080p", images=REFERENCES[:1])),
        ("kling-v3-motion-control", VideoJob("p", images=REFERENCES[:1], resolution="1080p")),
    ],
    "seedance": [
        ("seedance-2.0", VideoJob("p", aspect_ratio="4:3", images=[FIRST], audio=True)),
        ("seedance-2.0-mini", VideoJob("p", resolution="480p", images=REFERENCES, seed=7)),
        ("seedance-2.0-face", VideoJob("p", resolution="1080p", images=[FIRST])),
        ("seedance-2.0-fast-face", VideoJob("p", images=FRAMES, aspect_ratio="9:16")),
        ("seedance-2.5", VideoJob("p", images=REFERENCES, audio=False)),
        ("seedance-1-5-pro", VideoJob("p", images=FRAMES)),
        ("seedance-1-0-pro", VideoJob("p", images=FRAMES, resolution="480p")),
        ("seedance-1-0-pro-fast", VideoJob("p", seconds=12, images=[FIRST])),
    ],
    "wan": [
        ("wan2.5", VideoJob("p", size="1280x720")),
        ("wan2.6-i2v-flash", VideoJob("p", images=REFERENCES[:1], audio=True)),
        ("wan2.7", VideoJob("p", images=FRAMES, enhance_prompt=True)),
        ("wan2.7-r2v", VideoJob("p", images=[FIRST, REFERENCES[0]], aspect_ratio="1:1")),
        ("wan3.0", VideoJob("p", images=FRAMES, resolution="480p")),
        ("wan3.0", VideoJob("p", images=REFERENCES, resolution="720p")),
    ],
    "minimax": [
        ("hailuo-02", VideoJob("p", images=FRAMES, enhance_prompt=True)),
        ("hailuo-2.3-fast", VideoJob("p", images=[FIRST], watermark=True)),
        ("MiniMax-H3", VideoJob("p", images=REFERENCES)),
        ("minimax-h3-max", VideoJob("p", images=FRAMES, resolution="480p")),
        ("minimax-h3-regeneration", VideoJob("p")),
    ],
    "others": [
        ("vidu-q3-pro", VideoJob("p", images=FRAMES, resolution="540p", seed=7, audio=False)),
        ("vidu-q3-turbo", VideoJob("p", images=[FIRST], resolution="1080p")),
        ("vidu-q3", VideoJob("p", images=REFERENCES, aspect_ratio="3:4")),
        ("vidu-q3-mix", VideoJob("p", images=REFERENCES[:1], resolution="1080p")),
        ("pixverse-v6", VideoJob("p", images=FRAMES, seed=7)),
        ("pixverse-v6", VideoJob("p", aspect_ratio="21:9", negative_prompt="fog", audio=True)),
        ("grok-imagine-video-1.5", VideoJob("p", images=[FIRST], resolution="1080p")),
        ("happyhorse-1.0", VideoJob("p", images=[FIRST], resolution="720p", watermark=False)),
        ("skyreels-v4", VideoJob("p", enhance_prompt=True)),
        ("skyreels-v4-fast", VideoJob("p", images=[LAST, FIRST], resolution="720p")),
    ],
}
PREFIXES: dict[str, str | tuple[str, ...]] = {
    "sora": "sora",
    "veo": "veo",
    "omni": "gemini",
    "kling": "kling",
    "seedance": ("seedance", "doubao"),
    "wan": "wan",
    "minimax": ("hailuo", "MiniMax"),
    "others": ("grok", "happyhorse", "skyreels", "flux"),
}


def list_jobs(family):
    documented = [(model, job) for model, (job, _) in BODIES.items()]
    return [
        *((model, job) for model, job in documented if model.startswith(PREFIXES[family])),
        *MORE[family],
    ]


def submit_local(client, _):
    """Two frames from this machine, and one image twice, which is uploaded once."""
    frames = [Image(IMAGES / "rocket-1280x720.webp"), Image(PHOTO, "last_frame")]
    twice = [Image(PHOTO, "reference")] * 2
    return [
        client.submit(VideoJob("p", images=frames), "apimart/seedance-2.0"),
        client.submit(VideoJob("p", images=twice), "apimart/seedance-2.0"),
    ]


SCENARIOS = [
    *(
        Scenario(
            "apimart", f"bodies-{name}", submit_all("apimart", list_jobs(name)), are_new, PAGES
        )
        for name in MORE
    ),
    Scenario(
        "apimart",
        "upload-frames",
        submit_local,
        are_new,
        "docs.apimart.ai, uploads/images; the second answer has it in data; docs.apimart.ai, videos/generations",
    ),
]
