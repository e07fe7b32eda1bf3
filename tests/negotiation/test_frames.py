"""The ratio of a video that takes the shape of its image."""

import pytest

from anyvideo.model.media import Image
from anyvideo.model.offer import Images, Shape, Tier
from tests.acme.answers import ask, grant, refuse, sell

# The tests' images: a.png is 16:9, c.gif is 1:1; the shape behind the URL is not known.
WIDE, SQUARE, FAR = "a.png", "c.gif", "https://x.example/a.png"
LIMITS = Images(
    first_frame=1, reference=2, min=1, via=("url", "file"), formats=(), mix=True, sets_ratio=True
)
LINES = tuple(Shape(resolution=lines, wire={"lines": lines}) for lines in ("720p", "1080p"))
WORDS = Tier(name="words", shapes=(Shape("16:9", "720p"), Shape("4:3", "720p")), seconds=(4, 8))
OFFER = sell(WORDS, Tier(name="frames", shapes=LINES, images=LIMITS, seconds=(4, 8)))

CROP = "is not available; the video takes the shape of its image, which is 1:1; crop the image"


@pytest.mark.parametrize(
    "wishes",
    [
        {"aspect_ratio": "16:9"},
        {"aspect_ratio": "16:9", "resolution": "720p"},
        {"size": "1280x720"},
        {"aspect_ratio": "1:1", "images": SQUARE},
        {"aspect_ratio": "16:9", "images": [WIDE, Image(SQUARE, "reference")]},
        {"aspect_ratio": "16:9", "images": Image(WIDE, "reference")},
    ],
)
def test_an_image_of_the_right_shape_grants_the_ratio(wishes):
    plan = ask(OFFER, {"images": WIDE, **wishes})
    assert (plan.tier.name, plan.adjustments, plan.assumptions) == ("frames", (), ())
    assert plan.job == plan.asked
    lines = plan.job.resolution
    assert plan.parameters().get("lines") == lines
    assert "aspect_ratio" not in plan.parameters()


def test_a_url_is_a_plan_with_an_assumption():
    plan = ask(OFFER, {"images": FAR, "aspect_ratio": "4:3"})
    assert plan.adjustments == ()
    assert plan.assumptions == (
        "aspect_ratio 4:3 needs an image of that shape, which is not known here",
    )
    assert plan.job.aspect_ratio == "4:3"
    assert str(plan) == f"acme/clip: {plan.assumptions[0]}, unknown"
    assert ask(OFFER, {"images": FAR}).assumptions == ()
    sized = ask(OFFER, {"images": FAR, "size": "1280x720"})
    assert sized.assumptions == (
        "size 1280x720 needs an image of that shape, which is not known here",
    )
    assert sized.job == sized.asked


def test_an_image_of_another_shape_is_a_reason_of_one_tier_alone():
    assert refuse(OFFER, {"images": SQUARE, "aspect_ratio": "16:9", "seconds": 5}) == [
        "seconds 5 is not available; accepted: 4, 8",
        f"aspect_ratio 16:9 {CROP}",
    ]
    assert refuse(OFFER, {"images": SQUARE, "size": "1366x768"}) == [
        "resolution 768p is not available; accepted: 720p, 1080p",
        f"size 1366x768 {CROP}",
    ]
    (reason,) = ask(OFFER, {"images": SQUARE, "size": "1280x720"}).reasons
    assert (reason.field, reason.asked, reason.accepted) == ("size", "1280x720", ("1:1",))


@pytest.mark.parametrize(
    ("wishes", "rules", "granted", "changes"),
    [
        (
            {"aspect_ratio": "16:9"},
            {"aspect_ratio": "nearest"},
            ("1:1", None, None),
            ["aspect_ratio 16:9 -> 1:1 (accepted: that of the image, 1:1)"],
        ),
        (
            {"aspect_ratio": "16:9", "resolution": "720p"},
            {"aspect_ratio": "drop"},
            (None, "720p", None),
            ["aspect_ratio 16:9 -> left out (accepted: that of the image, 1:1)"],
        ),
        (
            {"size": "1366x768"},
            {"size": "nearest"},
            ("1:1", "720p", None),
            ["size 1366x768 -> 1:1 720p (accepted: 720p, 1080p; accepted: that of the image, 1:1)"],
        ),
        (
            {"size": "1280x720"},
            {"size": "drop"},
            (None, "720p", None),
            ["size 1280x720 -> 720p (accepted: that of the image, 1:1)"],
        ),
        (
            {"aspect_ratio": "1:1", "resolution": "480p"},
            {"resolution": "up"},
            ("1:1", "720p", None),
            ["resolution 480p -> 720p (accepted: 720p, 1080p)"],
        ),
        (
            {"aspect_ratio": "1:1", "resolution": "480p"},
            {"resolution": "drop"},
            ("1:1", None, None),
            ["resolution 480p -> left out (accepted: 720p, 1080p)"],
        ),
    ],
)
def test_the_policy_may_change_the_ratio_to_that_of_the_image(wishes, rules, granted, changes):
    plan = ask(OFFER, {"images": SQUARE, **wishes}, rules)
    job = plan.job
    assert [str(item) for item in plan.adjustments] == changes
    assert (job.aspect_ratio, job.resolution, job.size) == granted


def test_an_image_that_is_left_out_shapes_nothing():
    loose = sell(
        Tier(images=Images(first_frame=1, formats=("png",), via=("file",), sets_ratio=True))
    )
    wishes = {"images": SQUARE, "aspect_ratio": "1:1"}
    assert refuse(loose, wishes, images="drop") == [
        "aspect_ratio 1:1 is not available; the video takes the shape of its image"
    ]
    assert grant(loose, wishes, images="drop", aspect_ratio="drop") == (
        {"images": (), "aspect_ratio": None, "resolution": None, "size": None},
        [
            "aspect_ratio 1:1 -> left out (cannot be chosen here)",
            "images 1 -> left out (accepted: first_frame up to 1)",
        ],
    )


def test_several_references_shape_nothing():
    many = [Image(WIDE, "reference"), Image(SQUARE, "reference")]
    assert refuse(OFFER, {"images": many, "aspect_ratio": "16:9"}) == [
        "aspect_ratio 16:9 is not available together with the rest of this job; leave it out"
    ]
