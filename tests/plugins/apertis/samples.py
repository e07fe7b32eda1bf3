"""Orders of the vendor's page, and how a test reads the answers."""

import httpx

IMAGE = "https://example.com/reference.jpg"
VEO = {
    "model": "veo3",
    "prompt": "A serene lake with mountains in the background at sunset",
    "enhance_prompt": True,
    "aspect_ratio": "16:9",
}
SORA = {
    "model": "sora-2",
    "prompt": "A cinematic scene of a person walking through a forest",
    "images": [IMAGE],
    "orientation": "landscape",
    "size": "large",
    "duration": 10,
    "watermark": True,
    "private": False,
}
FORM = {
    "model": "sora-2",
    "prompt": "A cinematic scene",
    "seconds": "10",
    "size": "1280x720",
    "watermark": "false",
    "private": "false",
}

CHAT = {
    "model": "sora-2",
    "stream": True,
    "messages": [
        {"role": "system", "content": "You make videos"},
        {"role": "user", "content": "Generate a video of a serene lake"},
    ],
}


def refusal(answer):
    error = answer.json()["error"]
    return answer.status_code, error["code"], error.get("param")


def film(url):
    return httpx.get(url).content
