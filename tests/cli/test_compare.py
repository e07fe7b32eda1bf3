"""`anyvideo compare`."""

import pytest

FOX = "a red fox"

UNPRICED = """
[[offers]]
adapter = "apiyi"
model = "bare-1"
seconds = [5]

[[offers]]
adapter = "apiyi"
model = "bare-2"
seconds = [5]
"""


@pytest.fixture
def unpriced(home):
    """Two offers without a price, in anyvideo.toml."""
    (home / "anyvideo.toml").write_text(UNPRICED, "utf-8")


def test_plans_are_ordered_by_cost_and_unknown_prices_are_folded(call, unpriced):
    result, every = (
        call("compare", FOX, "--seconds", 5, "--sort", "cost"),
        call("compare", FOX, "--seconds", 5, "--sort", "cost", "--all"),
    )
    lines = result.lines

    assert result.code == 0
    assert lines[0].split("  ")[0] == "offer"
    assert " ".join(lines[0].split()) == "offer what you get cost per s usual price of"
    assert lines[1].startswith("apimart/")
    assert not any(" unknown " in line for line in lines[:-2])
    assert lines[-2].endswith(" more with unknown prices; --all shows them")
    assert lines[-1].endswith(" more refuse; --why shows why")
    plans = [line for line in every.out.split("\n\n")[0].splitlines()[1:] if line[0] != "*"]
    unknown = [number for number, line in enumerate(plans) if " unknown" in line]
    assert unknown == list(range(unknown[0], len(plans)))
    assert len(unknown) == int(lines[-2].split()[0])
    assert "would accept" in every.out
    assert "--why" not in every.out


GROUPED = "ap*/grok*1.5*,apimart/kling-v3,apimart/seedance-2.0-mini"


def test_plans_are_grouped_by_family_where_several_vendors_sell_one(call):
    result = call("compare", FOX, "--seconds", 5, "-m", GROUPED)
    one = call("compare", FOX, "--seconds", 5, "-m", "apimart/kling-v3*")

    rows = [line.split() for line in result.lines[:6]]
    assert rows[0][:2] == ["family", "offer"]
    assert [row[:2] for row in rows[1:]] == [
        ["grok-imagine-video-1.5", "apiyi/grok-imagine-video-1.5-lite"],
        ["apimart/grok-imagine-video-1.5", "5"],
        ["apiyi/grok-imagine-video-1.5", "*"],
        ["seedance-2", "apimart/seedance-2.0-mini"],
        ["kling-v3", "apimart/kling-v3"],
    ]
    assert one.lines[0].startswith("offer")
    assert {
        plan["family"]
        for plan in call("compare", FOX, "-m", "apimart/kling-v3*", "--json").json["plans"]
    } == {"kling-v3"}


def test_where_no_price_is_known_the_plans_are_shown(call, unpriced):
    result = call("compare", FOX, "-m", "apiyi/bare-1")

    assert "unknown" in result.lines[1]
    assert "--all" not in result.out


def test_one_folded_plan(call, unpriced):
    result = call("compare", FOX, "-m", "apiyi/bare-1,apimart/kling-v3")

    assert result.lines[-1] == "1 more with an unknown price; --all shows them"


@pytest.mark.parametrize("order", ["name", "seconds", "confidence", "cost"])
def test_plans_are_sorted(call, order):
    result = call("compare", FOX, "--sort", order, "--json").json
    keys = {
        "name": lambda plan: plan["offer"],
        "confidence": lambda plan: ["exact", "ceiling", "estimate", "unknown"].index(
            plan["quote"]["confidence"]
        ),
        "cost": lambda plan: float(plan["quote"]["amount"] or "inf"),
    }
    if order == "seconds":
        lengths = [line.split()[1] for line in call("compare", FOX, "--sort", order).lines[1:9]]
        assert lengths == sorted(lengths, key=lambda word: float(word) if word.isdigit() else 1e9)
        return
    found = [keys[order](plan) for plan in result["plans"]]
    assert found == sorted(found)


def test_plans_are_filtered_and_the_rest_is_counted(call, tmp_path):
    rows = """
    [[offers]]
    adapter = "apiyi"
    model = "euro-1"
    price = { amount = "0.5", per = "video", currency = "EUR" }
    """
    (tmp_path / "anyvideo.toml").write_text(rows, "utf-8")
    euro = call("compare", FOX, "--currency", "eur")
    cheap = call("compare", FOX, "--seconds", 5, "--max-cost", "0.20 USD", "-m", "kling*,apiyi/*")
    both = call("compare", FOX, "--currency", "USD", "--max-cost", "0.01", "-m", "kling*")

    assert len(euro.lines) == 4
    assert euro.lines[1].split()[0] == "apiyi/euro-1"
    assert "more can do it, but not within --currency EUR\n" in euro.out
    assert {line.split()[0] for line in cheap.lines[1:-3]} == {
        "apiyi/grok-imagine-video-1.5-lite",
        "apimart/kling-v2-6",
    }
    assert cheap.lines[-3].startswith("* apiyi/grok-imagine-video-1.5-lite: needs the token group")
    assert "not within --max-cost 0.20 USD" in cheap.out
    assert "not within --currency USD and --max-cost 0.01 USD" in both.lines[0]
    assert [
        plan["offer"] for plan in call("compare", FOX, "--currency", "EUR", "--json").json["plans"]
    ] == ["apiyi/euro-1"]


def test_several_selectors(call):
    twice = call("compare", FOX, "-m", "apimart/kling-v3", "-m", "apiyi/grok*1.5", "--json").json
    commas = call("compare", FOX, "-m", "apimart/kling-v3,apiyi/grok*1.5", "--json").json

    assert twice == commas
    assert {plan["offer"] for plan in twice["plans"]} == {
        "apimart/kling-v3", "apiyi/grok-imagine-video-1.5",
    }  # fmt: skip


def test_why_shows_each_reason_and_the_nearest_job_that_would_be_accepted(call):
    result = call("compare", FOX, "--seconds", 7, "-m", "apimart/*", "--why")

    (line,) = [line for line in result.lines if line.startswith("apimart/kling-v2-6 ")]
    assert "seconds 7 is not available; accepted: 5, 10" in line
    assert "5 s, 720p, sound off for 0.184 USD" in line
    retired = [number for number, line in enumerate(result.lines) if "retired on" in line]
    assert retired == list(range(retired[0], len(result.lines)))


def test_when_all_refuse_the_reasons_are_given_unasked(call):
    result = call("compare", FOX, "--seconds", 99, "-m", "apiyi/*")

    assert result.code == 0
    assert "would accept" in result.out


def test_when_all_accept_nothing_is_said_of_refusals(call):
    result = call("compare", FOX, "-m", "apiyi/grok-imagine-video-1.5")

    assert "refuse" not in result.out


def test_adjustments_have_a_column(call):
    result = call(
        "compare", FOX, "--seconds", 7, "--policy", "seconds=up", "-m", "apimart/kling-v2-6"
    )

    assert "seconds 7 -> 10" in result.out
    assert "10 s" in result.out


def test_json_has_plans_and_refusals(call):
    result = call("compare", FOX, "--seconds", 7, "--json", "-m", "apimart/*").json

    assert {plan["offer"] for plan in result["plans"]} >= {"apimart/kling-v3"}
    refused = {refusal["offer"]: refusal for refusal in result["refusals"]}
    assert refused["apimart/kling-v2-6"]["reasons"][0]["accepted"] == ["5", "10"]
    assert refused["apimart/kling-v2-6"]["nearest"][0]["seconds"] == 5


@pytest.mark.parametrize("arguments", [(), ("--seconds", "x")])
def test_usage(call, arguments):
    assert call("compare", *arguments).code == 2


JOBS = """
{"prompt": "a fox", "seconds": 5}
{"prompt": "a wolf", "seconds": 40}
{"prompt": "an owl", "secnds": 5}
{"prompt": "a line\u2028separator", "seconds": 5}
"""


def test_a_list_of_jobs_is_priced_by_provider_and_as_the_cheapest_mix(call, tmp_path):
    (tmp_path / "jobs.jsonl").write_text(JOBS, "utf-8")
    result = call("compare", "--jobs", "jobs.jsonl", "--why")
    lines = result.lines

    assert lines[0].split() == ["provider", "jobs", "cost", "cannot", "do"]
    (apiyi,) = [line for line in lines if line.startswith("apiyi ") and "of 3" in line]
    assert apiyi.split() == ["apiyi", "2", "of", "3", "0.20", "USD", "line", "3"]
    (mix,) = [line for line in lines if line.startswith("cheapest mix  ")]
    assert mix.endswith("line 3")
    assert any(line.startswith("  apimart/") and line.endswith("2 jobs") for line in lines)
    assert any(line.startswith("apiyi") and "seconds 40 is not available" in line for line in lines)
    assert result.code == 2
    assert result.err.startswith("anyvideo: jobs.jsonl, line 4: the job")
    assert "did you mean seconds?" in result.err
    assert result.err.count("\n") == 1


def test_jobs_without_a_known_price_are_counted(call, unpriced, tmp_path):
    (tmp_path / "jobs.jsonl").write_text(JOBS, "utf-8")

    assert "2 unknown" in call("compare", "--jobs", "jobs.jsonl", "-m", "apiyi/bare-1").out


def test_a_list_of_jobs_as_json(call, tmp_path):
    (tmp_path / "jobs.jsonl").write_text(JOBS, "utf-8")
    result = call("compare", "--jobs", "jobs.jsonl", "--json", "-m", "apiyi/*")

    assert result.json["jobs"] == 3
    assert list(result.json["mistakes"]) == ["4"]
    assert result.json["providers"][0]["costs"] == {"USD": "0.20"}
    assert result.json["mix"]["lines"]["2"]["offer"].startswith("apiyi/")
    assert result.json["unplaced"] == [3]
    assert result.code == 2


def test_a_list_without_jobs_that_an_offer_accepts(call, tmp_path):
    (tmp_path / "jobs.jsonl").write_text('{"prompt": "a fox", "seconds": 900}', "utf-8")
    result = call("compare", "--jobs", "jobs.jsonl", "-m", "apiyi/*")

    assert result.code == 0
    assert "cheapest mix:" not in result.out


def test_a_list_and_a_prompt_contradict_each_other(call):
    result = call("compare", FOX, "--jobs", "jobs.jsonl")

    assert result.code == 2
    assert "drop PROMPT" in result.err
    assert "drop PROMPT" in call("compare", "--jobs", "jobs.jsonl", "--sort", "name").err


CHINESE = """
[[offers]]
adapter = "apiyi"
model = "far-1"
seconds = [5]
price = { amount = "0.50", currency = "CNY" }
"""


def test_two_currencies_are_said_and_compared_only_at_rates(call, tmp_path):
    config = tmp_path / "anyvideo.toml"
    config.write_text(CHINESE, "utf-8")
    models = ("-m", "apiyi/far-1,apimart/kling-v3")
    result = call("compare", FOX, *models, "--seconds", 5)
    assert "costs in CNY and USD are not compared; [currencies] in the config gives rates" in (
        result.out + result.err
    )

    (tmp_path / "jobs.jsonl").write_text('{"prompt": "a fox", "seconds": 5}\n', "utf-8")
    listed = call("compare", "--jobs", "jobs.jsonl", *models).out
    assert "line 1: costs in several currencies are not compared" in listed

    rates = '[currencies]\nusd = { CNY = "0.14" }\nchecked = 2026-11-20\n'
    config.write_text(rates + CHINESE, "utf-8")
    result = call("compare", FOX, *models, "--seconds", 5)
    assert "compared at these rates: 1 CNY is about 0.14 USD (2026-11-20)" in (
        result.out + result.err
    )
