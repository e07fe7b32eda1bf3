"""The fields of a job are fitted to a tier: granted, adjusted or refused."""

import pytest
from attrs import evolve

from anyvideo.model.media import Character
from anyvideo.model.offer import Tier
from tests.acme.answers import HD, TALL, grant, refuse, sell

LENGTHS = sell(Tier(seconds=(4, 8, 12), default_seconds=8))


@pytest.mark.parametrize(
    ("asked", "rule", "granted"),
    [
        (8, "exact", 8), (7, "nearest", 8), (6, "nearest", 4), (60, "nearest", 12), (1, "nearest", 4),
        (7, "up", 8), (9, "up", 12), (7, "down", 4), (60, "down", 12), (7, "drop", None),
    ],
)  # fmt: skip
def test_a_length_moves_as_far_as_its_rule_allows(asked, rule, granted):
    fields, adjustments = grant(LENGTHS, {"seconds": asked}, seconds=rule)
    if asked == granted:
        assert (fields, adjustments) == ({}, [])
    else:
        words = "left out" if granted is None else str(granted)
        assert fields == {"seconds": granted}
        assert adjustments == [f"seconds {asked} -> {words} (accepted: 4, 8, 12)"]


@pytest.mark.parametrize(("asked", "rule"), [(7, "exact"), (13, "up"), (3, "down")])
def test_a_length_that_no_rule_reaches_is_refused(asked, rule):
    reasons = refuse(LENGTHS, {"seconds": asked}, seconds=rule)
    assert reasons == [f"seconds {asked} is not available; accepted: 4, 8, 12"]


def test_what_is_required_is_always_asked_for():
    tier = Tier(seconds=(4, 8), default_seconds=8, shapes=(HD, TALL), audio=(False, True))
    offer = sell(tier, required=("seconds", "shape", "audio"))
    shape = {"aspect_ratio": "16:9", "resolution": "720p", "size": "1280x720"}
    assert grant(offer, {}) == ({"seconds": 8, "audio": False, **shape}, [])
    assert grant(sell(evolve(tier, default_seconds=None), required=("seconds",)), {})[0] == {
        "seconds": 4
    }
    assert grant(sell(Tier(), required=("seconds", "shape", "audio")), {}) == ({}, [])
    fields, adjustments = grant(
        offer, {"seconds": 5, "audio": True, "size": "1920x1080"}, seconds="drop", size="drop"
    )
    assert fields == {"seconds": 8, **shape}
    assert adjustments == [
        "seconds 5 -> 8 (accepted: 4, 8)",
        "size 1920x1080 -> 1280x720 (accepted: 1280x720, 720x1280)",
    ]


@pytest.mark.parametrize(
    ("offered", "asked", "rule", "granted"),
    [
        ((True, False), False, "exact", False), ((True,), False, "nearest", True),
        ((True,), False, "up", True), ((False,), True, "down", False), ((), True, "drop", None),
        ((False,), True, "drop", None),
    ],
)  # fmt: skip
def test_sound_is_changed_as_its_rule_allows(offered, asked, rule, granted):
    fields, adjustments = grant(sell(Tier(audio=offered)), {"audio": asked}, audio=rule)
    assert fields.get("audio", asked) is granted
    assert len(adjustments) == (asked is not granted)


@pytest.mark.parametrize(
    ("offered", "asked", "rule", "why"),
    [
        ((True,), False, "exact", "audio off is not available; accepted: on"),
        ((True,), False, "down", "audio off is not available; accepted: on"),
        ((False,), True, "up", "audio on is not available; accepted: off"),
        ((), True, "nearest", "audio cannot be chosen here; leave it out"),
    ],
)
def test_sound_that_no_rule_reaches_is_refused(offered, asked, rule, why):
    assert refuse(sell(Tier(audio=offered)), {"audio": asked}, audio=rule) == [why]


def test_sound_that_is_dropped_becomes_what_is_required():
    offer = sell(Tier(audio=(False,)), required=("audio",))
    assert grant(offer, {"audio": True}, audio="drop") == (
        {"audio": False}, ["audio on -> off (accepted: off)"],
    )  # fmt: skip


def test_some_take_characters_from_a_videos_url_alone():
    offer = sell(Tier(accepts=["character_url"]))
    assert grant(offer, {"character": Character(url="https://x.example/c.mp4")}) == ({}, [])
    assert refuse(offer, {"character": Character(from_task="t")}) == [
        "character from task t is not available; accepted: one from a video's url"
    ]
    assert grant(offer, {"character": Character(from_task="t")}, character="drop")[1] == [
        "character from task t -> left out (cannot be chosen here)"
    ]
    assert refuse(sell(Tier()), {"character": Character(url="https://x.example/c.mp4")})


def test_other_wishes_are_kept_or_dropped():
    offer = sell(Tier(accepts=["seed"]))
    wishes = {
        "seed": 0,
        "style": "noir",
        "metadata": {"a": "b"},
        "character": Character(from_task="t"),
    }
    assert refuse(offer, wishes, style="nearest") == [
        "style cannot be chosen here; leave it out",
        "character cannot be chosen here; leave it out",
        "metadata cannot be chosen here; leave it out",
    ]
    fields, adjustments = grant(offer, wishes, style="drop", character="drop", metadata="drop")
    assert fields == {"style": None, "character": None, "metadata": {}}
    assert adjustments[0] == "style noir -> left out (cannot be chosen here)"
