"""Jobs and the bodies that they must become: the page's own sample, and one for each difference.

The first is the request of https://docs.apimart.ai/en/api-reference/videos/sora-2/generation to the
letter; the others follow the tables of parameters on the models' pages.
"""

from anyvideo.plugin import Character, VideoJob
from tests.plugins.apimart.answers import FIRST, LAST
from tests.plugins.apimart.bodies_others import (
    FIRST_URL,
    LAST_URL,
    OTHER_BODIES,
    REFERENCES,
    URLS,
)

BODIES = {
    "sora-2": (
        VideoJob(
            "A waterfall cascading down forming a rainbow",
            seconds=5,
            aspect_ratio="16:9",
            images=["https://example.com/image.png"],
        ),
        {
            "model": "sora-2",
            "prompt": "A waterfall cascading down forming a rainbow",
            "duration": 5,
            "aspect_ratio": "16:9",
            "image_urls": ["https://example.com/image.png"],
        },
    ),
    "sora-2-pro": (
        VideoJob("p", seconds=8, size="1920x1080"),
        {
            "model": "sora-2-pro",
            "prompt": "p",
            "duration": 8,
            "aspect_ratio": "16:9",
            "resolution": "1080p",
        },
    ),
    "sora-2-vip": (
        VideoJob(
            "p",
            style="anime",
            private=False,
            character=Character("https://example.com/c.mp4", timestamps=(0, 2.5)),
        ),
        {
            "model": "sora-2-vip",
            "prompt": "p",
            "style": "anime",
            "private": False,
            "character_url": "https://example.com/c.mp4",
            "character_timestamps": "0,2.5",
        },
    ),
    "sora-2-preview": (
        VideoJob("p", seconds=12, images=[REFERENCES[0]]),
        {"model": "sora-2-preview", "prompt": "p", "duration": 12, "image_urls": [URLS[0]]},
    ),
    "veo-3.1-fast": (
        VideoJob("p", aspect_ratio="9:16", resolution="4k", images=[LAST, FIRST]),
        {
            "model": "veo3.1-fast",
            "prompt": "p",
            "aspect_ratio": "9:16",
            "resolution": "4k",
            "generation_type": "frame",
            "image_urls": [FIRST_URL, LAST_URL],
        },
    ),
    "veo-3.1": (
        VideoJob("p", seconds=8, images=REFERENCES),
        {
            "model": "veo3.1-quality",
            "prompt": "p",
            "resolution": "720p",
            "generation_type": "reference",
            "image_urls": URLS,
        },
    ),
    "veo-3.1-lite": (
        VideoJob("p"),
        {"model": "veo3.1-lite", "prompt": "p", "resolution": "720p"},
    ),
    "veo-3.1-fast-official": (
        VideoJob(
            "p",
            seconds=6,
            resolution="1080p",
            images=[FIRST, LAST],
            audio=False,
            seed=0,
            negative_prompt="fog",
            options={"apimart": {"count": 2, "person_generation": "dont_allow"}},
        ),
        {
            "model": "veo3.1-fast-official",
            "prompt": "p",
            "duration": 6,
            "resolution": "1080p",
            "first_frame_image": FIRST_URL,
            "last_frame_image": LAST_URL,
            "generate_audio": False,
            "seed": 0,
            "negative_prompt": "fog",
            "count": 2,
            "person_generation": "dont_allow",
        },
    ),
    "gemini-omni-1.1-flash-ext": (
        VideoJob("p", resolution="4k", images=REFERENCES),
        {
            "model": "gemini-omni-1.1-flash-ext",
            "prompt": "p",
            "duration": 6,
            "resolution": "4k",
            "generation_type": "reference",
            "image_urls": URLS,
        },
    ),
    "gemini-omni-1.1-flash": (
        VideoJob("p", images=[FIRST, REFERENCES[0]]),
        {
            "model": "gemini-omni-1.1-flash",
            "prompt": "p",
            "resolution": "720p",
            "image_with_roles": [
                {"url": FIRST_URL, "role": "first_frame"},
                {"url": URLS[0], "role": "reference"},
            ],
        },
    ),
    "kling-v2-6": (
        VideoJob("p", seconds=10, audio=True, watermark=False, negative_prompt="blur"),
        {
            "model": "kling-v2-6",
            "prompt": "p",
            "duration": 10,
            "mode": "pro",
            "audio": True,
            "watermark": False,
            "negative_prompt": "blur",
        },
    ),
    "kling-v3": (
        VideoJob("p", images=[FIRST, LAST], watermark=False),
        {
            "model": "kling-v3",
            "prompt": "p",
            "duration": 5,
            "mode": "std",
            "audio": False,
            "watermark": False,
            "image_urls": [FIRST_URL, LAST_URL],
        },
    ),
    "kling-3.0-turbo": (
        VideoJob("p", seconds=3, resolution="1080p", images=[FIRST]),
        {
            "model": "kling-3.0-turbo",
            "prompt": "p",
            "duration": 3,
            "resolution": "1080p",
            "first_frame_image": FIRST_URL,
        },
    ),
    "kling-v2-6-motion-control": (
        VideoJob(
            "p",
            images=[FIRST],
            options={
                "apimart": {
                    "video_url": "https://example.com/dance.mp4",
                    "character_orientation": "image",
                    "watermark_info": {"enabled": False},
                }
            },
        ),
        {
            "model": "kling-v2-6-motion-control",
            "prompt": "p",
            "mode": "std",
            "image_url": FIRST_URL,
            "video_url": "https://example.com/dance.mp4",
            "character_orientation": "image",
            "watermark_info": {"enabled": False},
        },
    ),
    "seedance-2.0": (
        VideoJob("p", images=[FIRST, LAST], seed=0, audio=False),
        {
            "model": "seedance-2.0",
            "prompt": "p",
            "duration": 5,
            "size": "adaptive",
            "resolution": "720p",
            "seed": 0,
            "generate_audio": False,
            "image_with_roles": [
                {"url": FIRST_URL, "role": "first_frame"},
                {"url": LAST_URL, "role": "last_frame"},
            ],
        },
    ),
    "doubao-seedance-2.0-fast": (
        VideoJob("p", aspect_ratio="21:9", images=REFERENCES),
        {
            "model": "seedance-2.0-fast",
            "prompt": "p",
            "duration": 5,
            "resolution": "720p",
            "size": "21:9",
            "image_urls": URLS,
        },
    ),
    "seedance-2.5": (
        VideoJob("p", seconds=30, aspect_ratio="1:1", resolution="480p", watermark=False),
        {
            "model": "seedance-2.5",
            "prompt": "p",
            "duration": 30,
            "size": "1:1",
            "resolution": "480p",
            "watermark": False,
        },
    ),
    "seedance-1-5-pro": (
        VideoJob("p", seconds=4, aspect_ratio="9:16", resolution="1080p", audio=False),
        {
            "model": "seedance-1-5-pro",
            "prompt": "p",
            "duration": 4,
            "aspect_ratio": "9:16",
            "resolution": "1080p",
            "audio": False,
        },
    ),
    **OTHER_BODIES,
}
