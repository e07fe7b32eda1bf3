"""A recording sends real jobs: paced, budgeted, journalled and without a key in the file."""

import json

import pytest
import yaml
from attrs import evolve

from anyvideo import BudgetError, Client
from anyvideo.testing import Server, VirtualClock
from tests.cassettes import conftest
from tests.cassettes.recording import BUDGET
from tests.cassettes.scenario import KEYS, WRONG_KEY, open_client, run_scenario
from tests.cassettes.scenarios import SCENARIOS
from tests.cassettes.slow_vendor import KEY, TAKES, SlowVendor, configure, list_scenarios
from tests.clients import KINDS

pytest_plugins = ["pytester"]

FIXTURES = f"from tests.cassettes.conftest import {', '.join(conftest.__all__)}"
TESTS = """
import os

import pytest

from tests.cassettes.scenario import run_scenario
from tests.cassettes.slow_vendor import list_scenarios


@pytest.fixture(scope="module")
def vcr_cassette_dir():
    return "stored"


@pytest.mark.vcr
@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("scenario", list_scenarios(os.environ["SLOW_VENDOR"]), ids=lambda item: item.name)
def test_scenario(scenario, kind, client, tmp_path, vcr, recording):
    run_scenario(scenario, client, tmp_path)
    assert recording or vcr.all_played
"""


class Recordings:
    """Runs pytest over the scenarios of a slow vendor, in this process, on a clock that does not wait."""

    def __init__(self, pytester, vendor, server):
        self.pytester, self.vendor, self.server = pytester, vendor, server
        self.folder = pytester.path / "stored/openai-videos"

    def run(self, *options):
        fixed = ("-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:asyncio", "--block-network")
        return self.pytester.runpytest_inprocess(*fixed, *options)

    def record(self):
        return self.run("--record-mode=rewrite")

    def read(self, name):
        return (self.folder / f"{name}.yaml").read_text("utf-8")


@pytest.fixture(scope="module", autouse=True)
def _modules(tmp_path_factory):
    """Load what a client loads on first use: pytester forgets what is loaded while it runs."""
    vendor = SlowVendor(VirtualClock())
    with Server(vendor.respond) as server:
        scenario = evolve(list_scenarios(server.url)[0], config=configure(server.url, api_key=KEY))
        for kind in KINDS:
            client = open_client(scenario, kind, clock=vendor.clock, journal=":memory:")
            run_scenario(scenario, client, tmp_path_factory.mktemp(kind))


@pytest.fixture
def recordings(pytester, monkeypatch):
    clock = VirtualClock()
    vendor = SlowVendor(clock)
    monkeypatch.setattr(conftest, "SystemClock", lambda: clock)
    monkeypatch.setenv("ANYVIDEO_HOME", str(pytester.path / "home"))
    monkeypatch.setenv("OPENAI_VIDEOS_API_KEY", KEY)
    monkeypatch.setenv(BUDGET, "2.00 USD")
    pytester.makeconftest(FIXTURES)
    pytester.makepyfile(TESTS)
    with Server(vendor.respond) as server:
        monkeypatch.setenv("SLOW_VENDOR", server.url)
        yield Recordings(pytester, vendor, server)


@pytest.mark.slow
def test_a_recording_is_paced_replaces_the_last_and_plays(recordings):
    vendor = recordings.vendor
    for count in (1, 2):
        recordings.record().assert_outcomes(passed=2, skipped=4)
        assert len(vendor.jobs) == count  # the wrong key bought nothing
        assert f"video_{count}" in recordings.read("slow")

    assert "video_1" not in recordings.read("slow")
    assert sum(vendor.pauses) >= TAKES
    assert min(vendor.pauses) >= 1
    calls = len(recordings.server.calls)
    with Client({}) as client:  # the usual journal, with the ids of both jobs
        journal = client.session.journal
        assert journal is not None
        assert {entry.task.id for entry in journal.entries()} >= {
            "video_1",
            "video_2",
        }

    recordings.run("-k", "not failed").assert_outcomes(passed=4, deselected=2)
    assert len(recordings.server.calls) == calls


def test_a_recording_that_ends_otherwise_stays_beside_the_old_one(recordings):
    recordings.record()
    before = recordings.read("slow")
    recordings.vendor.broken = True
    recordings.record().assert_outcomes(passed=1, failed=1, skipped=4)

    assert recordings.read("slow") == before
    assert "out of order" in (recordings.folder / "slow.failed").read_text("utf-8")


def test_a_recording_holds_no_key(recordings):
    recordings.record()

    for name in ("slow", "wrong-key"):
        text = recordings.read(name)
        assert "sk-" not in text
        assert "0123456789" not in text
        assert "cookie" not in text
        for item in yaml.safe_load(text)["interactions"]:
            assert item["request"]["headers"]["authorization"] == ["Bearer REDACTED"]
            assert item["response"]["headers"]["x-request-id"] == ["req-REDACTED"]
    first = yaml.safe_load(recordings.read("slow"))["interactions"][0]["response"]["body"]["string"]
    assert json.loads(first)["user"] == {"token": "REDACTED", "user_id": "REDACTED"}
    assert json.loads(first)["note"] == "your key is REDACTED"


@pytest.mark.parametrize("stated", ["", "2.00", "2.00 CNY", "much USD", "0 USD", "inf USD"])
def test_nothing_is_recorded_without_a_budget(recordings, monkeypatch, stated):
    monkeypatch.setenv(BUDGET, stated)
    done = recordings.record()

    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines([f'ERROR: recording sends real jobs: *{BUDGET}="2.00 USD"'])
    assert recordings.server.calls == []


LIVE = [scenario for scenario in SCENARIOS if scenario.live]


@pytest.mark.parametrize("scenario", LIVE, ids=lambda scenario: scenario.title)
def test_what_can_be_recorded_has_a_price_or_a_key_that_buys_nothing(
    scenario, tmp_path, monkeypatch
):
    for name, key in KEYS.items():
        monkeypatch.setenv(name, key)
    if scenario.literal_keys:
        assert scenario.literal_keys == [WRONG_KEY]
        return
    config = {"budget": {"money": "0.001"}}
    client = open_client(scenario, "sync", config=config, journal=":memory:")
    with client, pytest.raises(BudgetError, match=r"this job costs \d"):
        scenario.play(client, tmp_path)


def test_a_budget_that_is_too_small_sends_nothing(recordings, monkeypatch):
    monkeypatch.setenv(BUDGET, "0.39 USD")
    done = recordings.run("--record-mode=rewrite", "-k", "slow")

    done.assert_outcomes(failed=1, skipped=1, deselected=4)
    done.stdout.fnmatch_lines(["*BudgetError: *this job costs 0.40 USD; nothing was sent"])
    assert recordings.server.calls == []


def test_a_mode_that_keeps_old_answers_is_refused(recordings):
    done = recordings.run("--record-mode=all")

    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines(["*--record-mode=all keeps old answers; record with *=rewrite"])


def test_a_recording_without_a_key_is_skipped_and_the_cassette_stays(recordings, monkeypatch):
    recordings.record()
    before = recordings.read("slow")
    monkeypatch.delenv("OPENAI_VIDEOS_API_KEY")
    done = recordings.run("--record-mode=rewrite", "-k", "slow", "-rs")

    done.assert_outcomes(skipped=2, deselected=4)
    done.stdout.fnmatch_lines(["*OPENAI_VIDEOS_API_KEY is not set"])
    assert recordings.read("slow") == before
