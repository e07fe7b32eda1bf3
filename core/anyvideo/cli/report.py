"""The pages of --html: written where the option says, with a line that names the file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from anyvideo.cli.context import CliContext
from anyvideo.cli.views.text import format_path
from anyvideo.journal.entry import Entry
from anyvideo.model.plan import Plan, Refusal
from anyvideo.page.entry import Page
from anyvideo.page.render import write_page


def write_prices(
    context: CliContext, path: Path, plans: Sequence[Plan], refusals: Iterable[Refusal]
) -> None:
    """Write the page of a comparison."""
    from anyvideo.page.prices import list_plans, list_refusals  # noqa: PLC0415 (only for --html)

    refused = tuple(refusals)
    asked = [*(plan.asked for plan in plans), *(refusal.job for refusal in refused)]
    prompt = asked[0].prompt if asked else ""
    note = f"{len(plans)} can do it"
    entries = list_plans(plans)
    write_page(Page("Prices", "prices", entries, list_refusals(refused), prompt, note), path)
    announce_page(context, path)


def write_jobs(context: CliContext, path: Path, entries: Iterable[Entry]) -> None:
    """Write the page of jobs of the journal."""
    from anyvideo.page.jobs import list_entries  # noqa: PLC0415 (only for --html)

    write_page(Page("Jobs", "clips", list_entries(entries)), path)
    announce_page(context, path)


def announce_page(context: CliContext, path: Path) -> None:
    """Say where a page is."""
    if not context.json:
        context.print_hint(f"the page is {format_path(path)}")
