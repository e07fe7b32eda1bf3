"""A length, a resolution and sound, in the words and types of each endpoint."""

import pytest

from anyvideo.model.plan import Refusal
from anyvideo.plugin import VideoJob
from tests.plugins.fal.answers import FIRST, answer_to, body_of, request_of

# A length is text, text with a unit, or a number, as the endpoint has it.
LENGTHS = [
    ("seedance-2.0", 15, "15"),
    ("veo-3.1", 4, "4s"),
    ("kling-v3", 3, "3"),
    ("kling-v3-omni", 15, "15"),
    ("kling-3.0-turbo", 7, "7"),
    ("kling-v4", 30, 30),
    ("minimax-h3", 10, 10),
    ("hailuo-2.3", 10, "10"),
    ("wan2.7", 2, 2),
    ("happyhorse-1.0", 15, 15),
    ("pixverse-v6", 1, 1),
    ("vidu-q3-pro", 16, 16),
    ("grok-imagine-video", 15, 15),
    ("ltx-2.3", 8, 8),
    ("luma-ray-3.2", 10, "10s"),
    ("gemini-omni-flash", 3, 3),
    ("gemini-omni-1.1-flash", 10, 10),
    ("gemini-omni-1.2-flash", 15, 15),
    ("seedance-2.5", 30, "30"),
    ("wan3.0", 30, 30),
    ("ltx-2.5-fast", 20, 20),
    ("flux-3-video", 20, 20),
]


@pytest.mark.parametrize(("model", "seconds", "sent"), LENGTHS)
def test_a_length_has_the_endpoints_own_type(model, seconds, sent):
    given = body_of(VideoJob("p", seconds=seconds), model)["duration"]

    assert given == sent
    assert type(given) is type(sent)


WORDS = [
    ("seedance-2.0", {"resolution": "4k"}, "text-to-video", {"resolution": "4k"}),
    ("seedance-2.0", {"resolution": "480p"}, "text-to-video", {"resolution": "480p"}),
    ("veo-3.1", {"resolution": "4k", "aspect_ratio": "9:16"}, "veo3.1", {"resolution": "4k"}),
    ("kling-v3", {"resolution": "1080p"}, "v3/pro/text-to-video", {}),
    ("kling-v3", {"resolution": "4k"}, "v3/4k/text-to-video", {}),
    ("kling-3.0-turbo", {"resolution": "1080p"}, "turbo/pro/text-to-video", {}),
    ("minimax-h3", {"resolution": "2k"}, "text-to-video", {"resolution": "2K"}),
    ("hailuo-2.3", {"resolution": "1080p"}, "hailuo-2.3/pro/text-to-video", {}),
    (
        "hailuo-02",
        {"images": [FIRST], "resolution": "512p"},
        "image-to-video",
        {"resolution": "512P"},
    ),
    ("wan2.7", {"resolution": "720p"}, "text-to-video", {"resolution": "720p"}),
    ("ltx-2.3", {"resolution": "4k"}, "text-to-video", {"resolution": "2160p"}),
    ("ltx-2.5-fast", {"resolution": "4k"}, "fast", {"resolution": "2160p"}),
    ("gemini-omni-1.1-flash", {"resolution": "4k"}, "v1.1/text-to-video", {"resolution": "4k"}),
    ("gemini-omni-1.2-flash", {"resolution": "360p"}, "text-to-video", {"resolution": "360p"}),
    ("wan3.0", {"resolution": "480p"}, "wan-3.0/text-to-video", {"resolution": "480p"}),
]


@pytest.mark.parametrize(("model", "wishes", "ending", "words"), WORDS)
def test_a_resolution_is_a_word_or_an_endpoint(model, wishes, ending, words):
    job = VideoJob("p", **wishes)

    assert request_of(job, model).url.endswith(f"/{ending}")
    assert body_of(job, model).get("resolution") == words.get("resolution")


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("veo-3.1", "generate_audio"),
        ("kling-v3", "generate_audio"),
        ("pixverse-v6", "generate_audio_switch"),
        ("vidu-q3-pro", "audio"),
        ("wan3.0", "audio"),
        ("ltx-2.5-pro", "generate_audio"),
    ],
)
@pytest.mark.parametrize("audio", [True, False])
def test_sound_has_the_endpoints_own_name(model, name, audio):
    assert body_of(VideoJob("p", audio=audio), model)[name] is audio


@pytest.mark.parametrize("model", ["minimax-h3", "wan2.7", "grok-imagine-video"])
def test_sound_that_is_always_made_is_no_parameter(model):
    assert body_of(VideoJob("p", audio=True), model) == {"prompt": "p"}
    assert isinstance(answer_to(VideoJob("p", audio=False), model), Refusal)


def test_the_sound_that_a_price_depends_on_is_always_said():
    assert body_of(VideoJob("p"), "pixverse-v6")["generate_audio_switch"] is False
