"""What it costs to know before paying: a plan, a comparison, the offers, a config, a list of jobs."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from statistics import median

import tomli
from attrs import evolve

import anyvideo
from anyvideo.config.load import read_config
from anyvideo.negotiation import negotiate

JOB = anyvideo.VideoJob(
    "A red fox runs through fresh snow at dawn", seconds=8, aspect_ratio="16:9", resolution="720p"
)
CONFIG = """
[providers.account-{n}]
adapter = "apimart"
base_url = "https://gateway-{n}.example"
api_key = {{ env = "ACCOUNT_{n}_KEY" }}
timeout = 90

[routes.route-{n}]
models = ["account-{n}/kling-v3", "apiyi/grok-imagine-video-1.5"]
prefer = "cheapest"
max_cost = "2.00"

[[offers]]
provider = "account-{n}"
model = "kling-v3"
source = "https://example.com/price-list"
price = {{ amount = "0.06", per = "second", checked = 2026-11-01 }}
failures_billed = false
"""


def take(work: Callable[[], object], rounds: int = 15) -> float:
    """The median CPU time of a piece of work, in seconds."""
    times = []
    for _ in range(rounds):
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return median(times)


LOAD = """
import time
from importlib.metadata import entry_points
import anyvideo.catalog.read

plugins = [point.load() for point in entry_points(group="anyvideo")]
started = time.process_time()
for plugin in plugins:
    for adapter in plugin.anyvideo_adapters():
        adapter.offers()
print(time.process_time() - started)
"""


def load_offers() -> float:
    """The CPU time of reading and checking every built-in offer in a new process, in seconds."""
    command = (sys.executable, "-c", LOAD)
    return float(subprocess.run(command, check=True, capture_output=True).stdout)  # noqa: S603 (our own)


def plan_once(client: anyvideo.Client) -> None:
    """A plan with what makes it one: the exact requests and their fingerprint."""
    assert client.plan(JOB, "apimart/kling-v3").fingerprint


def measure() -> Iterator[tuple[str, float, str, float]]:
    client = anyvideo.Client(config={}, journal=None)
    offers = client.offers()
    spent = median(load_offers() for _ in range(9))
    yield "load all built-in offers, after imports", spent * 1e3, "ms", 15

    plan_once(client)
    hundred = take(lambda: [plan_once(client) for _ in range(100)])
    yield "a plan with its requests and fingerprint", hundred * 1e4, "us", 150

    thousand = [evolve(offers[n % len(offers)], model=f"model-{n}") for n in range(1000)]
    many = take(lambda: negotiate.compare(JOB, thousand))
    few = take(lambda: negotiate.compare(JOB, thousand[:100]))
    yield "compare a job over 1,000 offers", many * 1e3, "ms", 30
    yield "10 times the offers", many / few, "x the time of 100", 12

    text = "".join(CONFIG.format(n=n) for n in range(11))
    lines = text.count("\n")
    spent = take(lambda: read_config(tomli.loads(text, parse_float=Decimal), "config"))
    yield f"a config of {lines} lines", spent * 1e3, "ms", 5

    jobs = [evolve(JOB, seed=n) for n in range(100)]
    spent = take(lambda: client.price(jobs, "*"), rounds=3)
    yield f"price a job at {len(offers)} offers, in a list of 100", spent * 10, "ms", 5
