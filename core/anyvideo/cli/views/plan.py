"""A plan for people: what will be made and what it costs, and for reviewers the exact requests."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from typing import Any

import click

from anyvideo.cli.planned_job import PlannedJob
from anyvideo.cli.views.table import print_pairs, style
from anyvideo.cli.views.text import (
    format_clip,
    format_failures,
    format_price,
    list_preferences,
)
from anyvideo.model.plan import Plan
from anyvideo.model.wire import describe_request

_LONGEST_PROMPT = 300


def print_plan(planned: PlannedJob, *, sandbox: bool = False, details: bool = False) -> None:
    """Print the clip and the cost; `details` adds source, failures and fingerprint for a review."""
    plan = planned.plan
    if planned.note:
        click.echo(planned.note)
    click.echo(style(plan.offer.name, bold=True))
    pairs = list(_describe(plan))
    pairs.append(("cost", format_price(plan.quote, planned.client.session.today)))
    if sandbox:
        pairs.append(("cost", "at the vendor; free in the sandbox"))
    if details:
        pairs.append(("cost", format_failures(plan.quote)))
        pairs += [("source", source) for source in [plan.quote.source] if source]
        pairs.append(("fingerprint", plan.fingerprint))
    print_pairs(pairs)


def _describe(plan: Plan) -> Iterator[tuple[str, str]]:
    prompt = " ".join(plan.job.prompt.split())
    if len(prompt) > _LONGEST_PROMPT:
        prompt = f"{prompt[:_LONGEST_PROMPT]}… ({len(plan.job.prompt)} characters)"
    yield "prompt", prompt
    yield "clip", format_clip(plan.job, plan.seconds)
    yield from list_preferences(plan.job)
    for adjustment in plan.adjustments:
        yield "adjusted", style(str(adjustment), "yellow")


def print_requests(plan: Plan) -> None:
    """Print the exact requests of a plan, as far as they are known before the first answer."""
    for request in plan.requests:
        described: dict[str, Any] = describe_request(request)
        parts = [
            name for name in ("query", "headers", "json", "form", "files") if name in described
        ]
        url = f"{plan.origin}{request.url}" if request.url.startswith("/") else request.url
        click.echo(f"\n{style(f'{request.method} {url}', bold=True)}")
        for name in parts:
            text = json.dumps(described[name], ensure_ascii=False, indent=2)
            click.echo(textwrap.indent(f"{style(name, dim=True)} {text}", "  "))
