"""What the gateway answers when something goes wrong: OpenAI's envelope, and whether to repeat.

An SDK repeats what is answered with 408, 409, 429 or 5xx, unless `x-should-retry` says otherwise. An
answer to a request that may have cost money therefore always says "false". Only an answer that proves
that nothing was sent, and where waiting helps, says "true".
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import NoReturn

from attrs import evolve, field, frozen

from anyvideo.errors import (
    AnyVideoError,
    BudgetError,
    CrowdedError,
    DownloadError,
    ErrorKind,
    ExpiredError,
    JobError,
    NegotiationError,
    ProviderError,
    UnsupportedError,
)

logger = logging.getLogger("anyvideo")

# How long a client waits that has too many jobs under way, in seconds.
_WAIT = 5
_SERVER = "server_error"
_REQUEST = "invalid_request_error"


@frozen
class Failure:
    """One answer in OpenAI's envelope.

    Attributes:
        status: The HTTP status.
        message: What is wrong, on one line.
        code: The machine's word for it.
        param: The field that it is about.
        type: OpenAI's kind of error.
        wait: After how many seconds a repeat helps; None where none does.
    """

    status: int
    message: str
    code: str | None = None
    param: str | None = None
    type: str = _REQUEST
    wait: int | None = None
    headers: Mapping[str, str] = field(factory=dict[str, str])

    def to_mapping(self) -> dict[str, object]:
        """Return the body of the answer."""
        known = {"message": self.message, "type": self.type, "param": self.param, "code": self.code}
        return {"error": known}

    def list_headers(self, *, pays: bool) -> dict[str, str]:
        """Return the headers of the answer to a request, which pays or does not."""
        if self.wait is not None:
            return {"retry-after": str(self.wait), "x-should-retry": "true", **self.headers}
        return {**({"x-should-retry": "false"} if pays else {}), **self.headers}


class RefusedError(Exception):
    """A request is refused; nothing was sent."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


def refuse(
    message: str, *, status: int = 400, code: str | None = None, param: str | None = None
) -> NoReturn:
    """Refuse a request by raising a RefusedError."""
    raise RefusedError(Failure(status, message, code, param))


class ForbiddenError(NegotiationError):
    """The key may not use an offer."""


# What an error of a vendor is for the client: the status, and OpenAI's kind. The accounts at the
# vendors are the operator's, so what is wrong with them is an error of the gateway.
_KINDS: Mapping[ErrorKind, tuple[int, str]] = {
    "invalid_request": (400, _REQUEST),
    "content_policy": (400, _REQUEST),
    "not_found": (400, _REQUEST),
    "model_unavailable": (400, _REQUEST),
    "rate_limited": (429, "rate_limit_error"),
    "auth": (502, _SERVER),
    "permission": (502, _SERVER),
    "insufficient_funds": (502, _SERVER),
    "server": (502, _SERVER),
    "malformed": (502, _SERVER),
    "timeout": (504, _SERVER),
}
_CODES: Mapping[ErrorKind, str] = {"content_policy": "moderation_blocked"}
_OURS = "the gateway cannot do this now; its operator finds the reason in its log"


def explain(error: BaseException) -> Failure:
    """Return what a client is told of an error; what only the operator can repair is logged."""
    if isinstance(error, RefusedError):
        return error.failure
    if isinstance(error, ProviderError):
        return _explain_vendor(error)
    if isinstance(error, NegotiationError) and error.advice == "list_models":
        return Failure(404, str(error), "model_not_found", "model")
    if isinstance(error, JobError) and error.task is not None:
        return Failure(400, str(error), "idempotency_key_reused")
    for kind, answer in _ANSWERS:
        if isinstance(error, kind):
            return evolve(answer, message=str(error))
    ours = isinstance(error, AnyVideoError)
    if ours:
        logger.warning("%s", error)
    else:
        logger.error("the gateway failed", exc_info=error)
    return Failure(500, _OURS, type(error).__name__ if ours else "internal_error", type=_SERVER)


def _explain_vendor(error: ProviderError) -> Failure:
    status, kind = _KINDS[error.kind]
    code = _CODES.get(error.kind, error.kind)
    if status >= 500:
        logger.warning("%s", error)
    headers = {} if error.retry_after is None else {"retry-after": f"{error.retry_after:.0f}"}
    return Failure(status, f"{error.provider}: {error.message}", code, type=kind, headers=headers)


_ANSWERS: tuple[tuple[type[AnyVideoError], Failure], ...] = (
    (ForbiddenError, Failure(403, "", "model_not_allowed", "model")),
    (NegotiationError, Failure(400, "", "unsupported_job")),
    (JobError, Failure(400, "", "invalid_job")),
    (UnsupportedError, Failure(400, "", "unsupported")),
    (CrowdedError, Failure(429, "", "rate_limit_exceeded", type="rate_limit_error", wait=_WAIT)),
    (BudgetError, Failure(429, "", "insufficient_quota", type="insufficient_quota")),
    (ExpiredError, Failure(404, "", "video_expired")),
    (DownloadError, Failure(502, "", "download_failed", type=_SERVER)),
)
