"""Writes docs/figures.md from the figures that a run has kept; nothing on it was written by hand."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.peers import prose

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "benchmarks" / "results" / "peers.json"
PAGE = ROOT / "docs" / "figures.md"
CHART = ROOT / "docs" / "images" / "figures.svg"
Figures = Mapping[str, Any]
Rows = Mapping[str, Sequence[float | None]]
# Two figures closer than this are the same: a run on another day turns them round.
ALIKE = 1.1


def write_page() -> None:
    """Write the page."""
    PAGE.write_text(render(json.loads(RESULTS.read_text("utf-8"))), "utf-8")


def render(figures: Figures) -> str:
    """Return the page for the figures of one run."""
    parts = [
        *_render_head(figures),
        *_render_start(figures["start"]),
        *_render_calls(figures["calls"]),
        *_render_notice(figures["notice"]),
        *_render_waiting(figures["waiting"], figures["window_s"]),
        *_render_posts(figures["posts"]),
        *_render_gateways(figures["gateways"]),
        *_render_better(figures),
        *prose.PEERS,
    ]
    return "\n\n".join(parts) + "\n"


def _render_head(figures: Figures) -> Iterator[str]:
    machine, versions = figures["machine"], figures["versions"]
    yield "# Figures"
    yield prose.INTRODUCTION
    yield (
        f"Measured on {figures['date']} in one run of {figures['seconds']} s: {machine['cores']} cores, "
        f"Python {machine['python']}, {machine['system']}, a load of {machine['load']} before the run. "
        + ", ".join(f"{name} {version}" for name, version in versions.items())
        + "."
    )
    if machine["load"] > prose.QUIET:
        yield prose.BUSY
    yield "```text\nmake bench PEERS=1\n```"
    yield prose.METHOD


def _render_start(start: Figures) -> Iterator[str]:
    yield "## A new process"
    yield prose.START
    yield _tabulate(
        ["client made, ms", "memory, MiB", "first answer, ms", "memory then, MiB"],
        {client: list(row.values()) for client, row in start.items()},
    )


def _render_calls(calls: Figures) -> Iterator[str]:
    yield "## CPU of a call"
    yield prose.CALLS
    titles = ["submit, ms", "status, ms", "submit by anyvideo, ms", "status by anyvideo, ms"]
    names = ("submit_ms", "status_ms", "anyvideo_submit_ms", "anyvideo_status_ms")
    rows = {client: [row[name] for name in names] for client, row in calls.items()}
    yield _tabulate(titles, rows, mark=False)


def _render_notice(notice: Figures) -> Iterator[str]:
    lengths = list(next(iter(notice.values())))
    yield "## A job that finishes"
    yield prose.NOTICE
    titles = [
        title
        for length in lengths
        for title in (f"polls, {length} s", f"delay, {length} s", f"longest, {length} s")
    ]
    rows: dict[str, list[float | None]] = {
        client: [value for length in lengths for value in row[length].values()]
        for client, row in notice.items()
    }
    rows["litellm"] = [None] * len(titles)
    yield _tabulate(titles, rows, absent="none of its own")


def _render_waiting(waiting: Figures, window: float) -> Iterator[str]:
    counts = list(next(iter(waiting.values())))
    yield "## Jobs that wait"
    yield prose.WAITING.format(window=f"{window:g}")
    titles = [f"{int(count):,}" for count in counts]
    for name, title in prose.WAITING_TABLES.items():
        yield f"{title}:"
        rows: dict[str, list[float | None]] = {
            client: [row[count][name] for count in counts] for client, row in waiting.items()
        }
        rows["litellm"] = [None] * len(counts)
        absent = "not run: nothing waits"
        yield _tabulate(titles, rows, absent=absent, mark=name in {"kib", "cpu_ms"})
    yield "![The CPU of one process by the number of its waiting jobs](images/figures.svg)"
    yield _tell_limits(waiting)


def _tell_limits(waiting: Figures) -> str:
    """Say which figures are those of a process at its limit, or of waits that ended."""
    lines = []
    for client, row in waiting.items():
        alone = next(iter(row.values()))["polls"]
        for count, cell in row.items():
            share = cell["polls"] / alone if alone else 1.0
            if cell["failed"]:
                kinds = ", ".join(f"`{kind}`" for kind in cell["errors"])
                lines.append(
                    f"- {client}: {cell['failed']:,} of {int(count):,} waits ended with an error ({kinds})."
                )
            elif share < prose.LATE:
                lines.append(
                    f"- {client}: with {int(count):,} jobs it asks for each {share:.1%} as often as "
                    f"for one alone, and uses {cell['core']:.0%} of a core."
                )
    return "\n".join(lines) or "Every client asks for each job about as often as for one alone."


def _render_posts(posts: Figures) -> Iterator[str]:
    yield "## A paid call that fails"
    yield prose.POSTS
    titles = list(next(iter(posts.values())))
    yield _tabulate(
        titles, {client: list(row.values()) for client, row in posts.items()}, mark=False
    )


def _render_gateways(gateways: Figures) -> Iterator[str]:
    yield "## Gateways"
    yield prose.GATEWAYS.format(**gateways)
    names = ", ".join(f"{name} {version}" for name, version in gateways["versions"].items())
    yield (
        f"Measured on {gateways['date']}, with a load of {gateways['load']} before it: {names}. "
        "`make bench PEERS=1 ONLY=gateways` measures this section alone."
    )
    if gateways["load"] > prose.QUIET:
        yield prose.BUSY
    titles = [title.format(**gateways) for title in prose.GATEWAY_TABLE.values()]
    rows = {
        name: [row[column] for column in prose.GATEWAY_TABLE]
        for name, row in gateways["rows"].items()
    }
    yield _tabulate(titles, rows, mark=False)


def _render_better(figures: Figures) -> Iterator[str]:
    yield "## Where another client takes less"
    yield prose.BETTER
    lines = [line for title, rows in _list_columns(figures) if (line := _compare(title, rows))]
    yield "\n".join(lines) or "Nowhere in this run."


def _list_columns(figures: Figures) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield each thing that was measured of anyvideo and others, with everybody's figure."""
    start, notice, waiting = figures["start"], figures["notice"], figures["waiting"]
    for name, title in prose.START_TITLES.items():
        yield title, {client: row[name] for client, row in start.items()}
    for length in next(iter(notice.values())):
        for name, title in prose.NOTICE_TITLES.items():
            yield title.format(length=length), {c: row[length][name] for c, row in notice.items()}
    for count in next(iter(waiting.values())):
        for name, title in prose.WAITING_TITLES.items():
            jobs = f"{int(count):,}"
            cells = {
                client: row[count]
                for client, row in waiting.items()
                if not row[count]["failed"]
                and row[count]["polls"] >= prose.LATE * next(iter(row.values()))["polls"]
            }
            yield title.format(jobs=jobs), {c: cell[name] for c, cell in cells.items()}
    gateways = figures["gateways"]
    for name, title in prose.GATEWAY_TITLES.items():
        rows = {client: row[name] for client, row in gateways["rows"].items()}
        yield title.format(**gateways), rows
    for client, row in figures["calls"].items():
        for name in ("submit", "status"):
            title = f"CPU of a {name} call on the wire of {client}, in ms"
            yield title, {client: row[f"{name}_ms"], "anyvideo": row[f"anyvideo_{name}_ms"]}


def _compare(title: str, rows: dict[str, float]) -> str:
    """Return a line with those who take less than anyvideo at its best; none for nobody."""
    own = [value for client, value in rows.items() if client.startswith("anyvideo")]
    ours = min(own, default=0.0)
    less = {
        client: value
        for client, value in sorted(rows.items(), key=lambda item: item[1])
        if value * ALIKE < ours and not client.startswith("anyvideo")
    }
    named = ", ".join(f"{client} {_show(value)}" for client, value in less.items())
    return f"- {title}: {named}; anyvideo {_show(ours)}." if less else ""


def _tabulate(titles: Sequence[str], rows: Rows, *, absent: str = "", mark: bool = True) -> str:
    """Return a table with the least of each column in bold."""
    least = [
        min((value for value in column if value is not None), default=None)
        for column in zip(*rows.values(), strict=True)
    ]
    lines = [f"| client | {' | '.join(titles)} |", f"|---|{'---:|' * len(titles)}"]
    for client, values in rows.items():
        cells = [
            absent if value is None else f"**{_show(value)}**" if mark and value == low else _show(value)
            for value, low in zip(values, least, strict=True)
        ]  # fmt: skip
        lines.append(f"| {client} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _show(value: float) -> str:
    """Return a figure with three digits at most behind which there is something."""
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.2g}" if value < 1 else f"{value:.3g}"
