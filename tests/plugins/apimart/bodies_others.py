"""Jobs and the bodies that they must become, for Wan, MiniMax and the models behind them."""

from anyvideo.plugin import Image, VideoJob
from tests.plugins.apimart.answers import FIRST, LAST

REFERENCES = [Image(f"https://example.com/{number}.png", "reference") for number in range(1, 4)]
FIRST_URL, LAST_URL = FIRST.source, LAST.source
URLS = [image.source for image in REFERENCES]

OTHER_BODIES = {
    "wan2.6": (
        VideoJob(
            "p",
            seconds=15,
            resolution="1080p",
            images=[FIRST],
            enhance_prompt=False,
            seed=0,
            watermark=False,
            audio=False,
            negative_prompt="rain",
        ),
        {
            "model": "wan2.6",
            "prompt": "p",
            "duration": 15,
            "resolution": "1080p",
            "image_urls": [FIRST_URL],
            "prompt_extend": False,
            "seed": 0,
            "watermark": False,
            "audio": False,
            "negative_prompt": "rain",
        },
    ),
    "wan2.7": (
        VideoJob("p", size="720x1280"),
        {
            "model": "wan2.7",
            "prompt": "p",
            "duration": 5,
            "size": "9:16",
            "resolution": "720P",
        },
    ),
    "wan2.7-r2v": (
        VideoJob("p", images=REFERENCES[:1]),
        {
            "model": "wan2.7-r2v",
            "prompt": "p",
            "duration": 5,
            "resolution": "1080P",
            "image_with_roles": [{"url": URLS[0], "role": "reference_image"}],
        },
    ),
    "wan3.0": (
        VideoJob("p", seconds=2, images=[FIRST]),
        {
            "model": "wan3.0-video",
            "prompt": "p",
            "duration": 2,
            "resolution": "1080P",
            "generation_type": "frame",
            "image_with_roles": [{"url": FIRST_URL, "role": "first_frame"}],
        },
    ),
    "hailuo-2.3": (
        VideoJob("p", seconds=10, images=[FIRST], enhance_prompt=False, watermark=False),
        {
            "model": "MiniMax-Hailuo-2.3",
            "prompt": "p",
            "duration": 10,
            "resolution": "768p",
            "first_frame_image": FIRST_URL,
            "prompt_optimizer": False,
            "watermark": False,
        },
    ),
    "MiniMax-H3": (
        VideoJob("p", seconds=4, resolution="768p", images=[LAST]),
        {
            "model": "MiniMax-H3",
            "prompt": "p",
            "duration": 4,
            "resolution": "768P",
            "last_frame_image": LAST_URL,
        },
    ),
    "grok-imagine-1.5-video-apimart": (
        VideoJob("p", aspect_ratio="2:3", resolution="720p"),
        {
            "model": "grok-imagine-1.5-video-ext",
            "prompt": "p",
            "duration": 6,
            "size": "2:3",
            "resolution": "720p",
        },
    ),
    "happyhorse-1.1": (
        VideoJob("p", images=REFERENCES, resolution="1080p", seed=0),
        {
            "model": "happyhorse-1.1",
            "prompt": "p",
            "duration": 5,
            "resolution": "1080P",
            "seed": 0,
            "image_urls": URLS,
        },
    ),
    "skyreels-v4": (
        VideoJob("p", images=[FIRST, LAST]),
        {
            "model": "skyreels-v4-std",
            "prompt": "p",
            "duration": 5,
            "resolution": "1080p",
            "first_frame_image": FIRST_URL,
            "end_frame_image": LAST_URL,
        },
    ),
    "flux-3-video": (
        VideoJob("p", seconds=20, resolution="1080p", audio=False),
        {
            "model": "flux-3-video",
            "prompt": "p",
            "duration": 20,
            "resolution": "fhd",
            "audio": False,
        },
    ),
}
