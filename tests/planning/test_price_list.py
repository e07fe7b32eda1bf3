"""A list of jobs is priced at every provider, and the cheapest mix is found."""

from decimal import Decimal

import pytest

from anyvideo.errors import NegotiationError
from anyvideo.model.job import VideoJob
from anyvideo.planning.price_list import Line, price_jobs
from tests.acme.adapter import Clips
from tests.acme.plugin import open_session

EURO = (
    '[[offers]]\nmodel = "film"\nseconds = [4, 20]\nprice = { amount = "0.01", currency = "EUR" }\n'
)
BLIND = '[[offers]]\nmodel = "blind"\nseconds = [30]\n'
ALL = (Clips(), Clips("blind", BLIND), Clips("euro", EURO))


def test_each_provider_gets_a_total_and_the_cheapest_mix_is_found():
    lines: list[Line] = [
        '{"prompt": "a", "seconds": 4}',
        VideoJob("b", seconds=8, size="1920x1080"),
        b'{"prompt": "c", "seconds": 20}',
    ]
    found = price_jobs(
        open_session({"currencies": {"usd": {"EUR": "1.10"}}}, *ALL),
        [*lines, "", "\n", '{"prompt": "d", "seconds": 30}', '{"prompt": "e", "seconds": 99}'],
    )
    assert (found.mistakes, found.unplaced, found.uncompared) == ({}, (7,), ())
    assert {line: plan.offer.name for line, plan in found.mix.items()} == {
        1: "euro/film", 2: "acme/clip", 3: "euro/film", 6: "blind/blind",
    }  # fmt: skip
    assert [
        (total.name, total.jobs, dict(total.costs), total.unknown) for total in found.providers
    ] == [
        ("euro", 2, {"EUR": Decimal("0.24")}, 0),
        ("acme", 2, {"USD": Decimal("2.80")}, 0),
        ("blind", 1, {}, 1),
    ]
    assert [total.name for total in found.offers] == [
        "euro/film",
        "acme/clip",
        "blind/blind",
        "acme/old",
    ]
    assert found.total.costs == {"EUR": Decimal("0.24"), "USD": Decimal("2.40")}
    assert (found.total.jobs, found.total.unknown) == (4, 1)


def test_without_rates_the_first_offer_written_is_taken_and_the_line_is_named():
    lines = ['{"prompt": "a", "seconds": 4}', '{"prompt": "c", "seconds": 20}']
    found = price_jobs(open_session({}, *ALL), lines)

    assert {line: plan.offer.name for line, plan in found.mix.items()} == {
        1: "acme/clip", 2: "euro/film",
    }  # fmt: skip
    assert found.uncompared == (1,)
    assert [total.name for total in found.providers] == ["euro", "acme", "blind"]


def test_what_a_provider_cannot_do_is_told_by_its_nearest_offer():
    found = price_jobs(open_session({}, *ALL), ['{"prompt": "c", "seconds": 20}'])
    (acme,) = (total for total in found.providers if total.name == "acme")
    assert [(item.line, len(item.refusals)) for item in acme.refused] == [(1, 2)]
    assert (
        str(acme.refused[0].nearest) == "acme/clip: seconds 20 is not available; accepted: 4, 8, 12"
    )


def test_one_bad_line_among_a_thousand_is_named_and_the_rest_is_priced():
    lines = ['{"prompt": "a", "seconds": 4}\n'] * 1000
    lines[499] = '{"prompt": "a", "secnds": 4}\n'
    found = price_jobs(open_session({}, *ALL), lines, "acme/clip")
    assert found.mistakes == {500: "the job: unknown key 'secnds'; did you mean seconds?"}
    assert (found.total.jobs, found.total.costs) == (999, {"USD": Decimal("399.60")})


def test_a_line_whose_image_is_missing_is_a_mistake_too():
    lines: list[Line] = ['{"prompt": "a", "images": ["nowhere.png"]}', b"\xff", '{"prompt": "b"}']
    found = price_jobs(open_session({}, *ALL), lines)
    assert found.mistakes[1].startswith("image 'nowhere.png' cannot be read")
    assert found.mistakes[2].startswith("the job is not valid JSON")
    assert [*found.jobs] == [3]


def test_routes_and_policies_hold_for_every_job():
    routes = {"hero": {"models": ["acme/clip"], "max_cost": "0.50"}}
    session = open_session({"routes": routes, "policy": {"seconds": "up"}})
    found = price_jobs(session, [VideoJob("a", seconds=3), VideoJob("b", seconds=7)], "hero")
    assert [*found.mix] == [1]
    assert "it costs 0.80 USD, and the route's max_cost is 0.50" in str(
        found.providers[0].refused[0].nearest
    )
    with pytest.raises(NegotiationError, match="unknown model 'nobody'"):
        price_jobs(session, [], "nobody")
