"""Why a value was changed or refused, in words."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
from attrs import frozen

from anyvideo.model.media import Character


@frozen
class Adjustment:
    """One field that the policy allowed to change.

    Attributes:
        field: The name of the field.
        asked: What the job asked for.
        granted: What is sent instead, None where the field is left out.
        reason: Why, in words.
        change: How large the difference is, from 0; compares adjustments of one field.
    """

    field: str
    asked: object
    granted: object
    reason: str
    change: float = attrs.field(default=1.0, repr=False)

    @classmethod
    def about(
        cls, name: str, asked: object, granted: object, accepted: str, change: float
    ) -> Adjustment:
        """Return the adjustment of a field, with the accepted values in words as its reason."""
        reason = f"accepted: {accepted}" if accepted else "cannot be chosen here"
        return cls(name, asked, granted, reason, change)

    def __str__(self) -> str:
        """Return "seconds 7 -> 8 (accepted: 4, 8, 12)"."""
        granted = "left out" if self.granted is None else self.granted
        return f"{self.field} {say(self.asked)} -> {say(granted)} ({self.reason})"


@frozen
class Reason:
    """One reason why an offer cannot take a job, and what it would take instead.

    Attributes:
        field: The name of the field.
        asked: What the job asked for.
        accepted: The values that the offer accepts, in words.
        text: The whole reason, in words.
    """

    field: str
    asked: object
    accepted: tuple[str, ...]
    text: str

    @classmethod
    def about(cls, name: str, asked: object, accepted: tuple[str, ...]) -> Reason:
        """Return the reason that a field's value is not among the accepted ones."""
        if not accepted:
            return cls(name, asked, (), f"{name} cannot be chosen here; leave it out")
        text = f"{name} {say(asked)} is not available; accepted: {join_values(accepted)}"
        return cls(name, asked, accepted, text)

    def widen(self, others: Sequence[Reason], available: Sequence[str], *, always: bool) -> Reason:
        """Return the reason for several tiers from those of each, and the values of all tiers.

        `always` says that every tier has such a reason; otherwise it holds beside the rest of the
        job alone.
        """
        accepted = tuple(dict.fromkeys(value for other in others for value in other.accepted))
        if not available:
            text = self.text if always else f"together with the rest of this job, {self.text}"
            return Reason(self.field, self.asked, self.accepted, text)
        if self != self.about(self.field, self.asked, self.accepted):
            return self  # it has words of its own, which say more
        if say(self.asked) not in available:
            return self.about(self.field, self.asked, tuple(available))
        text = f"{self.field} {say(self.asked)} is not available together with the rest of this job"
        text += f"; accepted with it: {join_values(accepted)}" if accepted else "; leave it out"
        return Reason(self.field, self.asked, accepted, text)

    def __str__(self) -> str:
        """Return the reason in words."""
        return self.text


def say(value: object) -> str:
    """Return a value in words: "on", "8", "720p"."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, Character):
        return value.url or f"from task {value.from_task}"
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def join_values(values: Sequence[str]) -> str:
    """Return values in words: "4, 8, 12", and "1 to 15" for whole numbers without a gap."""
    if len(values) > 3 and all(value.isdecimal() for value in values):
        numbers = [int(value) for value in values]
        if numbers == list(range(numbers[0], numbers[-1] + 1)):
            return f"{numbers[0]} to {numbers[-1]}"
    return ", ".join(values)
