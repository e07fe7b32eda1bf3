"""A list that is enqueued, and how far a fleet is with it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from anyvideo.cli.views.table import Table, echo, print_table, print_wrapped
from anyvideo.cli.views.text import format_cost
from anyvideo.fleet.database import Counts
from anyvideo.fleet.enqueue import Order
from anyvideo.fleet.line import LineState

# What a person sees of the states; a slot that is held is not what they ask for.
_COLUMNS = {
    "waiting": {LineState.WAITING, LineState.ADMITTED},
    "running": {LineState.RUNNING},
    "done": {LineState.DONE},
    "failed": {LineState.FAILED},
    "ambiguous": {LineState.AMBIGUOUS},
}


def format_costs(order: Order) -> str:
    """Return what a list costs, in each currency."""
    words = [format_cost(amount, currency) for currency, amount in sorted(order.costs.items())]
    if order.loose:
        words.append(f"{order.loose} unknown or estimated" if words else "an unknown cost")
    return " + ".join(words) or "nothing"


def print_order(order: Order) -> None:
    """Print how many jobs go to which accounts, and what they cost."""
    rows = [[" or ".join(accounts), str(number)] for accounts, number in sorted(order.jobs.items())]
    print_table(Table(("account", "jobs"), rows, right=("jobs",)))
    if order.lines:
        echo(f"{len(order.lines)} in all, for {format_costs(order)}")


def print_counts(counts: Counts) -> None:
    """Print how many lines are in each state, by account."""
    rows = [
        [" or ".join(accounts), *(str(number) for number in _add_up(states).values())]
        for accounts, states in sorted(counts.accounts.items())
    ]
    if not rows:
        echo("nothing was enqueued yet")
        return
    headings = ("account", *_COLUMNS)
    print_table(Table(headings, rows, right=tuple(_COLUMNS)))
    for ref, state, problem in counts.problems:
        print_wrapped(f"{ref}: {'tried again' if not state.final else state}: {problem}")


def _add_up(states: Any) -> dict[str, int]:  # noqa: ANN401 (a mapping by state)
    found = Counter[LineState](states)
    return {name: sum(found[state] for state in kinds) for name, kinds in _COLUMNS.items()}


def counts_to_json(counts: Counts) -> dict[str, Any]:
    """Return the counts as plain JSON values."""
    return {
        "accounts": [
            {"accounts": list(accounts), **_add_up(states)}
            for accounts, states in sorted(counts.accounts.items())
        ],
        "problems": [
            {"ref": ref, "state": str(state), "problem": problem}
            for ref, state, problem in counts.problems
        ],
    }
