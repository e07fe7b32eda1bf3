"""What a run that records may do: which scenarios, with which keys, and for how much money."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pytest

from anyvideo.testing import adapter
from tests.cassettes.scenario import KEYS, Scenario

BUDGET = "ANYVIDEO_RECORD_BUDGET"


def read_budget(environ: Mapping[str, str]) -> Decimal:
    """Return what all jobs of the day may cost in USD, the currency of every built-in offer.

    Raises:
        pytest.UsageError: no amount is stated.
    """
    amount, _, currency = environ.get(BUDGET, "").partition(" ")
    try:
        money = Decimal(amount)
    except InvalidOperation:
        money = Decimal(0)
    if currency != "USD" or not (money.is_finite() and money > 0):
        message = f'recording sends real jobs: state what they may cost, {BUDGET}="2.00 USD"'
        raise pytest.UsageError(message)
    return money


def check_mode(mode: str | None, environ: Mapping[str, str]) -> bool:
    """Say whether a run records.

    Raises:
        pytest.UsageError: it would add to a cassette, or no amount is stated.
    """
    if mode in {None, "none"}:
        return False
    if mode != "rewrite":
        message = f"--record-mode={mode} keeps old answers; record with --record-mode=rewrite"
        raise pytest.UsageError(message)
    read_budget(environ)
    return True


def explain_skip(scenario: Scenario, kind: str, environ: Mapping[str, str]) -> str | None:
    """Return why a scenario is not recorded, or None if it is."""
    if kind != "sync":
        return "a cassette is recorded once, with the blocking client"
    if not scenario.live:
        return "no vendor gives these answers to whoever asks: a fault, or a model that is retired"
    name = adapter(scenario.adapter).key_env
    if not scenario.literal_keys and not environ.get(name):
        return f"{name} is not set"
    return None


def skip_unrecordable(items: Iterable[pytest.Item], environ: Mapping[str, str]) -> None:
    """Skip before any fixture is made: pytest-recording removes the old cassette in one."""
    for item in items:
        if item.get_closest_marker("vcr") is not None:
            values = item.callspec.params  # type: ignore[attr-defined]  # both are parameters
            reason = explain_skip(values["scenario"], values["kind"], environ)
            if reason is not None:
                item.add_marker(pytest.mark.skip(reason=reason))


def put_back(path: Path, old: bytes) -> None:
    """Put an old cassette back; what was recorded in its place stays beside it, as NAME.failed."""
    if path.exists():
        path.replace(path.with_suffix(".failed"))
    path.write_bytes(old)


def find_keys(environ: Mapping[str, str]) -> list[str]:
    """Return all keys that a recording may meet."""
    return [environ[name] for name in KEYS if environ.get(name)]


def plan_recording(scenario: Scenario, environ: Mapping[str, str]) -> dict[str, Any]:
    """Return the options of a client that records.

    The journal is the usual one, so that a paid job outlives the run. A key that nobody gave out
    buys nothing and needs no budget, which would refuse a job of unknown price.
    """
    if scenario.literal_keys:
        return {"journal": "default"}
    return {"journal": "default", "config": {"budget": {"money": str(read_budget(environ))}}}
