"""`anyvideo serve` and LiteLLM's proxy under the load of benchmarks/gateway.py, one after the other.

Each has a sandbox of its own before it, in another process, and one worker.
"""

import asyncio
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from socket import create_connection, create_server
from statistics import quantiles
from typing import Any

from benchmarks import gateway
from benchmarks.peers.environments import Environment

LITELLM = "litellm[proxy]"
MODEL = "sora-2"
PATIENCE = 120  # seconds until a proxy listens
CONFIG = """
model_list:
  - model_name: {model}
    litellm_params:
      model: openai/{model}
      api_base: {url}/openai-videos/v1
      api_key: sk-1
"""


def measure_gateways(environments: Mapping[str, Environment]) -> dict[str, Any]:
    """Return the figures of each gateway, with what was asked of it, when, and at which load."""
    loaded = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as home:
        ours = gateway.run(home)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        theirs = run_litellm(environments[LITELLM], home)
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "load": round(loaded, 2),
        "creates": gateway.CREATES,
        "rate": gateway.POLLS,
        "polls": gateway.POLLS * gateway.SECONDS,
        "connections": gateway.CONNECTIONS,
        "limit_s": gateway.LIMIT,
        "versions": {"anyvideo": version("anyvideo"), LITELLM: environments[LITELLM].version},
        "rows": {"anyvideo": summarize(*ours), LITELLM: summarize(*theirs)},
    }


def summarize(took: float, late: list[float], rate: float) -> dict[str, float]:
    """Return the figures of a gateway from what the load found."""
    cuts = quantiles(late, n=100)
    return {
        "creates_s": took,
        "polls": len(late),
        "rate": rate,
        "p50_ms": cuts[49] * 1000,
        "p99_ms": cuts[98] * 1000,
    }


def run_litellm(environment: Environment, home: str) -> tuple[float, list[float], float]:
    """Return what the load finds of LiteLLM's proxy before a sandbox."""
    config = Path(home, "config.yaml")
    with gateway.start("sandbox", "--duration", "60", home=home) as url:
        config.write_text(CONFIG.format(model=MODEL, url=url), "utf-8")
        with start_litellm(environment, config) as port:
            return asyncio.run(gateway.load(port, MODEL))


@contextmanager
def start_litellm(environment: Environment, config: Path) -> Iterator[int]:
    """Run the proxy; yield its port once it listens.

    Raises:
        RuntimeError: it ended, or did not listen in time; the text has what it last wrote.
    """
    with create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    options = ("--config", config, "--host", "127.0.0.1", "--port", port, "--num_workers", 1)
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(config.parent),
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # otherwise it fetches its prices first
        "LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY": "true",  # no keys, as the other
        "LITELLM_LOG": "ERROR",  # as quiet as the other
    }
    command = [str(environment.python.with_name("litellm")), *map(str, options)]
    written = config.with_name("log")
    with (
        written.open("w") as log,
        subprocess.Popen(command, stdout=log, stderr=log, env=environ) as process,  # noqa: S603 (our own command)
    ):
        try:
            wait_for(port, process, written)
            yield port
        finally:
            process.terminate()


def wait_for(port: int, process: subprocess.Popen[bytes], written: Path) -> None:
    """Wait until a proxy listens, which it does once it has started."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    message = f"LiteLLM's proxy does not listen: {written.read_text('utf-8')[-2000:]}"
    raise RuntimeError(message)
