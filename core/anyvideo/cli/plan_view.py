"""A plan for people: what will be made and what it costs, and for reviewers the exact requests."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from typing import Any

import click

from anyvideo.cli import screen
from anyvideo.cli.ordering import Order
from anyvideo.cli.wording import describe_clip, describe_wishes, say_failures, say_price
from anyvideo.model.plan import Plan
from anyvideo.model.wire import describe_request

_LONGEST_PROMPT = 300


def show_plan(order: Order, *, sandbox: bool = False, details: bool = False) -> None:
    """Write what a plan comes to; `details` are what a reviewer wants to know beside that."""
    plan = order.plan
    if order.note:
        click.echo(order.note)
    click.echo(screen.paint(plan.offer.name, bold=True))
    pairs = list(_describe(plan))
    pairs.append(("cost", say_price(plan.quote, order.client.session.today)))
    if sandbox:
        pairs.append(("cost", "at the vendor; the sandbox asks nothing"))
    if details:
        pairs.append(("cost", say_failures(plan.quote)))
        pairs += [("source", source) for source in [plan.quote.source] if source]
        pairs.append(("fingerprint", plan.fingerprint))
    screen.show_pairs(pairs)


def _describe(plan: Plan) -> Iterator[tuple[str, str]]:
    prompt = " ".join(plan.job.prompt.split())
    if len(prompt) > _LONGEST_PROMPT:
        prompt = f"{prompt[:_LONGEST_PROMPT]}… ({len(plan.job.prompt)} characters)"
    yield "prompt", prompt
    yield "clip", describe_clip(plan.job, plan.seconds)
    yield from describe_wishes(plan.job)
    for adjustment in plan.adjustments:
        yield "adjusted", screen.paint(str(adjustment), "yellow")


def show_requests(plan: Plan) -> None:
    """Write the exact requests of a plan, as far as they are known before the first answer."""
    for request in plan.requests:
        described: dict[str, Any] = describe_request(request)
        parts = [
            name for name in ("query", "headers", "json", "form", "files") if name in described
        ]
        url = f"{plan.origin}{request.url}" if request.url.startswith("/") else request.url
        click.echo(f"\n{screen.paint(f'{request.method} {url}', bold=True)}")
        for name in parts:
            text = json.dumps(described[name], ensure_ascii=False, indent=2)
            click.echo(textwrap.indent(f"{screen.paint(name, dim=True)} {text}", "  "))
