"""The requests of OpenRouter's pages, each with the job that it is.

Sources: openrouter.ai/docs, openapi.yaml and guides/overview/multimodal/video-generation ("guide"),
cookbook/video-generation/* ("cookbook"); the resolution is added where the guide leaves it out,
because the price depends on it.
"""

from typing import Any

from anyvideo import Image, VideoJob

FIRST = "https://example.com/first-frame.png"
LAST = "https://your-domain.example/last-frame.jpg"
STYLE = "https://example.com/style-ref.png"


def part(url: Any, **more: str) -> dict[str, Any]:
    """An image as the vendor writes it."""
    return {"type": "image_url", "image_url": {"url": url}, **more}


ORCHID = (
    "A 4-second time-lapse of a white orchid blooming on a dark tabletop, macro lens, gentle"
    " studio light"
)
BACKPACK = "Create a 4-second product video of the same backpack from the reference image."
REFERENCES = [
    "https://your-domain.example/character-front.jpg",
    "https://your-domain.example/character-side.jpg",
    "https://your-domain.example/style-reference.jpg",
]
HALF = {"duration": 4, "resolution": "720p", "aspect_ratio": "16:9", "generate_audio": False}
HALF_JOB: dict[str, Any] = {
    "seconds": 4,
    "resolution": "720p",
    "aspect_ratio": "16:9",
    "audio": False,
}
PASSED = {
    "options": {
        "google-vertex": {"parameters": {"negativePrompt": "blurry, low quality, distorted petals"}}
    }
}

BODIES: dict[str, tuple[str, VideoJob, dict[str, Any]]] = {
    "openapi": (
        "veo-3.1",
        VideoJob(
            "A serene mountain landscape at sunset",
            seconds=8,
            resolution="720p",
            aspect_ratio="16:9",
            options={"openrouter": {"generate_audio": None}},
        ),
        {
            "aspect_ratio": "16:9",
            "duration": 8,
            "model": "google/veo-3.1",
            "prompt": "A serene mountain landscape at sunset",
            "resolution": "720p",
        },
    ),
    "guide, image-to-video": (
        "wan2.7",
        VideoJob("A character walking through a forest", resolution="1080p", images=[Image(FIRST)]),
        {
            "model": "alibaba/wan-2.7",
            "prompt": "A character walking through a forest",
            "frame_images": [part(FIRST, frame_type="first_frame")],
            "resolution": "1080p",
            "duration": 5,
        },
    ),
    "guide, reference-to-video": (
        "wan2.7",
        VideoJob(
            "A colossal solar flare beside a planet",
            resolution="1080p",
            images=[Image(STYLE, "reference")],
        ),
        {
            "model": "alibaba/wan-2.7",
            "prompt": "A colossal solar flare beside a planet",
            "input_references": [part(STYLE)],
            "resolution": "1080p",
            "duration": 5,
        },
    ),
    "cookbook, image-to-video with both frames": (
        "veo-3.1-lite",
        VideoJob("cinematic", images=[Image(LAST, "last_frame"), Image(FIRST)], **HALF_JOB),
        {
            "model": "google/veo-3.1-lite",
            "prompt": "cinematic",
            **HALF,
            "frame_images": [
                part(FIRST, frame_type="first_frame"),
                part(LAST, frame_type="last_frame"),
            ],
        },
    ),
    "cookbook, reference-to-video": (
        "seedance-2.0-fast",
        VideoJob(BACKPACK, images=[Image(url, "reference") for url in REFERENCES], **HALF_JOB),
        {
            "model": "bytedance/seedance-2.0-fast",
            "prompt": BACKPACK,
            **HALF,
            "input_references": [part(url) for url in REFERENCES],
        },
    ),
    "cookbook, provider options": (
        "veo-3.1-lite",
        VideoJob(ORCHID, negative_prompt="blurry, low quality, distorted petals", **HALF_JOB),
        {"model": "google/veo-3.1-lite", "prompt": ORCHID, **HALF, "provider": PASSED},
    ),
    "cookbook, provider options as options": (
        "veo-3.1-lite",
        VideoJob(ORCHID, options={"openrouter": {"provider": PASSED}}, **HALF_JOB),
        {"model": "google/veo-3.1-lite", "prompt": ORCHID, **HALF, "provider": PASSED},
    ),
    "omniapi-mcp, 4K and a seed of 0": (
        "veo-3.1-fast",
        VideoJob("a boat", seconds=8, resolution="4K", aspect_ratio="9:16", audio=True, seed=0),
        {
            "model": "google/veo-3.1-fast",
            "prompt": "a boat",
            "duration": 8,
            "resolution": "4K",
            "aspect_ratio": "9:16",
            "generate_audio": True,
            "seed": 0,
        },
    ),
}
