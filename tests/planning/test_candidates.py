"""One job put to every selected offer: plans in order, refusals with reasons."""

from datetime import date

import pytest
from attrs import evolve

from anyvideo.errors import JobError, NegotiationError
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Character
from anyvideo.negotiation.policy import Policy
from anyvideo.planning import candidates, saved
from anyvideo.testing import draw_picture
from tests.acme.adapter import QUICK, Clips
from tests.acme.plugin import JOB, open_session, plan

BLIND = '[[offers]]\nmodel = "blind"\nseconds = [4, 8]\n'
BOTH = (Clips(), Clips("other", QUICK + BLIND))


def names(plans):
    return [item.offer.name for item in plans]


def test_a_plan_knows_where_it_goes_and_what_it_sends():
    made = plan(open_session())
    assert (made.provider, made.origin, made.adapter_version) == (
        "acme",
        "https://api.acme.example",
        "anyvideo-acme 1.0",
    )
    (request,) = made.requests
    assert request.json == {"model": "clip", "prompt": "a fox", "seconds": 8}
    assert made.fingerprint == plan(open_session()).fingerprint


def test_the_configs_policy_holds_unless_the_call_has_its_own():
    session = open_session({"policy": {"seconds": "up"}})
    job = VideoJob("a fox", seconds=5)
    assert candidates.plan_candidates(session, job, "acme/clip")[0].job.seconds == 8
    with pytest.raises(NegotiationError):
        candidates.plan_candidates(session, job, "acme/clip", Policy())


@pytest.mark.parametrize(
    ("route", "order"),
    [
        ({}, ["other/blind", "other/quick", "acme/clip"]),
        ({"prefer": "cheapest"}, ["acme/clip", "other/quick", "other/blind"]),
        ({"prefer": "fastest"}, ["other/quick", "acme/clip", "other/blind"]),
        ({"max_cost": "1.00"}, ["acme/clip"]),
        ({"max_cost": "4.00", "prefer": "fastest"}, ["other/quick", "acme/clip"]),
    ],
)
def test_a_route_orders_and_limits_offers_of_several_providers(route, order):
    models = ["other/blind", "other/quick", "acme/clip"]
    session = open_session(
        {"model": "hero", "routes": {"hero": {"models": models, **route}}}, *BOTH
    )
    assert names(candidates.plan_candidates(session, JOB, None)) == order


def test_a_route_that_nobody_keeps_says_why_of_each():
    routes = {"hero": {"models": ["other/blind", "acme/clip"], "max_cost": "0.10"}}
    with pytest.raises(NegotiationError) as caught:
        candidates.plan_candidates(open_session({"routes": routes}, *BOTH), JOB, "hero")
    assert str(caught.value) == (
        "no offer accepts this job (2 refused): other/blind: its cost is unknown, and the route's max_cost is 0.10 USD; "
        "acme/clip: it costs 0.80 USD, and the route's max_cost is 0.10 USD"
    )  # fmt: skip
    assert [refusal.nearest for refusal in caught.value.refusals] == [(), ()]


def test_a_refusal_says_why_and_many_say_so_in_short():
    with pytest.raises(
        NegotiationError, match=r"^acme/clip: seconds 5 is not available; accepted: 4, 8, 12$"
    ):
        plan(open_session(), VideoJob("a fox", seconds=5))
    sold = "".join(f'[[offers]]\nmodel = "m{n}"\n' for n in range(5))
    with pytest.raises(
        NegotiationError,
        match=r"^no offer accepts this job \(5 refused\): acme/m0: .*; and 2 more$",
    ):
        plan(open_session({}, Clips(text=sold)), JOB, "*")


def test_what_only_the_adapter_knows_is_a_refusal_too():
    session = open_session({}, *BOTH)
    job = VideoJob("a fox", character=Character(from_task="t"))
    found = candidates.compare(session, job, "acme/clip")
    assert [str(item) for item in found.refusals] == [
        "acme/clip: acme takes a character from a url only"
    ]
    assert found.refusals[0].nearest == ()


def test_a_comparison_holds_every_offer():
    found = candidates.compare(open_session({}, *BOTH), JOB)
    assert names(found.plans) == ["acme/clip", "other/quick", "other/blind"]
    assert names(found.refusals) == ["acme/old"]


def test_the_nearest_plans_can_be_sent_as_they_are():
    session = open_session()
    (refusal,) = candidates.compare(session, VideoJob("a fox", seconds=7), "acme/clip").refusals
    nearest = refusal.nearest[0]
    assert (nearest.job.seconds, nearest.provider) == (8, "acme")
    assert saved.check_drift(session, nearest).fingerprint == nearest.fingerprint


def test_images_are_read_before_anything_is_asked(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(draw_picture(8, 8))
    made = plan(open_session(), VideoJob("a fox", images=[path]))
    assert [request.url for request in made.requests] == ["/v1/files", "/v1/videos"]
    with pytest.raises(JobError, match="cannot be read"):
        plan(open_session(), VideoJob("a fox", images="missing.png"))


def test_a_plan_from_one_registry_can_be_of_nobody():
    session = open_session()
    session.registry.claims.clear()
    assert plan(session).adapter_version == ""
    assert evolve(plan(session), adapter_version="x").fingerprint != plan(session).fingerprint


CHINESE = (
    '[[offers]]\nmodel = "far"\nseconds = [8]\nprice = { amount = "0.50", currency = "CNY" }\n'
)
RATES = {"usd": {"CNY": "0.14"}, "checked": date(2026, 11, 20)}


@pytest.mark.parametrize(
    ("route", "config", "order"),
    [
        # 4.00 CNY are 0.56 USD, and acme/clip costs 0.80 USD.
        ({"prefer": "cheapest"}, {}, ["acme/clip", "far/far"]),
        ({"prefer": "cheapest"}, {"currencies": RATES}, ["far/far", "acme/clip"]),
        ({"max_cost": "1.00"}, {}, ["acme/clip"]),
        ({"max_cost": "1.00"}, {"currencies": RATES}, ["acme/clip", "far/far"]),
        ({"max_cost": "5.00", "currency": "CNY"}, {}, ["far/far"]),
        ({"max_cost": "5.00", "currency": "CNY"}, {"currencies": RATES}, ["far/far"]),
    ],
)
def test_amounts_in_two_currencies_are_compared_only_at_rates(route, config, order, caplog):
    models = {"models": ["acme/clip", "far/far"]}
    settings = {"routes": {"hero": {**models, **route}}, **config}
    session = open_session(settings, Clips(), Clips("far", CHINESE))

    assert names(candidates.plan_candidates(session, JOB, "hero")) == order
    warned = "the order written is used" in caplog.text
    assert warned == ("prefer" in route and not config)


def test_a_limit_in_another_currency_says_how_to_compare():
    routes = {"hero": {"models": ["far/far"], "max_cost": "1.00"}}
    session = open_session({"routes": routes}, Clips("far", CHINESE))
    with pytest.raises(NegotiationError) as caught:
        candidates.plan_candidates(session, JOB, "hero")

    assert str(caught.value) == (
        "far/far: it costs 4.00 CNY, and the route's max_cost is 1.00 USD; a rate in [currencies] "
        "makes the two comparable"
    )
