"""The page of figures says what its run measured, and the server that it was measured at speaks the wires."""

import http.client
import json
import re
import tomllib
from contextlib import closing
from urllib.parse import urlsplit

import pytest

import anyvideo
from benchmarks.peers import environments, page, prose, runs
from benchmarks.peers.standin import FAILURES, StandIn

RESULTS = json.loads(page.RESULTS.read_text("utf-8"))
CLIENTS = {"anyvideo", *environments.read_pins("clients")}
OFFER = {
    "provider": "openai",
    "model": "sora-2",
    "source": "https://gateway.example/docs",
    "seconds": [4],
}
MODELS = {"openai": "sora-2", "fal": "kling-v3", "replicate": "kling-v3", "runway": "veo-3.1"}
JOB = anyvideo.VideoJob("a red fox")


@pytest.fixture(scope="module")
def server():
    with StandIn() as server:
        yield server


@pytest.fixture
def make_client(server, tmp_path):
    clients = []

    def make(wire, what):
        adapter = "openai-videos" if wire == "openai" else wire
        url = f"{server.url}/{wire}/{what}".replace(" ", "%20")
        provider = {"adapter": adapter, "base_url": url, "api_key": "key", "timeout": 0.2}
        offers = [OFFER] if wire == "openai" else []
        config = {"retries": 0, "providers": {wire: provider}, "offers": offers}
        clients.append(anyvideo.Client(config, journal=str(tmp_path / "journal")))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


def test_the_page_is_that_of_the_results():
    assert page.PAGE.read_text("utf-8") == page.render(RESULTS)


def test_the_chart_is_that_of_the_results():
    chart = page.CHART.read_text("utf-8")
    (described,) = re.findall(r"<dc:description>(.*?)</dc:description>", chart, re.DOTALL)

    assert json.loads(described) == RESULTS["waiting"]


def test_the_results_have_every_client_in_its_pinned_version():
    versions = {**RESULTS["versions"]}

    assert versions.pop("anyvideo")
    assert versions == environments.read_pins("clients")
    assert set(runs.MODULES) == CLIENTS


def test_the_results_have_every_figure():
    waits = CLIENTS - {*runs.WITHOUT_WAIT}

    assert set(RESULTS["start"]) == set(RESULTS["posts"]) == CLIENTS
    assert set(RESULTS["calls"]) == CLIENTS - {"anyvideo"}
    assert set(RESULTS["notice"]) == waits | {"anyvideo, learned"}
    assert {tuple(row) for row in RESULTS["notice"].values()} == {runs.LENGTHS}
    assert set(RESULTS["waiting"]) == waits
    counts = tuple(map(str, runs.COUNTS))
    assert {tuple(row) for row in RESULTS["waiting"].values()} == {counts}
    assert {tuple(row) for row in RESULTS["posts"].values()} == {FAILURES}


def test_the_results_have_every_gateway_in_its_pinned_version():
    gateways = RESULTS["gateways"]
    versions = {**gateways["versions"]}

    assert versions.pop("anyvideo")
    assert versions == environments.read_pins("gateways")
    assert set(gateways["rows"]) == set(gateways["versions"])
    assert all(set(row) == set(prose.GATEWAY_TABLE) for row in gateways["rows"].values())


def test_one_paid_post_is_all_that_anyvideo_sends_for_a_job_that_may_exist():
    unsafe = [what for what in FAILURES if not what.startswith("429")]

    assert {RESULTS["posts"]["anyvideo"][what] for what in unsafe} == {1}


def test_another_figure_makes_another_page():
    start = {**RESULTS["start"], "openai": {**RESULTS["start"]["openai"], "made_ms": 0.001}}

    assert page.render({**RESULTS, "start": start}) != page.render(RESULTS)


def test_the_page_tells_of_waits_that_ended():
    cell = {**RESULTS["waiting"]["openai"]["100"], "failed": 7, "errors": ["PoolTimeout"]}
    waiting = {**RESULTS["waiting"], "openai": {**RESULTS["waiting"]["openai"], "100": cell}}

    text = page.render({**RESULTS, "waiting": waiting})

    assert "openai: 7 of 100 waits ended with an error (`PoolTimeout`)." in text


@pytest.mark.parametrize("wire", MODELS)
def test_the_server_makes_a_job_and_finishes_it(wire, server, make_client):
    client = make_client(wire, "60")

    task = client.submit(JOB, f"{wire}/{MODELS[wire]}")
    early = client.status(task)
    server.ends[task.id] = 0.0
    late = client.status(task)

    assert (early.status, late.status) == ("running", "succeeded")
    assert server.posts[wire, "60"] == 1
    assert server.asked[task.id] == server.polls[wire, "60"]
    assert bool(late.video_url) == (wire != "openai")  # where the file is behind /content


@pytest.mark.parametrize("what", FAILURES)
def test_the_server_fails_as_it_says(what, server, make_client):
    client = make_client("openai", what)

    with pytest.raises(anyvideo.AnyVideoError) as caught:
        client.submit(JOB, "openai/sora-2")

    limited = what.startswith("429")
    assert isinstance(caught.value, anyvideo.AmbiguousSubmitError) != limited
    assert server.posts["openai", what] == 1
    if limited:
        assert isinstance(caught.value, anyvideo.ProviderError)
        assert caught.value.retry_after == (1 if "Retry-After" in what else None)


def test_the_jobs_of_one_length_lie_within_a_tenth(server):
    ids = [server.submit("spread", "100") for _ in range(8)]
    lengths = [server.ends[job] - server.ends[ids[0]] for job in ids]

    assert lengths == sorted(lengths)
    assert 17 < lengths[-1] < 18


def test_two_requests_in_one_packet_have_two_answers(server):
    address = urlsplit(server.url)
    with closing(http.client.HTTPConnection(address.hostname, address.port)) as connection:
        connection.connect()
        request = b"GET /pair/never/v1/tasks/job HTTP/1.1\r\nhost: x\r\n\r\n"
        connection.sock.sendall(request * 2 + request[:9])
        told = b""
        while told.count(b"RUNNING") < 2:
            told += connection.sock.recv(4096)

    assert server.polls["pair", "never"] == 2


def test_every_pin_is_one_version():
    pins = tomllib.loads(environments.PINS.read_text("utf-8"))

    assert all(
        re.fullmatch(r"\d+(\.\d+)+", version)
        for group in pins.values()
        for version in group.values()
    )
