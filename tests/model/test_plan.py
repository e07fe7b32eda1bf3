"""Plans: parameters, images, requests, fingerprint, and values in words."""

from decimal import Decimal

import pytest
from attrs import evolve

from anyvideo.model.comparison import Comparison
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Image
from anyvideo.model.offer import Images, Offer, Shape, Tier
from anyvideo.model.plan import Plan, Refusal
from anyvideo.model.quote import Quote
from anyvideo.model.reasons import Adjustment, join_values, say
from anyvideo.model.wire import Request, Upload, describe_request, digest
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.negotiation.policy import Policy

OFFER = Offer(
    "acme", "clip", "clip-v1", names={"seconds": "duration", "audio": "", "size": "dimensions"},
    wire={"version": 2},
    tiers=(
        Tier("pro", seconds=(4, 8), default_seconds=8, shapes=(Shape(size="1280x720", wire={"dimensions": "1280x720"}),),
             audio=(True,), accepts=["seed", "watermark", "negative_prompt"], wire={"mode": "pro"},
             images=Images(first_frame=1, last_frame=1, reference=2, mix=True)),
    ),
)  # fmt: skip
UPLOAD = Upload("a.png", "image/png", b"", 3, "ab", 1, 1)


def make(offer=OFFER, **wishes):
    plan = negotiate(VideoJob("a fox", **wishes), offer, Policy(seconds="nearest"))
    assert isinstance(plan, Plan)
    return plan


def test_parameters_are_the_vendors_own_words():
    plan = make(
        seconds=7, size="1280x720", audio=True, seed=0, watermark=False, negative_prompt="",
        options={"acme": {"mode": "max", "fps": None}, "other": {"x": 1}},
    )  # fmt: skip
    assert plan.parameters() == {
        "model": "clip-v1", "prompt": "a fox", "duration": 8, "mode": "max", "dimensions": "1280x720",
        "version": 2, "seed": 0, "watermark": False, "negative_prompt": "", "fps": None,
    }  # fmt: skip
    assert plan.options == {"mode": "max", "fps": None}
    assert make().parameters() == {
        "model": "clip-v1",
        "prompt": "a fox",
        "mode": "pro",
        "version": 2,
    }


def test_images_come_by_role():
    first, last = Image("https://x.example/1"), Image("https://x.example/2", "last_frame")
    plan = make(images=[last, first])
    assert plan.images("first_frame", "last_frame") == [first, last]
    assert plan.images("reference") == []


def test_the_length_is_what_is_granted_or_usual():
    assert [make(seconds=4).seconds, make().seconds] == [4, 8]


def test_requests_and_fingerprint_are_worked_out_when_asked_for():
    composed = []

    def compose(plan):
        composed.append(plan)
        return (Request("POST", "/clips", json={"a": 1}, paid=True),)

    plan = evolve(make(), build_requests=compose)
    assert composed == []
    assert len(plan.requests) == 1
    assert plan.fingerprint == digest(plan.fingerprinted)
    assert composed == [plan]


@pytest.mark.parametrize(
    "change",
    [
        {"adapter_version": "anyvideo-acme 2"}, {"origin": "https://other.example"}, {"tier_index": 1},
        {"quote": Quote(Decimal(9), confidence="exact")}, {"offer": evolve(OFFER, wire_model="clip-v2")},
        {"build_requests": lambda _: (Request("POST", "/v2"),)},
    ],
)  # fmt: skip
def test_the_fingerprint_covers_requests_adapter_and_price(change):
    plan = make()
    assert evolve(plan, **change).fingerprint != plan.fingerprint
    assert evolve(plan, uploads={}).fingerprint == plan.fingerprint


def test_a_request_is_described_without_its_files_contents():
    request = Request(
        "POST",
        "/x",
        {"q": "1"},
        form={"a": "b"},
        files={"f": [UPLOAD, UPLOAD]},
        headers={"h": "v"},
        paid=True,
    )
    upload = {"field": "f", "name": "a.png", "type": "image/png", "bytes": 3, "sha256": "ab"}
    assert describe_request(request) == {
        "method": "POST", "url": "/x", "paid": True, "query": {"q": "1"}, "form": {"a": "b"},
        "headers": {"h": "v"}, "files": [upload, upload],
    }  # fmt: skip
    assert describe_request(Request("GET", "/x")) == {"method": "GET", "url": "/x"}
    assert describe_request(Request("POST", "/x", json={}))["json"] == {}


def test_values_are_said_in_words():
    assert [say(value) for value in (True, False, 8, 8.0, 6.5, "720p", None)] == [
        "on", "off", "8", "8", "6.5", "720p", "None",
    ]  # fmt: skip
    assert join_values(["4", "8", "12"]) == "4, 8, 12"
    assert join_values(["1", "2", "3"]) == "1, 2, 3"
    assert join_values([str(n) for n in range(1, 16)]) == "1 to 15"
    assert join_values(["4", "5", "6", "8"]) == "4, 5, 6, 8"
    assert join_values(["6.5", "7", "8", "9"]) == "6.5, 7, 8, 9"
    assert (
        str(Adjustment("audio", asked=True, granted=False, reason="why")) == "audio on -> off (why)"
    )


def test_an_offer_is_called_by_its_provider_or_adapter():
    assert OFFER.name == "acme/clip"
    assert evolve(OFFER, provider="main").name == "main/clip"
    assert [OFFER.answers_to(name) for name in ("clip", "clip-v1", "*", "other")] == [
        True,
        True,
        True,
        False,
    ]
    assert evolve(OFFER, aliases=("c",)).answers_to("c")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "as the vendor chooses"),
        ({"seconds": 4, "size": "1280x720", "audio": False}, "4 s, 1280x720, sound off"),
        (
            {"resolution": "720p", "aspect_ratio": "16:9", "images": ["a.png", "b.png"]},
            "720p 16:9, 2 images",
        ),
    ],
)
def test_clips_in_words(fields, words):
    images = [Image(source, "reference") for source in fields.pop("images", ())]
    assert Plan(VideoJob("x", images=images, **fields), OFFER, Tier(), Quote()).clip == words


def test_a_notebook_shows_plans_and_comparisons_without_markup_from_outside():
    offer = evolve(OFFER, note="in <doubt>")
    plan = negotiate(VideoJob("a <b>fox</b>", seconds=7), offer, Policy(seconds="nearest"))
    refusal = negotiate(VideoJob("a <b>fox</b>", seconds=7), offer)
    assert isinstance(plan, Plan)
    assert isinstance(refusal, Refusal)
    shown = plan._repr_html_()
    both = Comparison((evolve(plan, assumptions=("it is <so>",)),), (refusal,))._repr_html_()

    assert shown.startswith("<table>")
    assert "<td>a &lt;b&gt;fox&lt;/b&gt;</td>" in shown
    assert "<th>changed</th><td>seconds 7 -&gt; 8 (accepted: 4, 8)</td>" in shown
    assert "<th>assumed</th>" not in shown
    assert "in &lt;doubt&gt;" in shown
    assert both.count("<table>") == 2
    assert "it is &lt;so&gt;" in both
    assert "<td>seconds 7 is not available; accepted: 4, 8</td>" in both
    assert Comparison((plan,), ())._repr_html_().count("<table>") == 1


def test_a_tier_has_a_model_and_words_for_lengths_of_its_own():
    tiers = (
        Tier(seconds=(5, 8), seconds_as="{}s", audio=(False,)),
        Tier(seconds=(6.5,), seconds_as="{}", audio=(True,), wire_model="clip-v1-sound"),
    )
    offer = Offer("acme", "clip", "clip-v1", tiers=tiers, required=("seconds",))
    silent = make(offer, seconds=8)
    sound = make(offer, audio=True)

    assert (silent.parameters()["model"], silent.parameters()["seconds"]) == ("clip-v1", "8s")
    assert (sound.parameters()["model"], sound.parameters()["seconds"]) == ("clip-v1-sound", "6.5")
    assert sound.fingerprinted["model"] == sound.wire_model == "clip-v1-sound"
    assert "seconds" not in make(evolve(offer, required=())).parameters()
    assert all(map(offer.answers_to, ("clip", "clip-v1", "clip-v1-sound", "*")))
