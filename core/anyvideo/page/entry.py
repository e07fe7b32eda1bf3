"""What a page shows: plain values, which know nothing of jobs, journals or vendors."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Literal

from attrs import frozen

Kind = Literal["clips", "prices"]


@frozen(kw_only=True)
class PageEntry:
    """One clip, or one offer that would make one.

    Attributes:
        name: What it is called: the offer, such as "apiyi/sora-2".
        provider: The account.
        family: The family of the model.
        tier: The class of its picture, such as "720p"; "" where the vendor chooses.
        prompt: The text of the job.
        asked: What was asked for, in words.
        adjustments: What was changed to fit the offer, in words.
        delivered: What was delivered or is granted, in words.
        quoted: What it was to cost.
        confidence: Whether that is exact, a ceiling, an estimate or unknown.
        billed: What it cost.
        currency: The currency of both amounts.
        counts: Whether it may cost what was quoted: not for an order that was free or never sent.
        seconds: From the order to the end, in seconds.
        state: Where it stands, in a word or two.
        error: Why there is no clip.
        clip: The file, which may be missing.
        made: When it was ordered.
    """

    name: str
    provider: str
    family: str
    tier: str = ""
    prompt: str = ""
    asked: str = ""
    adjustments: tuple[str, ...] = ()
    delivered: str = ""
    quoted: Decimal | None = None
    confidence: str = "unknown"
    billed: Decimal | None = None
    currency: str = "USD"
    counts: bool = True
    seconds: float | None = None
    state: str = ""
    error: str = ""
    clip: Path | None = None
    made: datetime | None = None

    @property
    def cost(self) -> Decimal | None:
        """The bill, or else the quote; None where nothing is to be paid or that is not known."""
        if self.billed is not None:
            return self.billed
        return self.quoted if self.counts else None


@frozen
class PageRefusal:
    """An offer that does not take the job.

    Attributes:
        name: The offer.
        why: Its reasons.
        instead: What it would take.
    """

    name: str
    why: str
    instead: str = ""


@frozen
class Page:
    """A page.

    Attributes:
        title: Its heading.
        kind: Whether it shows clips, or prices before there are clips.
        entries: What it shows.
        refusals: The offers that do not take the job.
        prompt: The text of the job, where all entries have the same.
        note: A line under the heading.
    """

    title: str
    kind: Kind
    entries: tuple[PageEntry, ...]
    refusals: tuple[PageRefusal, ...] = ()
    prompt: str = ""
    note: str = ""
