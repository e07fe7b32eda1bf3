"""Sizes, aspect ratios and resolutions are matched and ranked under a policy."""

import pytest

from anyvideo.model.offer import Shape, Tier
from tests.acme.answers import FULL, HD, TALL, ask, grant, refuse, sell

WORDS = Tier(
    shapes=(
        Shape(None, "720p"), Shape("16:9", "720p"), Shape("9:16", "720p"), Shape("16:9", "1080p"),
    )
)  # fmt: skip


@pytest.mark.parametrize(
    ("wishes", "rules", "granted", "adjustments"),
    [
        # No preference is no preference: the shape that settles nothing else is taken.
        ({"resolution": "720p"}, {}, {}, []),
        ({"aspect_ratio": "9:16"}, {}, {"resolution": "720p"}, []),
        ({"size": "1280x720"}, {}, {}, []),
        ({"aspect_ratio": "21:9", "resolution": "720p"}, {"aspect_ratio": "drop"},
         {"aspect_ratio": None, "resolution": "720p", "size": None},
         ["aspect_ratio 21:9 -> left out (accepted: 16:9, 9:16)"]),
        ({"aspect_ratio": "21:9"}, {"aspect_ratio": "drop"},
         {"aspect_ratio": None, "resolution": None, "size": None},
         ["aspect_ratio 21:9 -> left out (accepted: 16:9, 9:16)"]),
        ({"aspect_ratio": "16:9", "resolution": "2160p"}, {"resolution": "drop"},
         {"aspect_ratio": "16:9", "resolution": "720p", "size": None},
         ["resolution 2160p -> 720p (accepted: 720p, 1080p)"]),
        ({"aspect_ratio": "16:9", "resolution": "2160p"}, {"resolution": "nearest"},
         {"aspect_ratio": "16:9", "resolution": "1080p", "size": None},
         ["resolution 2160p -> 1080p (accepted: 720p, 1080p)"]),
        ({"aspect_ratio": "16:9", "resolution": "480p"}, {"resolution": "up"},
         {"aspect_ratio": "16:9", "resolution": "720p", "size": None},
         ["resolution 480p -> 720p (accepted: 720p, 1080p)"]),
        ({"aspect_ratio": "9:16", "resolution": "1080p"}, {"resolution": "down"},
         {"aspect_ratio": "9:16", "resolution": "720p", "size": None},
         ["resolution 1080p -> 720p (accepted: 720p, 1080p)"]),
        ({"aspect_ratio": "3:4", "resolution": "1080p"}, {"aspect_ratio": "nearest", "resolution": "nearest"},
         {"aspect_ratio": "9:16", "resolution": "720p", "size": None},
         ["aspect_ratio 3:4 -> 9:16 (accepted: 16:9, 9:16)", "resolution 1080p -> 720p (accepted: 720p, 1080p)"]),
        ({"size": "1600x900"}, {"size": "nearest"},
         {"aspect_ratio": "16:9", "resolution": "1080p", "size": None},
         ["size 1600x900 -> 16:9 1080p (accepted: 16:9, 9:16)"]),
        ({"size": "1600x900"}, {"size": "down"},
         {"aspect_ratio": "16:9", "resolution": "720p", "size": None},
         ["size 1600x900 -> 16:9 720p (accepted: 16:9, 9:16)"]),
        ({"size": "1000x1000"}, {"size": "drop"},
         {"aspect_ratio": None, "resolution": None, "size": None},
         ["size 1000x1000 -> left out (accepted: 16:9, 9:16)"]),
    ],
)  # fmt: skip
def test_formats_in_words(wishes, rules, granted, adjustments):
    assert grant(sell(WORDS), wishes, **rules) == (granted, adjustments)


@pytest.mark.parametrize(
    ("wishes", "rules", "why"),
    [
        ({"aspect_ratio": "1:1"}, {}, ["aspect_ratio 1:1 is not available; accepted: 16:9, 9:16"]),
        ({"aspect_ratio": "1:1", "resolution": "480p"}, {"resolution": "down"},
         ["aspect_ratio 1:1 is not available; accepted: 16:9, 9:16", "resolution 480p is not available; accepted: 720p, 1080p"]),
        ({"aspect_ratio": "9:16", "resolution": "1080p"}, {},
         ["aspect_ratio 9:16 is not available together with the rest of this job; accepted with it: 16:9",
          "resolution 1080p is not available together with the rest of this job; accepted with it: 720p"]),
        ({"size": "1000x1000"}, {"size": "up"}, ["size 1000x1000 is not available; accepted: 16:9, 9:16"]),
    ],
)  # fmt: skip
def test_formats_that_no_rule_reaches_are_refused(wishes, rules, why):
    assert refuse(sell(WORDS), wishes, **rules) == why


def test_formats_that_are_not_documented():
    unknown = sell(Tier())
    assert refuse(unknown, {"size": "1280x720"}) == ["size cannot be chosen here; leave it out"]
    assert refuse(unknown, {"resolution": "720p"}) == [
        "resolution cannot be chosen here; leave it out"
    ]
    assert grant(unknown, {"resolution": "720p"}, resolution="drop")[1] == [
        "resolution 720p -> left out (cannot be chosen here)"
    ]
    assert grant(unknown, {"size": "1280x720"}, size="drop")[1] == [
        "size 1280x720 -> left out (cannot be chosen here)"
    ]
    assert refuse(unknown, {"resolution": "720p"}, resolution="nearest") == [
        "resolution cannot be chosen here; leave it out"
    ]


@pytest.mark.parametrize(
    ("size", "rule", "granted"),
    [("1280x720", "exact", "1280x720"), ("1600x900", "nearest", "1920x1080"), ("1600x900", "up", "1920x1080"),
     ("1600x900", "down", "1280x720"), ("1286x720", "up", "1920x1080"), ("1286x720", "down", "1280x720")],
)  # fmt: skip
def test_sizes_are_compared_by_their_pixels(size, rule, granted):
    plan = ask(sell(Tier(shapes=(HD, FULL, TALL))), {"size": size}, {"size": rule})
    assert plan.job.size == granted


def test_a_size_half_of_which_is_sold_is_near():
    offer = sell(Tier(shapes=(Shape("9:16"), Shape("16:9"))))
    assert refuse(offer, {"size": "1280x720"}) == [
        "size 1280x720 is not available; accepted: 9:16, 16:9"
    ]
    assert grant(offer, {"size": "1280x720"}, size="nearest")[1] == [
        "size 1280x720 -> 16:9 (accepted: 9:16, 16:9)"
    ]
    assert refuse(offer, {"size": "1280x720"}, size="up")
