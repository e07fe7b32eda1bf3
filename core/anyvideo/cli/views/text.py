"""Values in words: times, sizes, prices, paths, and the fields of a job.

Amounts of money have one form everywhere, that of `model.quote.format_amount`: exact, at least two
decimals, no other trailing zero, and the currency behind: "0.336 USD", "2.00 USD". Only the price of
a second is rounded. A job is named by its short ref (`exits.short_ref`), and by its full one in JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path

from anyvideo.config.schema import Config
from anyvideo.journal.history import Durations
from anyvideo.model.job import VideoJob
from anyvideo.model.quote import Quote, format_amount

_PREFERENCES = (
    "negative_prompt", "seed", "enhance_prompt", "upscale", "watermark", "private", "style",
)  # fmt: skip


def format_duration(seconds: float) -> str:
    """Return "45 s", "2 min 5 s" or "1 h 30 min"."""
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "min"), (0 if hours else rest, "s"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 s"


def format_usual(usual: float | None, own: Durations | None) -> str:
    """Return "3 min, yours 1 min 35 s": the offer's usual time, and that of the journal's jobs."""
    words = [] if usual is None else [format_duration(usual)]
    return ", ".join([*words, *([f"yours {format_duration(own.median)}"] if own else [])])


def format_moment(moment: datetime) -> str:
    """Return "2026-11-20 12:00 UTC"."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def format_bytes(size: int) -> str:
    """Return "75 kB", as disks count."""
    amount = float(size)
    for unit in ("B", "kB", "MB"):
        if amount < 999.5:
            return f"{amount:.3g} {unit}"
        amount /= 1000
    return f"{amount:.3g} GB"


def format_left(seconds: float) -> str:
    """Return how much longer a job usually takes."""
    return f"usually {format_duration(seconds)} more" if seconds >= 1 else "usually done by now"


def format_numbers(values: Iterable[float]) -> str:
    """Return "4, 8, 12", and "1-15" for three or more consecutive numbers."""
    runs: list[list[float]] = []
    for value in sorted(values):
        if runs and value == runs[-1][-1] + 1:
            runs[-1].append(value)
        else:
            runs.append([value])
    parts = (
        f"{run[0]:g}-{run[-1]:g}" if len(run) > 2 else ", ".join(f"{value:g}" for value in run)
        for run in runs
    )
    return ", ".join(parts)


def format_few(words: Iterable[str], most: int = 4) -> str:
    """Return the first words, and how many more there are."""
    listed = list(dict.fromkeys(words))
    more = f" +{len(listed) - most}" if len(listed) > most else ""
    return " ".join(listed[:most]) + more


def format_switch(value: bool) -> str:
    """Return "on" or "off"."""
    return "on" if value else "off"


def format_price(quote: Quote, today: date) -> str:
    """Return a quote with its basis and its date: "2.40 USD (8 s x 0.30 USD/s), price of ..."."""
    words = f"unknown: {quote.basis}" if quote.amount is None else f"{quote} ({quote.basis})"
    return f"{words}, price of {format_checked(quote, today)}" if quote.checked else words


def format_failures(quote: Quote) -> str:
    """Return whether a failed job is billed."""
    return {
        None: "whether a failed job is billed is not known",
        False: "a failed job is free",
        True: "a failed job is billed too",
    }[quote.failures_billed]


def format_checked(quote: Quote, today: date) -> str:
    """Return the date on which a price was checked, and "stale" if that is too long ago."""
    if quote.checked is None:
        return ""
    return f"{quote.checked}{' stale' if quote.is_stale(today) else ''}"


def format_rate(amount: Decimal, seconds: float | None) -> str:
    """Return the price of a second to a hundredth of a cent, a smaller one to three digits."""
    if not seconds:
        return ""
    rate = amount / Decimal(str(seconds))
    return format_amount(round(rate, max(4, 2 - rate.adjusted())))


def format_cost(amount: Decimal, currency: str) -> str:
    """Return "0.336 USD"."""
    return f"{format_amount(amount)} {currency}"


def list_preferences(job: VideoJob) -> Iterator[tuple[str, str]]:
    """Yield the other fields that the job sets, with their values in words."""
    for name in _PREFERENCES:
        value = getattr(job, name)
        if value is not None:
            words = format_switch(value) if isinstance(value, bool) else str(value)
            yield name.replace("_", " "), words
    if job.character is not None:
        yield "character", job.character.url or f"from task {job.character.from_task}"
    for image in job.images:
        source = (
            image.source
            if isinstance(image.source, str)
            else f"({format_bytes(len(image.source))})"
        )
        yield "image", f"{image.role} {source}"
    for owner, options in job.options.items():
        yield "options", f"{owner}: {', '.join(f'{key}={value}' for key, value in options.items())}"
    if job.metadata:
        yield "metadata", ", ".join(f"{key}={value}" for key, value in job.metadata.items())


def format_path(path: Path) -> str:
    """Return a path; one inside the working folder is relative to it."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def format_source(config: Config) -> str:
    """Return the file that the settings are from, or that there is none."""
    return config.source if Path(config.source).is_file() else "no config file; using defaults"


def format_nearest(name: str, known: Iterable[str]) -> str:
    """Return a question that names the nearest known name; "" if none is near."""
    near = get_close_matches(name, list(known), 1)
    return f"did you mean {near[0]}?" if near else ""
