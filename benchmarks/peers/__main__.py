"""Measures all clients in one run and writes docs/figures.md: `make bench PEERS=1`.

`python -m benchmarks.peers gateways` measures the gateways alone; the other figures stay as they are.
`python -m benchmarks.peers --tiny` runs everything with little of each, the gateways in full, and writes nothing.
`python -m benchmarks.peers --page` writes the page and the chart from the figures that are kept.
"""

import json
import os
import platform
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from benchmarks.peers.environments import (
    ROOT,
    Environment,
    make_environments,
    make_pinned,
    run,
)
from benchmarks.peers.gateways import measure_gateways
from benchmarks.peers.page import CHART, PAGE, RESULTS, write_page
from benchmarks.peers.runs import (
    MODULES,
    TINY,
    Bench,
    Size,
    measure_calls,
    measure_notice,
    measure_posts,
    measure_start,
    measure_waiting,
)
from benchmarks.peers.standin import StandIn


def measure(environments: dict[str, Environment], size: Size) -> dict[str, Any]:
    """Return the figures of one run, with where and when they were measured."""
    began, load = time.monotonic(), os.getloadavg()[0]
    figures: dict[str, Any] = {}

    def note(name: str, part: Callable[[Bench], Any], bench: Bench) -> None:
        figures[name] = part(bench)
        print(f"{time.monotonic() - began:5.0f} s  {name}", flush=True)

    with StandIn() as server:
        bench = Bench(server, environments, size)
        note("start", measure_start, bench)
        note("calls", measure_calls, bench)
        # These two mostly sleep, so they run at the same time.
        with ThreadPoolExecutor(2) as pool:
            ends = [
                pool.submit(note, "notice", measure_notice, bench),
                pool.submit(note, "posts", measure_posts, bench),
            ]
            for end in ends:
                end.result()
        note("waiting", measure_waiting, bench)
    note("gateways", lambda bench: measure_gateways(bench.environments), bench)
    versions = {client: environments[client].version for client in MODULES}
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "seconds": round(time.monotonic() - began),
        "window_s": size.seconds,
        "machine": {
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "system": f"{platform.system()} {platform.machine()}",
            "load": round(load, 2),
        },
        "versions": versions,
        **{
            name: figures[name]
            for name in ("start", "calls", "notice", "posts", "waiting", "gateways")
        },
    }


def draw_chart(environments: dict[str, Environment]) -> None:
    python = environments["matplotlib"].python
    program = ROOT / "benchmarks" / "peers" / "chart.py"
    run([str(python), str(program), str(RESULTS), str(CHART)])


def main(options: list[str]) -> None:
    if "gateways" in options:
        results = json.loads(RESULTS.read_text("utf-8"))
        keep({**results, "gateways": measure_gateways(make_pinned("gateways"))})
        write_page()
        print(f"Written: {PAGE.relative_to(ROOT)}, {RESULTS.relative_to(ROOT)}")
        return
    environments = make_environments()
    if "--tiny" in options:
        print(json.dumps(measure(environments, TINY), indent=1))
        return
    if "--page" not in options:
        keep(measure(environments, Size()))
    draw_chart(environments)
    write_page()
    print(
        f"Written: {PAGE.relative_to(ROOT)}, {CHART.relative_to(ROOT)}, {RESULTS.relative_to(ROOT)}"
    )


def keep(results: dict[str, Any]) -> None:
    """Write the figures of a run."""
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(round_all(results), indent=1) + "\n", "utf-8")


def round_all(value: Any) -> Any:  # noqa: ANN401 (any JSON)
    """Return figures with four digits: more were never measured."""
    if isinstance(value, dict):
        return {name: round_all(item) for name, item in value.items()}
    return float(f"{value:.4g}") if isinstance(value, float) else value


if __name__ == "__main__":
    main(sys.argv[1:])
