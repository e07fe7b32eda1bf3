"""Starts the probes, each in the environment of its client, and makes figures of what they print."""

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import mean, median
from typing import Any

from attrs import frozen

from benchmarks.peers.environments import Environment
from benchmarks.peers.standin import FAILURES, JOBS, StandIn

PROBE = Path(__file__).with_name("programs") / "probe.py"
LIMIT = 240  # seconds for one probe
MODULES = {
    "anyvideo": "wire_anyvideo",
    "openai": "wire_openai",
    "fal-client": "wire_fal",
    "replicate": "wire_replicate",
    "runwayml": "wire_runway",
    "litellm": "wire_litellm",
}
WITHOUT_WAIT = ("litellm",)
# Which wire of anyvideo's is that of a peer.
WIRES = {
    "openai": "openai",
    "fal-client": "fal",
    "replicate": "replicate",
    "runwayml": "runway",
    "litellm": "openai",
}
LENGTHS = ("5", "30")
COUNTS = (1, 100, 1_000, 10_000)
APART = 1_000  # from so many waiting jobs on, one client is measured at a time


@frozen
class Size:
    """How much is measured."""

    rounds: int = 3
    calls: int = 100
    lengths: tuple[str, ...] = LENGTHS
    counts: tuple[int, ...] = COUNTS
    seconds: float = 8
    begin: float = 20


TINY = Size(1, 20, ("1", "2"), (1, 20), 3, 8)


@frozen
class Bench:
    """The server, the environments, and how much is measured."""

    server: StandIn
    environments: Mapping[str, Environment]
    size: Size

    def probe(self, client: str, *command: object, wire: str = "openai") -> Any:  # noqa: ANN401 (what a probe prints)
        """Run a command of the probe in the environment of a client; return what it prints.

        Raises:
            RuntimeError: it failed; the text says how it ended.
        """
        program, *values = map(str, command)
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
            environ = {
                "PATH": os.environ["PATH"],
                "HOME": home,
                "ANYVIDEO_HOME": home,
                "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # otherwise it fetches its prices first
                "WIRE": wire,
            }
            python = str(self.environments[client].python)
            done = subprocess.run(  # noqa: S603 (our own program)
                [python, str(PROBE), MODULES[client], program, *values],
                check=False, capture_output=True, text=True, env=environ, timeout=LIMIT,
            )  # fmt: skip
        if done.returncode:
            message = f"{client}, {program}: {done.stderr.strip()[-2000:]}"
            raise RuntimeError(message)
        return json.loads(done.stdout.splitlines()[-1])

    def give_url(self, who: str, what: object) -> str:
        """Return the address for one client, where that shall happen."""
        return f"{self.server.url}/{who}/{what}"


def measure_start(bench: Bench) -> dict[str, dict[str, float]]:
    """What it takes until a client is made, and until it has its first answer."""
    found: dict[str, list[dict[str, float]]] = {client: [] for client in MODULES}
    for turn in range(bench.size.rounds + 1):
        for client, rounds in found.items():
            began = time.time()
            told = bench.probe(client, "start", bench.give_url(client, "never"))
            if turn:  # the first finds nothing compiled
                rounds.append(
                    {
                        "made_ms": (told["made"] - began) * 1000,
                        "made_mib": told["memory"] / 1024,
                        "first_ms": (told["first"] - began) * 1000,
                        "first_mib": told["memory_first"] / 1024,
                    }
                )
    return {
        client: {name: median(one[name] for one in rounds) for name in rounds[0]}
        for client, rounds in found.items()
    }


def measure_calls(bench: Bench) -> dict[str, dict[str, float]]:
    """The CPU of a submit and of a status call, in ms; anyvideo's on the same wire beside it."""
    found = {}
    ours: dict[str, Any] = {}
    for client, wire in WIRES.items():
        if wire not in ours:
            url = bench.give_url(f"anyvideo-{wire}", "never")
            ours[wire] = bench.probe("anyvideo", "calls", url, bench.size.calls, wire=wire)
        theirs = bench.probe(client, "calls", bench.give_url(client, "never"), bench.size.calls)
        found[client] = {
            **{f"{name}_ms": value for name, value in theirs.items()},
            **{f"anyvideo_{name}_ms": value for name, value in ours[wire].items()},
        }
    return found


def measure_notice(bench: Bench) -> dict[str, dict[str, dict[str, float]]]:
    """The polls of a job and the delay of its notice: eight jobs of about the same length at once.

    anyvideo has two rounds, because it learns from the first when to ask.
    """
    begin = time.time() + bench.size.begin
    kinds = [(client, what) for client in MODULES if client not in WITHOUT_WAIT for what in bench.size.lengths]  # fmt: skip

    def wait(client: str, what: str) -> list[dict[str, float]]:
        rounds = 2 if client == "anyvideo" else 1
        found: list[dict[str, float]] = bench.probe(
            client, "notice", bench.give_url(f"notice-{client}", what), JOBS, rounds, begin
        )
        return found

    with ThreadPoolExecutor(len(kinds)) as pool:
        told = list(pool.map(wait, *zip(*kinds, strict=True)))
    found: dict[str, dict[str, dict[str, float]]] = {}
    for (client, what), rounds in zip(kinds, told, strict=True):
        for name, noticed in zip((client, f"{client}, learned"), rounds, strict=False):
            late = [moment - bench.server.ends[job] for job, moment in noticed.items()]
            polls = [bench.server.asked[job] for job in noticed]
            figures = {"polls": mean(polls), "late_s": mean(late), "latest_s": max(late)}
            found.setdefault(name, {})[what] = figures
    return found


def measure_posts(bench: Bench) -> dict[str, dict[str, int]]:
    """The POSTs of one submit that fails, for each way to fail."""

    def fail(client: str, failures: Iterable[str]) -> None:
        urls = [bench.give_url(f"posts-{client}", what.replace(" ", "%20")) for what in failures]
        ends = bench.probe(client, "fail", *urls)
        if not all(ends):
            message = f"{client}: a submit that had to fail did not ({ends})"
            raise RuntimeError(message)

    def list_probes() -> Iterator[tuple[str, tuple[str, ...]]]:
        for client in MODULES:
            # fal's address is a setting of the process, so each failure has one of its own.
            groups = [(one,) for one in FAILURES] if client == "fal-client" else [FAILURES]
            yield from ((client, group) for group in groups)

    probes = list(list_probes())
    with ThreadPoolExecutor(len(probes)) as pool:
        list(pool.map(fail, *zip(*probes, strict=True)))
    posts = bench.server.posts
    return {
        client: {what: posts[f"posts-{client}", what] for what in FAILURES} for client in MODULES
    }


def measure_waiting(bench: Bench) -> dict[str, dict[str, dict[str, Any]]]:
    """What waiting jobs cost: memory for each, CPU and polls for each and second."""
    clients = [client for client in MODULES if client not in WITHOUT_WAIT]
    found: dict[str, dict[str, dict[str, Any]]] = {client: {} for client in clients}
    for count in bench.size.counts:

        def wait(client: str, count: int = count) -> dict[str, Any]:
            who = f"waiting-{client}-{count}"
            told = bench.probe(
                client, "wait", bench.give_url(who, "never"), count, bench.size.seconds
            )
            moments = bench.server.moments[who, "never"]
            polls = sum(told["began"] <= moment < told["ended"] for moment in moments)
            return summarize(told, polls, count)

        with ThreadPoolExecutor(1 if count >= APART else len(clients)) as pool:
            for client, figures in zip(clients, pool.map(wait, clients), strict=True):
                found[client][str(count)] = figures
                print(f"  {count:,} waiting jobs of {client}", flush=True)
    return found


def summarize(told: Mapping[str, Any], polls: int, count: int) -> dict[str, Any]:
    """Return the figures of so many waiting jobs from what a probe told."""
    spans = count * told["seconds"]
    return {
        "kib": told["memory"] / count,
        "cpu_ms": told["cpu"] * 1000 / spans,
        "core": told["cpu"] / told["seconds"],
        "polls": polls / spans,
        "failed": sum(told["errors"].values()),
        "errors": sorted(told["errors"]),
    }
