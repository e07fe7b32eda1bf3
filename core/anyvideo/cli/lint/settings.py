"""What is wrong, retired or stale in the settings."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from attrs import frozen

from anyvideo.cli.exits import hint
from anyvideo.cli.job_input import read_text
from anyvideo.cli.lint.capabilities import find_gaps
from anyvideo.cli.lint.file_systems import find_network_file_system
from anyvideo.cli.views.text import format_nearest
from anyvideo.config.provider import Provider
from anyvideo.errors import AnyVideoError
from anyvideo.model.job import VideoJob
from anyvideo.model.offer import Offer
from anyvideo.model.quote import STALE_AFTER_DAYS
from anyvideo.negotiation.policy import POLICY_FIELDS
from anyvideo.planning.candidates import plan_candidates
from anyvideo.run.records import require_journal
from anyvideo.session.selectors import select
from anyvideo.session.session import Session
from anyvideo.validation import explain_unknown

_SOON = timedelta(days=90)
_VARIABLES = (
    "ANYVIDEO_HOME",
    "ANYVIDEO_CONFIG",
    "ANYVIDEO_MODEL",
    "ANYVIDEO_BLOCKED",
    "ANYVIDEO_TRACEBACK",
    *(f"ANYVIDEO_POLICY_{name.upper()}" for name in POLICY_FIELDS),
)


@frozen
class Finding:
    """A problem: its kind, its place in the settings, and what to do."""

    kind: str
    where: str
    message: str


Pair = tuple[Provider, Offer]


def check_settings(session: Session) -> list[Finding]:
    """Return every problem in the settings of a session."""
    findings = [*_check_variables(os.environ), *_check_plugins(session), *_check_names(session)]
    used: dict[str, list[Pair]] = {}
    for where, selector in _list_selectors(session):
        try:
            used[where] = select(session, selector)
        except AnyVideoError as error:
            findings.append(Finding("unknown", where, f"{error}{hint(error)}"))
    for where, pairs in used.items():
        findings.extend(_check_offers(session, where, pairs))
    for name in session.config.routes:
        pairs = [
            pair
            for where, found in used.items()
            if where.startswith(f"routes.{name}.")
            for pair in found
        ]
        findings.extend(_check_route(f"routes.{name}", [offer for _, offer in pairs]))
    findings.extend(_check_keys(session, used))
    return findings


def check_journal(session: Session) -> Iterator[Finding]:
    """Open the journal; find it on a file system that hosts share.

    Raises:
        JournalError: it cannot be opened.
    """
    path = Path(require_journal(session).path)
    if kind := find_network_file_system(path):
        message = (
            f"{path} is on a network file system ({kind}): keys, budgets and sending at most once "
            "hold on one host only; set ANYVIDEO_HOME to a folder of a local disk, or share a journal in Postgres"
        )
        yield Finding("journal", "ANYVIDEO_HOME", message)


def _list_selectors(session: Session) -> Iterator[tuple[str, str]]:
    """Yield each selector of the settings with its place; a route yields each of its models."""
    config = session.config
    if config.model is not None and config.model not in config.routes:
        yield "model", config.model
    for name, route in config.routes.items():
        for number, model in enumerate(route.models):
            yield f"routes.{name}.models[{number}]", model


def _check_variables(environ: Mapping[str, str]) -> Iterator[Finding]:
    for name in environ:
        if name.startswith("ANYVIDEO_") and name not in _VARIABLES:
            message = format_nearest(name, _VARIABLES) or "anyvideo reads no such variable"
            yield Finding("unknown", f"${name}", message)


def check_job_file(session: Session, name: str) -> Iterator[Finding]:
    """Yield the problems of a job file: wrong fields and vendor options, and a refused job."""
    try:
        job = VideoJob.from_json(read_text(name, "the job"))
        for owner in job.options:
            if owner not in session.registry.adapters:
                message = explain_unknown(owner, sorted(session.registry.adapters))
                yield Finding("unknown", f"{name}: options", message)
        if session.config.model is not None:
            plan_candidates(session, job, None)
    except AnyVideoError as error:
        yield Finding("wrong", name, f"{error}{hint(error)}")


def _check_plugins(session: Session) -> Iterator[Finding]:
    for plugin in session.registry.plugins:
        if plugin.state in {"failed", "clash"}:
            yield Finding("plugin", plugin.name, plugin.error)


def _check_names(session: Session) -> Iterator[Finding]:
    """Find overrides and blocked plugins that name nothing, and so do nothing."""
    providers = session.providers
    known = {*providers, *(provider.adapter.name for provider in providers.values())}
    for number, row in enumerate(session.config.offers):
        owner = row.get("provider", row.get("adapter"))
        if owner not in known:
            message = f"unknown provider {owner!r}; there are {', '.join(sorted(known))}"
            yield Finding("unknown", f"offers[{number}]", message)
    plugins = session.registry.plugins
    names = {name for plugin in plugins for name in (plugin.name, plugin.distribution)}
    for name in session.config.plugins.blocked:
        if name not in names:
            message = f"unknown plugin {name!r}; there are {', '.join(sorted(names))}"
            yield Finding("unknown", "plugins.blocked", message)


def _check_offers(session: Session, where: str, pairs: Iterable[Pair]) -> Iterator[Finding]:
    """Find models that are or will soon be retired, and prices not checked for 90 days.

    A selector of several offers is reported only when the last of them retires.
    """
    pairs, today = list(pairs), session.today
    live = [pair for pair in pairs if not pair[1].retired or pair[1].retired.on > today]
    for _, offer in pairs if not live else [pair for pair in live if len(live) == 1]:
        if offer.retired and offer.retired.on <= today:
            yield Finding("retired", where, f"{offer.name}: {offer.retired}")
        elif offer.retired and offer.retired.on <= today + _SOON:
            words = str(offer.retired).replace("retired on", "will be retired on")
            yield Finding("retired", where, f"{offer.name}: {words}")
    for _, offer in live:
        prices = [tier.price for tier in offer.tiers if tier.price and tier.price.checked]
        checked = min((price.checked for price in prices if price.checked), default=None)
        if checked is not None and (today - checked).days > STALE_AFTER_DAYS:
            message = f"{offer.name}: its price was last checked on {checked}; look it up and override it with [[offers]]"
            yield Finding("stale", where, message)


def _check_route(where: str, offers: Sequence[Offer]) -> Iterator[Finding]:
    """Find what the first choice of a route can do and a later one cannot."""
    for number, offer in enumerate(offers[1:], 2):
        if gaps := "; ".join(find_gaps(offers[0], offer)):
            message = f"{offer.name}, choice {number}, cannot do what {offers[0].name} can: {gaps}"
            yield Finding("route", where, message)


def _check_keys(session: Session, used: Mapping[str, list[Pair]]) -> Iterator[Finding]:
    """Find the accounts that the settings use and that have no key."""
    named = {alias: f"providers.{alias}" for alias in session.config.providers}
    for where, pairs in used.items():
        for provider, _ in pairs:
            named.setdefault(provider.alias, where)
    for alias, where in named.items():
        account = session.providers.get(alias)  # None if its plugin failed
        if account is not None and account.find_key() is None:
            yield Finding("key", where, f"{alias} has no key: set {account.api_key.env}")
