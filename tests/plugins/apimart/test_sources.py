"""What APIMart's rows say of themselves: their page and date, doubts, and what is retired."""

from collections import Counter
from datetime import date

from tests.plugins.apimart.answers import APIMART


def test_offers_in_doubt_say_so_and_come_last():
    """Google shut the Veo 3.1 previews down; older editions of Grok's and Vidu's pages differ."""
    doubted = [offer.model for offer in APIMART.offers() if offer.note.startswith("in doubt")]
    veo = [offer.model for offer in APIMART.offers() if offer.model.startswith("veo")]

    assert set(doubted) == {*veo, "grok-imagine-video-1.5-ext", "vidu-q3", "vidu-q3-mix"}
    assert [offer.model for offer in APIMART.offers()][-len(veo) :] == veo


def test_every_offer_names_its_page_and_its_date():
    for offer in APIMART.offers():
        assert offer.adapter == "apimart"
        assert offer.source.startswith("https://docs.apimart.ai/en/api-reference/videos/")
        assert date(2026, 11, 20) <= (offer.checked or date.min) <= date(2026, 11, 21)
        assert offer.failures_billed is False
        for price in (tier.price for tier in offer.tiers if tier.price):
            assert price.source.startswith(("https://apimart.ai/", "https://docs.apimart.ai/"))
            assert price.checked is not None


def test_no_name_means_two_offers():
    names = Counter(
        name
        for offer in APIMART.offers()
        for name in {offer.model, offer.wire_model, *offer.aliases}
    )

    assert [name for name, times in names.items() if times > 1] == []


def test_sora_is_retired_and_nothing_else_is():
    retired = {offer.model: offer.retired for offer in APIMART.offers() if offer.retired}

    assert set(retired) == {
        "sora-2",
        "sora-2-pro",
        "sora-2-vip",
        "sora-2-preview",
        "sora-2-pro-preview",
    }
    assert {retirement.on for retirement in retired.values()} == {date(2026, 9, 24)}
    assert {use for retirement in retired.values() for use in retirement.use} == {
        "apimart/gemini-omni-1.1-flash",
        "apimart/kling-v3",
    }


def test_recorded_tasks_and_the_models_hosts_say_how_long_a_job_takes():
    known = {offer.model: offer.finishes_in for offer in APIMART.offers() if offer.finishes_in}
    recorded = {"sora-2": 155, "veo-3.1-fast": 107, "veo-3.1-fast-official": 70}

    assert {model: known.pop(model) for model in recorded} == recorded
    families = {(model.partition("-")[0][:4], seconds) for model, seconds in known.items()}
    assert families == {
        ("gemi", 60),
        ("wan2", 180),
        ("wan3", 180),
        ("happ", 180),
        ("vidu", 180),
        ("pixv", 180),
    }
