"""Every sample on fal's pages, produced to the letter, and how a job chooses its endpoint."""

from pathlib import Path

import pytest
from attrs import evolve

from anyvideo.model.plan import Refusal
from anyvideo.plugin import Image, Inline, Offer, Tier, VideoJob
from anyvideo_plugins.fal.queue import encode
from tests.plugins.fal.answers import (
    FAL,
    FIRST,
    LAST,
    REFERENCES,
    answer_to,
    body_of,
    plan_for,
    request_of,
)

PHOTO = Image(Path(__file__).parents[2] / "images/plain-1280x720.png")
MECHA = 'A mecha lands on the ground to save the city, and says "I\'m here", in anime style'
LIGHTHOUSE = "A cinematic wide shot of a lighthouse on a rocky cliff at dusk"
# The examples of the llms.txt and of the API reference of each endpoint. What an example gives of
# parameters that no job has (multi_prompt, shot_type) is left out.
SAMPLES = {
    "fal-ai/kling-video/o3/pro/text-to-video": (
        "kling-v3-omni",
        VideoJob(MECHA, seconds=5, aspect_ratio="16:9", resolution="1080p", audio=False),
        {"prompt": MECHA, "duration": "5", "aspect_ratio": "16:9", "generate_audio": False},
    ),
    "google/gemini-omni-flash": (
        "gemini-omni-flash",
        VideoJob(LIGHTHOUSE, seconds=8, aspect_ratio="16:9"),
        {"prompt": LIGHTHOUSE, "aspect_ratio": "16:9", "duration": 8},
    ),
    "google/gemini-omni-flash/image-to-video": (
        "gemini-omni-flash",
        VideoJob("The subject slowly turns to face the camera", images=[FIRST]),
        {"prompt": "The subject slowly turns to face the camera", "image_url": FIRST.source},
    ),
    "google/gemini-omni-flash/reference-to-video": (
        "gemini-omni-flash",
        VideoJob("A cat playfully batting at a ball of yarn", images=REFERENCES[:2]),
        {
            "prompt": "A cat playfully batting at a ball of yarn",
            "image_urls": [REFERENCES[0].source, REFERENCES[1].source],
        },
    ),
    "fal-ai/minimax/hailuo-2.3-fast/pro/image-to-video": (
        "hailuo-2.3-fast",
        VideoJob("Subject-tracking orbit", resolution="1080p", images=[FIRST]),
        {"prompt": "Subject-tracking orbit", "image_url": FIRST.source},
    ),
    "xai/grok-imagine-video/v1.5/image-to-video": (
        "grok-imagine-video-1.5",
        VideoJob("Medieval knight in ornate armor", seconds=6, resolution="720p", images=[FIRST]),
        {
            "prompt": "Medieval knight in ornate armor",
            "duration": 6,
            "resolution": "720p",
            "image_url": FIRST.source,
        },
    ),
    "google/gemini-omni-flash/v1.1/image-to-video": (
        "gemini-omni-1.1-flash",
        VideoJob(
            "The dog turns its head",
            seconds=8,
            resolution="720p",
            aspect_ratio="16:9",
            images=[FIRST],
        ),
        {
            "prompt": "The dog turns its head",
            "image_url": FIRST.source,
            "aspect_ratio": "16:9",
            "resolution": "720p",
            "duration": 8,
        },
    ),
    "alibaba/wan-3.0/text-to-video": (
        "wan3.0",
        VideoJob(
            "A red panda", seconds=5, resolution="1080p", aspect_ratio="16:9", audio=True, seed=1
        ),
        {
            "prompt": "A red panda",
            "resolution": "1080p",
            "aspect_ratio": "16:9",
            "duration": 5,
            "audio": True,
            "seed": 1,
        },
    ),
    "luma/agent/ray/v3.2/text-to-video": (
        "luma-ray-3.2",
        VideoJob("A herd of wild horses galloping"),
        {"prompt": "A herd of wild horses galloping"},
    ),
}


@pytest.mark.parametrize("endpoint", SAMPLES)
def test_a_job_becomes_the_documented_body(endpoint):
    model, job, body = SAMPLES[endpoint]
    request = request_of(job, model)

    assert (request.method, request.url) == ("POST", f"/{endpoint}")
    assert request.json == body
    assert (request.paid, request.query, request.form) == (True, {}, None)


def test_the_paid_job_runs_once():
    assert request_of(VideoJob("p"), "veo-3.1").headers == {"x-fal-no-retry": "1"}


def test_the_key_goes_in_fals_own_scheme():
    request = request_of(VideoJob("p"), "veo-3.1")

    signed = FAL.authorize(request, "key-id:key-secret", b"{}", 1_800_000_000.0)

    assert signed == {"authorization": "Key key-id:key-secret"}


# One row for each set of roles of each family: where the job goes, and under which names.
IMAGES = [
    ("seedance-2.0", [FIRST], "image-to-video", {"image_url": 0}),
    ("seedance-2.0", [FIRST, LAST], "image-to-video", {"image_url": 0, "end_image_url": 1}),
    ("seedance-2.0", REFERENCES, "reference-to-video", {"image_urls": [0, 1, 2]}),
    ("seedance-2.0-fast", [FIRST], "fast/image-to-video", {"image_url": 0}),
    ("seedance-2.0-mini", REFERENCES, "mini/reference-to-video", {"image_urls": [0, 1, 2]}),
    ("veo-3.1", [FIRST], "fal-ai/veo3.1/image-to-video", {"image_url": 0}),
    (
        "veo-3.1",
        [FIRST, LAST],
        "fal-ai/veo3.1/first-last-frame-to-video",
        {"first_frame_url": 0, "last_frame_url": 1},
    ),
    ("veo-3.1", REFERENCES, "fal-ai/veo3.1/reference-to-video", {"image_urls": [0, 1, 2]}),
    (
        "veo-3.1-lite",
        [FIRST, LAST],
        "lite/first-last-frame-to-video",
        {"first_frame_url": 0, "last_frame_url": 1},
    ),
    (
        "kling-v3",
        [FIRST, LAST],
        "v3/standard/image-to-video",
        {"start_image_url": 0, "end_image_url": 1},
    ),
    ("kling-v3-omni", [FIRST], "o3/standard/image-to-video", {"image_url": 0}),
    (
        "kling-v3-omni",
        [FIRST, LAST, *REFERENCES],
        "o3/standard/reference-to-video",
        {"start_image_url": 0, "end_image_url": 1, "image_urls": [2, 3, 4]},
    ),
    ("kling-3.0-turbo", [FIRST], "turbo/standard/image-to-video", {"image_url": 0}),
    ("minimax-h3", REFERENCES, "h3/reference-to-video", {"reference_image_urls": [0, 1, 2]}),
    ("hailuo-2.3", [FIRST], "hailuo-2.3/standard/image-to-video", {"image_url": 0}),
    ("wan2.7", [FIRST, LAST], "image-to-video", {"image_url": 0, "end_image_url": 1}),
    ("wan2.7", REFERENCES, "v2.7/reference-to-video", {"reference_image_urls": [0, 1, 2]}),
    ("happyhorse-1.1", REFERENCES, "v1.1/reference-to-video", {"image_urls": [0, 1, 2]}),
    ("pixverse-v6", [FIRST], "v6/image-to-video", {"image_url": 0}),
    ("pixverse-v6", [FIRST, LAST], "v6/transition", {"first_image_url": 0, "end_image_url": 1}),
    ("vidu-q3-turbo", [FIRST], "q3/image-to-video/turbo", {"image_url": 0}),
    ("vidu-q3-mix", REFERENCES, "reference-to-video/mix", {"reference_image_urls": [0, 1, 2]}),
    ("grok-imagine-video", REFERENCES, "reference-to-video", {"reference_image_urls": [0, 1, 2]}),
    ("ltx-2.3-fast", [FIRST, LAST], "image-to-video/fast", {"image_url": 0, "end_image_url": 1}),
    ("luma-ray-3.2", [FIRST, LAST], "image-to-video", {"image_url": 0, "end_image_url": 1}),
    ("seedance-2.5", [FIRST, LAST], "image-to-video", {"image_url": 0, "end_image_url": 1}),
    ("seedance-2.5", REFERENCES, "seedance-2.5/reference-to-video", {"image_urls": [0, 1, 2]}),
    (
        "gemini-omni-1.1-flash",
        [FIRST, LAST],
        "image-to-video",
        {"image_url": 0, "end_image_url": 1},
    ),
    ("gemini-omni-1.2-flash", [FIRST], "v1.2/image-to-video", {"image_url": 0}),
    (
        "gemini-omni-1.2-flash",
        [FIRST, LAST],
        "image-to-video",
        {"image_url": 0, "end_image_url": 1},
    ),
    ("gemini-omni-1.2-flash", REFERENCES, "reference-to-video", {"image_urls": [0, 1, 2]}),
    ("wan3.0", [FIRST, LAST], "image-to-video", {"start_image_url": 0, "end_image_url": 1}),
    ("wan3.0-prime", REFERENCES, "reference-to-video", {"reference_image_urls": [0, 1, 2]}),
    ("ltx-2.5-pro", [FIRST, LAST], "image-to-video/pro", {"image_url": 0, "end_image_url": 1}),
    ("flux-3-video", [FIRST], "flux-3/image-to-video", {"image_url": 0}),
    (
        "flux-3-video",
        [FIRST, LAST],
        "first-last-frame-to-video",
        {"start_image_url": 0, "end_image_url": 1},
    ),
]


@pytest.mark.parametrize(("model", "images", "ending", "placed"), IMAGES)
def test_the_images_choose_the_endpoint_and_its_names(model, images, ending, placed):
    request = request_of(VideoJob("p", images=images), model)
    body = body_of(VideoJob("p", images=images), model)
    sent = {name: value for name, value in body.items() if name.endswith(("_url", "_urls"))}

    def name(place):
        return [name(item) for item in place] if isinstance(place, list) else images[place].source

    assert request.url.endswith(f"/{ending}")
    assert sent == {field: name(place) for field, place in placed.items()}


@pytest.mark.parametrize("model", ["veo-3.1", "seedance-2.0"])
def test_a_local_image_is_a_data_url(model):
    job = VideoJob("p", images=[PHOTO])

    assert body_of(job, model)["image_url"] == Inline(plan_for(job, model).uploads[PHOTO])
    assert request_of(job, model).files == {}


def test_the_other_fields_have_the_endpoints_own_names():
    job = VideoJob("p", seed=0, negative_prompt="fog", enhance_prompt=False)

    assert body_of(job, "wan2.7") == {
        "prompt": "p",
        "seed": 0,
        "negative_prompt": "fog",
        "enable_prompt_expansion": False,
    }


def test_options_pass_as_they_are_and_null_takes_a_parameter_out():
    options = {"duration": None, "safety_tolerance": "2", "image_url": "https://a.b/other.png"}
    job = VideoJob("p", seconds=8, images=[FIRST], options={"fal": options, "apimart": {"x": 1}})

    assert body_of(job, "veo-3.1") == {
        "prompt": "p",
        "safety_tolerance": "2",
        "image_url": "https://a.b/other.png",
    }


def test_an_option_may_be_called_model():
    job = VideoJob("p", options={"fal": {"model": "large"}})

    assert body_of(job, "veo-3.1")["model"] == "large"


def test_an_offer_of_the_config_needs_no_names():
    plan = plan_for(VideoJob("p", images=[FIRST]), "veo-3.1")
    bare = evolve(plan, offer=Offer("fal", "new", "maker/new model/v1"), tier=Tier())

    request = encode(bare, {})

    assert request.url == "/maker/new%20model/v1"
    assert request.json == {"prompt": "p", "image_url": FIRST.source}


REFUSED = [
    ("seedance-2.0", VideoJob("p", images=[FIRST, REFERENCES[0]]), "cannot be mixed"),
    ("seedance-2.0", VideoJob("p", seconds=3), "4"),
    ("seedance-2.0-mini", VideoJob("p", resolution="1080p"), "1080p"),
    ("seedance-2.0", VideoJob("p", seed=7), "seed"),
    ("veo-3.1", VideoJob("p", seconds=5), "4, 6, 8"),
    ("veo-3.1", VideoJob("p", images=REFERENCES, seconds=4), "8"),
    ("veo-3.1", VideoJob("p", images=[LAST]), "a last frame needs a first frame"),
    ("kling-3.0-turbo", VideoJob("p", images=[FIRST, LAST]), "last_frame"),
    ("hailuo-2.3-fast", VideoJob("p"), "1 or more needed"),
    ("hailuo-2.3", VideoJob("p", resolution="1080p", seconds=10), "together"),
    ("wan2.7", VideoJob("p", images=REFERENCES, seconds=15), "together"),
    ("vidu-q3-pro", VideoJob("p", images=[FIRST, LAST], resolution="360p"), "together"),
    ("ltx-2.3-fast", VideoJob("p", seconds=12, resolution="4k"), "together"),
    ("luma-ray-3.2", VideoJob("p", seconds=10, images=[FIRST]), "together"),
    ("gemini-omni-flash", VideoJob("p", resolution="1080p"), "720p"),
    ("gemini-omni-1.2-flash", VideoJob("p", seconds=15, images=[FIRST, LAST]), "together"),
    ("wan3.0-prime", VideoJob("p"), "1 or more needed"),
    ("ltx-2.5-fast", VideoJob("p", seconds=20, resolution="4k"), "together"),
    ("seedance-2.5", VideoJob("p", images=[FIRST], seed=7), "seed"),
    ("pixverse-v6", VideoJob("雪" * 683), "2048"),
]


@pytest.mark.parametrize(("model", "job", "words"), REFUSED)
def test_what_no_endpoint_takes_is_refused_before_it_is_sent(model, job, words):
    refusal = answer_to(job, model)

    assert isinstance(refusal, Refusal)
    assert words in str(refusal)
