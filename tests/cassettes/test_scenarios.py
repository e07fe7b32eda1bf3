"""Every story, under both clients, from one cassette each."""

import re

import pytest
import yaml

from tests.cassettes.scenario import FOLDER, run_scenario
from tests.cassettes.scenarios import SCENARIOS

CASSETTES = sorted(FOLDER.rglob("*.yaml"))


@pytest.mark.vcr
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.title)
@pytest.mark.volume  # every line that a cassette runs is counted in its vendor's own tests
def test_a_scenario_ends_as_it_should(scenario, client, tmp_path, vcr, recording):
    run_scenario(scenario, client, tmp_path)

    assert recording or vcr.all_played


def test_every_cassette_belongs_to_a_scenario_and_its_origin_is_told():
    told = (FOLDER / "README.md").read_text("utf-8")

    assert sorted(FOLDER / f"{scenario.title}.yaml" for scenario in SCENARIOS) == CASSETTES
    for scenario in SCENARIOS:
        assert f"| `{scenario.title}` | {scenario.origin} |" in told


@pytest.mark.parametrize("path", CASSETTES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_cassette_holds_no_secret(path):
    text = path.read_text("utf-8")

    assert not re.search(
        r"cookie|bearer (?!REDACTED)|\bsk-[\w-]{8,}|cassette-key", text, re.IGNORECASE
    )
    for item in yaml.load(text, yaml.CSafeLoader)["interactions"]:
        assert len(item["response"]["body"]["string"]) <= 64 * 1024
