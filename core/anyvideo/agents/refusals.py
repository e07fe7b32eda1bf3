"""Why a tool refuses, and every error as one line with a kind."""

from __future__ import annotations

import re
from typing import Literal

from anyvideo import errors
from anyvideo.printable import make_line

RefusalKind = Literal[
    "unknown_tool",
    "unknown_quote",
    "limit",
    "declined",
    "unknown_job",
    "not_finished",
    "no_video",
    "too_large",
]

_WORDS = re.compile(r"(?<!^)(?=[A-Z])")
# What a model does next, where the message does not say it. Commands are the person's.
_ADVICE: dict[errors.Advice, str] = {
    "list_jobs": "list_jobs lists all jobs",
    "list_models": "models lists all models",
    "name_model": "name one as model; models lists them",
    "set_key": "the person who started this server sets the key",
}


class ToolRefusedError(errors.AnyVideoError):
    """A tool refuses what it was asked for; nothing was sent.

    Attributes:
        kind: Why, in one word.
    """

    def __init__(self, message: str, *, kind: RefusalKind) -> None:
        super().__init__(message)
        self.kind: RefusalKind = kind


def name_kind(error: Exception) -> str:
    """Return the kind of an error in one word, such as "limit", "auth" or "negotiation"."""
    if isinstance(error, ToolRefusedError | errors.ProviderError | errors.ExpiredError):
        return error.kind
    if not isinstance(error, errors.AnyVideoError):
        return "internal"
    if isinstance(error, errors.JobError):
        return "invalid"
    return _WORDS.sub("_", type(error).__name__.removesuffix("Error")).lower()


def explain(error: Exception) -> str:
    """Return one line that says what went wrong and what to do; nothing of an error that is not ours."""
    if not isinstance(error, errors.AnyVideoError):
        return "this server made a mistake; its log says which, and list_jobs says what was sent"
    advice = _ADVICE.get(error.advice, "") if error.advice else ""
    return make_line(f"{error}; {advice}" if advice else str(error))
