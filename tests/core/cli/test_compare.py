import pytest

FOX = "a red fox"


def test_plans_stand_in_the_order_of_their_cost_and_unknown_is_last(call):
    result = call("compare", FOX)
    lines = result.out.splitlines()

    assert result.code == 0
    assert lines[0].split() == [
        "offer",
        "what",
        "you",
        "get",
        "cost",
        "per",
        "s",
        "usual",
        "price",
        "of",
    ]
    assert lines[1].startswith("apimart/")
    costs = lines[1:-1]
    unknown = [number for number, line in enumerate(costs) if " unknown" in line]
    assert unknown == list(range(unknown[0], len(costs)))
    assert lines[-1].endswith(" more refuse; --why says why")


def test_why_gives_each_reason_and_the_nearest_job_that_would_be_taken(call):
    result = call("compare", FOX, "--seconds", 7, "-m", "apimart/*", "--why")

    (line,) = [line for line in result.out.splitlines() if line.startswith("apimart/kling-v2-6 ")]
    assert "seconds 7 is not sold; accepted: 5, 10" in line
    assert "seconds 7 -> 5 for " in line
    retired = [
        number for number, line in enumerate(result.out.splitlines()) if "retired on" in line
    ]
    assert retired == list(range(retired[0], len(result.out.splitlines())))


def test_when_all_refuse_the_reasons_are_given_unasked(call):
    result = call("compare", FOX, "--seconds", 99, "-m", "apiyi/*")

    assert result.code == 0
    assert "would take" in result.out


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
    lines = result.out.splitlines()

    assert lines[0].split() == ["provider", "jobs", "cost", "cannot", "do"]
    (apiyi,) = [line for line in lines if line.startswith("apiyi ") and "of 3" in line]
    assert apiyi.split() == ["apiyi", "2", "of", "3", "0.20", "USD", "line", "3"]
    (mix,) = [line for line in lines if line.startswith("cheapest mix  ")]
    assert mix.endswith("line 3")
    assert any(line.startswith("  apimart/") and line.endswith("2 jobs") for line in lines)
    assert any(line.startswith("apiyi") and "seconds 40 is not sold" in line for line in lines)
    assert result.code == 2
    assert result.err.startswith("anyvideo: jobs.jsonl, line 4: the job")
    assert "did you mean seconds?" in result.err
    assert result.err.count("\n") == 1


def test_jobs_without_a_known_price_are_counted(call, tmp_path):
    (tmp_path / "jobs.jsonl").write_text(JOBS, "utf-8")
    row = '[[offers]]\nadapter = "apiyi"\nmodel = "bare-1"\nseconds = [5]'
    (tmp_path / "anyvideo.toml").write_text(row, "utf-8")

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


def test_a_list_without_jobs_that_anybody_takes(call, tmp_path):
    (tmp_path / "jobs.jsonl").write_text('{"prompt": "a fox", "seconds": 900}', "utf-8")
    result = call("compare", "--jobs", "jobs.jsonl", "-m", "apiyi/*")

    assert result.code == 0
    assert "cheapest mix:" not in result.out


def test_a_list_and_a_prompt_contradict_each_other(call):
    result = call("compare", FOX, "--jobs", "jobs.jsonl")

    assert result.code == 2
    assert "drop PROMPT" in result.err
