"""A plan for people: what will be made and what it costs, and for reviewers the exact requests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from anyvideo.cli.views.table import echo, format_json, print_pairs, style
from anyvideo.cli.views.text import (
    format_failures,
    format_price,
    list_preferences,
)
from anyvideo.model.plan import Plan
from anyvideo.model.wire import describe_request

_LONGEST_PROMPT = 300


def print_plan(
    plan: Plan, today: date, *, file: str = "", sandbox: bool = False, details: bool = False
) -> None:
    """Print the clip and the cost.

    Args:
        plan: The plan.
        today: The date, by which a price is stale.
        file: The name that was chosen for the video; "" where the user chose it.
        sandbox: Whether the job runs in the sandbox.
        details: Adds source, failures and fingerprint, for a review.

    """
    echo(style(plan.offer.name, bold=True))
    pairs = list(_describe(plan))
    if plan.offer.note and not sandbox:
        pairs.append(("note", style(plan.offer.note, "yellow")))
    if file:
        pairs.append(("file", file))
    pairs.append(("cost", format_price(plan.quote, today)))
    if sandbox:
        pairs.append(("cost", "at the vendor; free in the sandbox"))
    if details:
        pairs.append(("cost", format_failures(plan.quote)))
        pairs += [("source", source) for source in [plan.quote.source] if source]
        pairs.append(("fingerprint", plan.fingerprint))
    print_pairs(pairs)


def format_plan(plan: Plan) -> str:
    """Return a plan in one line: offer, clip, adjustments and assumptions, cost."""
    adjusted = [*map(str, plan.adjustments), *plan.assumptions]
    words = [plan.clip, *adjusted, _format_quote(plan)]
    return f"{plan.offer.name}: {', '.join(words)}"


def _format_quote(plan: Plan) -> str:
    return "cost unknown" if plan.quote.amount is None else str(plan.quote)


def _describe(plan: Plan) -> Iterator[tuple[str, str]]:
    prompt = " ".join(plan.job.prompt.split())
    if len(prompt) > _LONGEST_PROMPT:
        prompt = f"{prompt[:_LONGEST_PROMPT]}… ({len(plan.job.prompt)} characters)"
    yield "prompt", prompt
    yield "clip", plan.clip
    yield from list_preferences(plan.job)
    for adjustment in plan.adjustments:
        yield "adjusted", style(str(adjustment), "yellow")
    for assumption in plan.assumptions:
        yield "assumed", style(assumption, "yellow")


def print_requests(plan: Plan) -> None:
    """Print the exact requests of a plan, as far as they are known before the first answer."""
    for request in plan.requests:
        described: dict[str, Any] = describe_request(request)
        parts = [
            name for name in ("query", "headers", "json", "form", "files") if name in described
        ]
        url = f"{plan.origin}{request.url}" if request.url.startswith("/") else request.url
        echo()
        echo(style(f"{request.method} {url}", bold=True))
        for name in parts:
            text = format_json(json.dumps(described[name], ensure_ascii=False, indent=2), "  ")
            echo("  ", style(name, dim=True), " ", text)
