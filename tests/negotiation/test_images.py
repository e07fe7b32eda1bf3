"""Images are counted and checked against a tier."""

from anyvideo.model.job import VideoJob
from anyvideo.model.media import Image
from anyvideo.model.offer import Images, Tier
from anyvideo.model.plan import Plan
from anyvideo.negotiation.negotiate import negotiate
from tests.acme.answers import FULL, HD, grant, refuse, sell

URL = "https://x.example/a.png"
IMAGES = sell(Tier(images=Images(first_frame=1, last_frame=1, reference=2, via=("url",))))
FIRST, LAST = Image(URL), Image(URL, "last_frame")
REFERENCES = [Image(f"https://x.example/{n}.png", "reference") for n in range(3)]


def test_images_are_kept_as_far_as_their_rule_allows():
    assert grant(IMAGES, {"images": [FIRST, LAST]}) == ({}, [])
    assert grant(IMAGES, {"images": REFERENCES}, images="nearest") == (
        {"images": tuple(REFERENCES[:2])},
        ["images 3 -> 2 (accepted: first_frame up to 1, last_frame up to 1, reference up to 2)"],
    )
    assert grant(IMAGES, {"images": [*REFERENCES[:2], FIRST]}, images="nearest")[0] == {
        "images": tuple(REFERENCES[:2])
    }
    assert grant(IMAGES, {"images": [REFERENCES[0], FIRST]}, images="nearest")[0] == {
        "images": (FIRST,)
    }
    assert grant(IMAGES, {"images": ["a.png"]}, images="drop")[0] == {"images": ()}
    assert grant(IMAGES, {"images": [REFERENCES[0]] * 3}, images="nearest")[0] == {
        "images": (REFERENCES[0],) * 2
    }


def test_images_that_cannot_be_left_out_are_refused():
    needy = sell(Tier(images=Images(first_frame=1, min=1)))
    assert refuse(needy, {}) == ["images: 1 or more needed (first_frame), 0 given"]
    assert refuse(needy, {}, images="drop") == ["images: 1 or more needed (first_frame), 0 given"]
    assert refuse(needy, {"images": ["a.png"]}, images="nearest") == [
        "this vendor fetches images by URL; put the file where it can be fetched"
    ]
    assert refuse(IMAGES, {"images": ["a.png"]}, images="nearest")


def test_every_reason_against_images_is_told():
    assert refuse(IMAGES, {"images": [LAST, *REFERENCES, Image("c.gif", "reference")]}) == [
        "images as reference are not available (4 given); accepted: first_frame (up to 1), last_frame (up to 1), reference (up to 2)",
        "first or last frames and reference images cannot be mixed here; keep one kind",
        "a last frame needs a first frame here",
        "5 images are too many; accepted: up to 4",
        "this vendor fetches images by URL; put the file where it can be fetched",
    ]
    files = sell(
        Tier(
            images=Images(
                first_frame=1,
                reference=3,
                via=("file",),
                formats=("png",),
                max_bytes=4000,
                mix=True,
            )
        )
    )
    assert refuse(files, {"images": [URL, Image("b.webp", "reference"), Image("c.gif", "reference")]}) == [
        f"image '{URL}': this vendor takes files, not URLs; download it first",
        "image 'b.webp' is webp; accepted: png",
        "image 'b.webp' has 5760 bytes; accepted: up to 4000",
        "image 'c.gif' is gif; accepted: png",
    ]  # fmt: skip
    assert refuse(
        sell(Tier(images=Images(reference=4, counts=(0, 1, 4)))), {"images": REFERENCES}
    ) == ["3 images are not accepted; accepted: 0, 1, 4"]
    assert refuse(sell(Tier()), {"images": [FIRST]}) == [
        "images as first_frame are not available (1 given); accepted: no images"
    ]


def test_images_that_must_match_choose_the_size():
    tier = Tier(
        shapes=(FULL, HD),
        images=Images(first_frame=1, reference=1, max=1, via=("file", "url"), match_size=True),
    )
    offer = sell(tier)
    hd = {"aspect_ratio": "16:9", "resolution": "720p", "size": "1280x720"}
    assert grant(offer, {"images": ["a.png"]}) == (hd, [])
    assert grant(offer, {"images": ["a.png"], "aspect_ratio": "16:9"})[0]["size"] == "1280x720"
    assert grant(offer, {"images": [URL]}) == ({}, [])
    assert grant(sell(tier, required=("shape",)), {"images": [URL]})[0]["size"] == "1920x1080"
    assert refuse(offer, {"images": ["c.gif"]})[1:] == [
        "image 'c.gif' is 640x640, but must be exactly 1920x1080; resize it"
    ]
    assert refuse(offer, {"images": ["a.png"], "size": "1920x1080"}) == [
        "image 'a.png' is 1280x720, but must be exactly 1920x1080; resize it"
    ]
    assert grant(offer, {"images": ["a.png"], "size": "1920x1080"}, size="nearest") == (
        hd, ["size 1920x1080 -> 1280x720 (accepted: 1920x1080, 1280x720)"],
    )  # fmt: skip
    assert refuse(offer, {"images": ["a.png"], "size": "720x720"}) == [
        "size 720x720 is not available; accepted: 1920x1080, 1280x720",
        "image 'a.png' is 1280x720, but must be exactly 720x720; resize it",
    ]


def test_a_file_that_was_not_read_is_taken_at_its_word():
    offer = sell(Tier(images=Images(first_frame=1, via=("file",), max_bytes=1)))
    assert isinstance(negotiate(VideoJob("a fox", images="a.png"), offer), Plan)
