"""Every story, under both clients, from one cassette each."""

import re

import pytest
import yaml

from tests.recording import FOLDER, KEYS, MODE, Raises, Retelling, make_client, open_cassette
from tests.scenarios import apertis, apimart, apiyi

SCENARIOS = [*apiyi.SCENARIOS, *apertis.SCENARIOS, *apimart.SCENARIOS]
CASSETTES = sorted(FOLDER.rglob("*.yaml"))


@pytest.fixture(autouse=True)
def _keys(monkeypatch):
    if MODE != "live":
        for name, key in KEYS.items():
            monkeypatch.setenv(name, key)


def play(scenario, client, folder):
    with client:
        if not isinstance(scenario.ends, Raises):
            scenario.ends(scenario.play(client, folder))
            return
        with pytest.raises(scenario.ends.error) as caught:
            scenario.play(client, folder)
    found = {name: getattr(caught.value, name) for name in scenario.ends.attributes}
    assert found == scenario.ends.attributes


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda item: f"{item.adapter}-{item.name}")
def test_a_scenario_ends_as_it_should(scenario, kind, tmp_path):
    if MODE == "retell":
        transport = Retelling(scenario.path)
        play(scenario, make_client(kind, transport=transport), tmp_path)
        transport.save()
        return
    with open_cassette(scenario.path) as cassette:
        play(scenario, make_client(kind), tmp_path)
        assert MODE == "live" or cassette.all_played


def test_every_cassette_belongs_to_a_scenario_and_its_origin_is_told():
    told = (FOLDER / "README.md").read_text("utf-8")

    assert sorted({scenario.path for scenario in SCENARIOS}) == CASSETTES
    for scenario in SCENARIOS:
        assert f"| `{scenario.adapter}/{scenario.name}` | {scenario.origin} |" in told


@pytest.mark.parametrize("path", CASSETTES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_cassette_holds_no_secret(path):
    text = path.read_text("utf-8")

    assert not re.search(r"authorization|cookie|bearer|sk-\w{8,}|cassette-key", text, re.IGNORECASE)
    for item in yaml.safe_load(text)["interactions"]:
        assert len(item["response"]["body"]["string"]) <= 64 * 1024
