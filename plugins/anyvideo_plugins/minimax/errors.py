"""What MiniMax's error codes mean: one list of numbers for both wires.

    {"base_resp": {"status_code": 1008, "status_msg": "insufficient balance"}}          v1, HTTP 200
    {"type": "error", "error": {"type", "message": "insufficient balance (1008)", "http_code": "402"},
     "request_id": "..."}                                                               v2, HTTP 402
    {"task": {"error": {"code": "1026", "message": "..."}}}                             v2, a task

In the second the number ends the message. Sources: https://platform.minimax.io/docs/api-reference/errorcode,
the pages of each operation, and https://github.com/MiniMax-AI/cli, src/errors/api.ts, for 1028, 1030 and 2061.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, TypeAlias

from anyvideo.plugin import ProviderError, Response, diagnose

Kind: TypeAlias = Literal[
    "auth",
    "content_policy",
    "insufficient_funds",
    "invalid_request",
    "model_unavailable",
    "not_found",
    "rate_limited",
    "server",
    "timeout",
]

_NUMBERS: Mapping[Kind, str] = {
    "auth": "1004 2049",
    "content_policy": "1026 1027",
    # 2056 is the usage limit of a plan, which only its next period ends.
    "insufficient_funds": "1008 1028 1030 2056",
    # 1042 is a prompt of too many invisible characters.
    "invalid_request": "2013 1042",
    # A plan that does not include the model.
    "model_unavailable": "2061",
    # 1039 is the limit of tokens in a minute, 1041 of connections, 2045 of how fast calls grow.
    "rate_limited": "1002 1039 1041 2045",
    "server": "1000 1013 1024 1033",
    "timeout": "1001",
}
_TYPES: Mapping[str, Kind] = {
    "authorized_error": "auth",
    "insufficient_balance_error": "insufficient_funds",
    "unprocessable_entity_error": "content_policy",
    "rate_limit_error": "rate_limited",
    "bad_request_error": "invalid_request",
    "overloaded_error": "server",
    "server_error": "server",
}
_BY_NUMBER: Mapping[str, Kind] = {
    number: kind for kind, numbers in _NUMBERS.items() for number in numbers.split()
}
KINDS: Mapping[str, Kind] = {
    # An invalid parameter by its number (2013), as other projects recorded it.
    "unknown model": "model_unavailable",
    **_BY_NUMBER,
    **{f" ({number})": kind for number, kind in _BY_NUMBER.items()},
    **_TYPES,
}
"""The kind of each number, alone or at the end of a message, and of each type of an error."""
_LAST = re.compile(r"\((\d+)\)\s*$")
# A task is known for seven days; after that, the query is an invalid one (2013).
_GONE = re.compile(
    r"invalid (task|file)[ _]?id|\b(task|file)(_id)?\b.{0,20}\bnot (found|exist)", re.IGNORECASE
)


def explain(response: Response, *, paid: bool = False) -> ProviderError:
    """Return the error that an answer means, with the vendor's number as its code.

    `paid` marks the answer to a submit.
    """
    error = diagnose(response, paid=paid, kinds=KINDS)
    if number := _LAST.search(error.message):
        error.code = number[1]
    if not paid and error.kind == "invalid_request" and _GONE.search(error.message):
        error.kind = "not_found"
    return error


def miss_file(response: Response, what: str) -> ProviderError:
    """Return the error of an answer that calls a task a success without its video: ask again."""
    message = f"says that the task has succeeded, but not {what}"
    return ProviderError("malformed", message, status=response.status, retryable=True)
