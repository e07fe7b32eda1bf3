"""Draws the chart of docs/figures.md, in the environment of the benchmark that has matplotlib.

usage: chart.py RESULTS.json CHART.svg
"""

import json
import sys
from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot as plt

GREY = "#808080"  # can be read on white and on black, like the colours
COLOURS = {
    "anyvideo": "#e0562f",
    "openai": "#2f9e6e",
    "fal-client": "#9a6be0",
    "replicate": "#b8860b",
    "runwayml": "#3b8fd6",
}


def draw(figures, path):
    mpl.rcParams.update(
        {"svg.hashsalt": "anyvideo", "svg.fonttype": "none", "font.family": "sans-serif"}
    )
    drawing, axes = plt.subplots(figsize=(7.2, 4))
    for client, row in figures["waiting"].items():
        counts, shares = (
            [int(count) for count in row],
            [cell["core"] * 100 for cell in row.values()],
        )
        width = 2.6 if client == "anyvideo" else 1.4
        axes.plot(
            counts, shares, marker="o", markersize=4, linewidth=width, color=COLOURS[client], label=client
        )  # fmt: skip
    axes.set(xscale="log", yscale="log")
    axes.set_xlabel("waiting jobs in one process", color=GREY)
    axes.set_ylabel("CPU, % of a core", color=GREY)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.set_xticks([int(count) for count in row])
    axes.minorticks_off()
    axes.tick_params(colors=GREY)
    axes.grid(color=GREY, alpha=0.25, linewidth=0.6)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.legend(frameon=False, labelcolor=GREY)
    drawing.tight_layout()
    drawing.savefig(
        path,
        transparent=True,
        metadata={"Date": None, "Description": json.dumps(figures["waiting"])},
    )


if __name__ == "__main__":
    draw(json.loads(Path(sys.argv[1]).read_text("utf-8")), sys.argv[2])
