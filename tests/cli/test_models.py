"""`anyvideo models`."""

from contextlib import closing
from decimal import Decimal

import click
import pytest
from attrs import evolve

from anyvideo.cli.commands.models import format_prices
from anyvideo.journal.database import Journal
from anyvideo.model.offer import Offer, Tier
from anyvideo.model.quote import Price
from tests.journal.entries import NOW, make_entry


def test_live_models_come_first_and_retired_ones_behind_all(call):
    live, every = call("models"), call("models", "--all")

    assert live.code == every.code == 0
    assert "retired on" not in live.out
    assert "more are retired; --all shows them" in live.out
    lines = [line for line in every.lines[1:] if not line.startswith("* ")]
    retired = [number for number, line in enumerate(lines) if "retired on 20" in line]
    assert retired == list(range(retired[0], len(lines)))
    assert "; use apiyi/grok-imagine-video-1.5 instead" in every.out


def test_a_model_that_was_asked_for_by_name_is_shown_though_it_is_retired(call):
    result = call("models", "apiyi/sora-2")

    assert result.lines[1].startswith("apiyi/sora-2  4, 8, 12  720 ")
    assert "0.10 USD/s  5 min  2026-11-20  retired on 2026-09-24" in result.out


def test_what_is_in_doubt_is_marked_and_said_below(call):
    listed = call("models", "apimart/veo-3.1-fast,apimart/veo-3.1,apimart/kling-v2-6")
    every = call("models", "apimart/kling-v2-6", "--all")

    assert [line.split()[1] == "*" for line in listed.lines[1:4]] == [True, True, False]
    (note,) = listed.lines[4:]
    assert note.startswith("* apimart/veo-3.1-fast, apimart/veo-3.1: in doubt: Google shut Veo 3.1")
    assert every.lines[2].startswith("* apimart/kling-v2-6: a voice of your own")


def test_the_journals_own_times_stand_beside_the_usual_ones(call, home):
    folder = home / "home"
    with closing(Journal(folder / "journal.sqlite")) as journal:
        for number, took in enumerate((90.0, 100.0, 5000.0)):
            for offer in ("apimart/wan2.6", "apimart/kling-v3"):
                ref = f"{offer}-{number}"
                entry, _ = journal.open(evolve(make_entry(ref), offer=offer))
                task = evolve(entry.task, status="succeeded", id=ref)
                journal.advance(ref, entry.fence, task, NOW, took=took)
    listed = call("models", "apimart/wan2.6,apimart/kling-v3,apimart/vidu-q3-pro")
    wan, kling, vidu = listed.lines[1:]

    assert "3 min, yours 1 min 40 s" in wan
    assert "  yours 1 min 40 s" in kling
    assert "yours" not in vidu
    (compared,) = call("compare", "a fox", "-m", "apimart/wan2.6", "--json").json["plans"]
    assert compared["own_jobs"] == {"median": 100.0, "jobs": 3}
    assert "3 min, yours 1 min 40 s" in call("compare", "a fox", "-m", "apimart/wan2.6").out


def test_a_journal_that_cannot_be_read_is_named_and_left_out(call, home):
    (home / "home").mkdir()
    (home / "home" / "journal.sqlite").write_text("no journal" * 100, "utf-8")
    listed = call("models", "apimart/wan2.6")

    assert (listed.code, "its history is left out" in listed.err) == (0, True)
    assert "3 min" in listed.out


def test_json_is_the_whole_offer(call):
    (offer,) = call("models", "apiyi/grok-imagine-video-1.5", "--json").json

    assert offer["name"] == "apiyi/grok-imagine-video-1.5"
    assert offer["tiers"][0]["price"]["amount"] == "0.08"
    assert offer["checked"] == "2026-11-21"


def test_an_unknown_selector_is_answered_with_the_nearest(call):
    result = call("models", "apiyi/sora2")

    assert (result.code, result.err.count("\n")) == (3, 1)
    assert "apiyi/sora-2" in result.err


def test_an_override_of_the_config_is_listed(call, tmp_path):
    rows = """
    [[offers]]
    adapter = "apiyi"
    model = "odd-1"
    seconds = [1, 3, 5, 7, 9, 11]
    price = { amount = "0.5", per = "video", currency = "EUR", checked = 2026-01-01 }
    [[offers]]
    adapter = "apiyi"
    model = "bare-1"
    """
    (tmp_path / "anyvideo.toml").write_text(rows, "utf-8")
    odd, bare = call("models", "apiyi/odd-1"), call("models", "apiyi/bare-1")

    assert odd.lines[1] == "apiyi/odd-1  1 ... 11  0.50 EUR/video  2026-01-01 stale"
    assert bare.lines == ["offer         price", "apiyi/bare-1  unknown"]


def test_a_narrow_terminal_shows_less_and_says_so(call, terminal, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    result = call("models", "apimart/*")

    assert max(map(len, click.unstyle(result.out).splitlines())) <= 80
    assert "a wider terminal shows shape, sound, " in result.out


@pytest.mark.parametrize(
    ("prices", "words"),
    [
        ([], ""),
        ([Price(Decimal("0.30"))], "0.30 USD/s"),
        ([Price(Decimal("0.5")), Price(Decimal("0.30"))], "0.30-0.50 USD/s"),
        ([Price(Decimal(1), "request", "CNY")], "1.00 CNY/request"),
    ],
)
def test_prices(prices, words):
    offer = Offer("a", "b", tiers=tuple(Tier(price=price) for price in (*prices, None)))

    assert format_prices(offer) == words
