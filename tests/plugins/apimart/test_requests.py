"""Every body on APIMart's pages, produced to the letter, and what they refuse."""

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from anyvideo.model.plan import Refusal
from anyvideo.plugin import Character, Image, JobError, VideoJob
from anyvideo_plugins.apimart.generations import encode
from tests.plugins.apimart.answers import (
    APIMART,
    FIRST,
    LAST,
    answer_to,
    body_of,
    offer_of,
    plan_for,
)
from tests.plugins.apimart.bodies import BODIES
from tests.plugins.apimart.bodies_others import FIRST_URL, REFERENCES


@pytest.mark.parametrize("model", BODIES)
def test_a_job_becomes_the_documented_body(model):
    job, body = BODIES[model]
    request = encode(plan_for(job, model), {})

    assert (request.method, request.url) == ("POST", "/v1/videos/generations")
    assert request.json == body
    assert request.paid
    assert request.headers == {}
    assert request.form is None


def test_a_length_is_sent_as_an_integer():
    body = body_of(plan_for(VideoJob("p", seconds=5.0), "kling-v3"))

    assert body["duration"] == 5
    assert isinstance(body["duration"], int)


def test_options_pass_as_they_are_and_null_takes_a_parameter_out():
    options = {
        "video_urls": ["https://example.com/v.mp4"],
        "duration": None,
        "webhook": "https://a.b",
    }
    job = VideoJob("p", options={"apimart": options, "apiyi": {"x": 1}})
    body = body_of(plan_for(job, "gemini-omni-1.1-flash-ext"))

    assert body == {
        "model": "gemini-omni-1.1-flash-ext",
        "prompt": "p",
        "resolution": "720p",
        "video_urls": ["https://example.com/v.mp4"],
        "webhook": "https://a.b",
    }


def test_an_option_wins_over_what_the_adapter_would_say_of_the_images():
    job = VideoJob("p", images=[FIRST], options={"apimart": {"size": "16:9", "duration": 5.5}})
    body = body_of(plan_for(job, "seedance-2.0"))

    assert body["size"] == "16:9"
    assert body["duration"] == 5.5


def test_adaptive_is_for_images_without_a_ratio_only():
    assert "size" not in body_of(plan_for(VideoJob("p"), "seedance-2.0"))
    job = VideoJob("p", images=[FIRST], aspect_ratio="4:3")
    assert body_of(plan_for(job, "seedance-2.0"))["size"] == "4:3"
    job = VideoJob("p", images=[FIRST])
    assert body_of(plan_for(job, "seedance-2.5"))["size"] == "adaptive"


@pytest.mark.parametrize("name", ["image_urls", "character_url"])
def test_an_option_against_the_jobs_own_images_or_character_is_one_line(name):
    job = VideoJob(
        "p",
        images=[FIRST],
        character=Character("https://example.com/c.mp4"),
        private=True,
        options={"apimart": {name: "x"}},
    )
    with pytest.raises(JobError, match=f"options.apimart.{name} contradicts the job's own"):
        encode(plan_for(job, "sora-2"), {})


def test_a_character_must_have_a_url():
    job = VideoJob("p", character=Character(from_task="task_1"))
    assert isinstance(answer_to(job, "sora-2-vip"), Refusal)

    overlaid = evolve(plan_for(VideoJob("p"), "sora-2-vip"), asked=job)
    with pytest.raises(JobError, match="from a url, not from a task"):
        encode(overlaid, {})


def test_an_offer_of_the_config_needs_no_names_for_images():
    plan = plan_for(VideoJob("p", images=[FIRST]), "sora-2")
    bare = evolve(plan, offer=evolve(plan.offer, names={}))

    assert body_of(bare)["image_urls"] == [FIRST_URL]


REFUSED = [
    (
        "veo-3.1-fast",
        VideoJob("p", images=[*REFERENCES, Image("https://a.b/4", "reference")]),
        "up to",
    ),
    ("veo-3.1-fast", VideoJob("p", images=[FIRST, REFERENCES[0]]), "cannot be mixed"),
    ("veo-3.1-fast", VideoJob("p" * 1001), "1000"),
    ("veo-3.1-lite", VideoJob("p", images=[FIRST]), "no images"),
    ("kling-v3", VideoJob("p", images=[LAST]), "a last frame needs a first frame"),
    ("kling-v3", VideoJob("p", images=REFERENCES[:1]), "as reference are not available"),
    ("kling-v2-6", VideoJob("p", audio=True, resolution="720p"), "resolution"),
    (
        "kling-v2-6",
        VideoJob("p", audio=True, images=[FIRST, LAST]),
        "audio on is not available together",
    ),
    ("kling-3.0-turbo", VideoJob("p", images=[FIRST, LAST]), "images as"),
    ("gemini-omni-1.1-flash-ext", VideoJob("p", images=REFERENCES[:2]), "0, 1, 3"),
    ("gemini-omni-1.1-flash-ext", VideoJob("p", seconds=5), "4"),
    ("seedance-2.0", VideoJob("p", images=[FIRST, REFERENCES[0]]), "cannot be mixed"),
    ("seedance-2.0-fast", VideoJob("p", resolution="1080p"), "1080p"),
    ("hailuo-2.3", VideoJob("p", seconds=10, resolution="1080p"), "together"),
    ("hailuo-2.3-fast", VideoJob("p"), "1 or more needed"),
    ("sora-2-vip", VideoJob("p", watermark=False), "watermark"),
    ("seedance-2.0", VideoJob("p", negative_prompt="x"), "negative_prompt"),
]


@pytest.mark.parametrize(
    ("model", "resolution"),
    [("kling-3.0-turbo", "720p"), ("wan2.6", "720p"), ("skyreels-v4", "1080p")],
)
def test_beside_a_frame_no_ratio_is_sent(model, resolution):
    plan = plan_for(VideoJob("p", images=[FIRST], aspect_ratio="16:9"), model)
    body = body_of(plan)

    assert "16:9" not in body.values()
    assert body["resolution"] == resolution
    assert plan.assumptions == (
        "aspect_ratio 16:9 needs an image of that shape, which is not known here",
    )


@pytest.mark.parametrize(("model", "job", "words"), REFUSED)
def test_what_the_pages_refuse_is_refused_before_any_request(model, job, words):
    refusal = answer_to(job, model)

    assert isinstance(refusal, Refusal)
    assert words in str(refusal)


def list_tiers():
    for offer in APIMART.offers():
        for number, tier in enumerate(offer.tiers):
            yield pytest.param(offer, tier, id=f"{offer.model}-{number}-{tier.name}")


def job_for(offer, tier):
    """A job that only this tier of the offer can take."""
    images, limits = [], tier.images
    if limits.reference:
        images = [Image(f"https://a.b/{n}", "reference") for n in range(limits.reference)]
    elif limits.first_frame:
        images = [FIRST, LAST] if limits.last_frame else [FIRST]
    shape = tier.shapes[-1] if tier.shapes else None
    return VideoJob(
        "p",
        seconds=tier.seconds[-1] if tier.seconds else None,
        aspect_ratio=shape and shape.aspect_ratio,
        resolution=shape and shape.resolution,
        audio=tier.audio[-1] if tier.audio else None,
        images=images[: limits.max] if limits.max else images,
        private=False if "private" in tier.accepts else None,
    )


@pytest.mark.parametrize(("offer", "tier"), list(list_tiers()))
def test_every_tier_can_be_reached_and_asks_for_what_it_holds(offer, tier):
    job = job_for(offer, tier)
    plan = plan_for(job, offer.wire_model)
    body = body_of(plan)

    assert plan.tier == tier
    assert body["model"] == offer.wire_model
    assert body.get("duration") == (job.seconds if offer.parameter("seconds") else None)
    assert all(body[name] == word for name, word in plan.shape.wire.items()) if plan.shape else True
    sent = [name for name in body if name.startswith(("image", "first_frame", "end_frame"))]
    assert bool(sent) == bool(job.images)


MODELS = st.sampled_from([offer.model for offer in APIMART.offers()])
WISHES = st.fixed_dictionaries(
    {},
    optional={
        "seconds": st.sampled_from([4, 5, 6, 8, 10]),
        "aspect_ratio": st.sampled_from(["16:9", "9:16", "1:1"]),
        "resolution": st.sampled_from(["480p", "720p", "1080p", "4k"]),
        "images": st.sampled_from([[FIRST], [FIRST, LAST], REFERENCES]),
        "audio": st.booleans(),
        "seed": st.sampled_from([0, 7]),
        "watermark": st.booleans(),
        "negative_prompt": st.just("x"),
    },
)


@given(MODELS, WISHES)
def test_a_granted_job_asks_for_the_same_again(model, wishes):
    plan = answer_to(VideoJob("p", **wishes), model)
    if isinstance(plan, Refusal):
        assert plan.reasons
        return
    again = plan_for(plan.job, model)

    assert encode(again, {}) == encode(plan, {})
    assert again.quote == plan.quote
    body = body_of(plan)
    for name in ("seed", "watermark", "audio"):
        if name in wishes:
            assert body[offer_of(model).parameter(name)] == wishes[name]
