"""Turns any answer of a vendor into a typed error.

Three things decide. The words of the envelope (codes, types, what a message begins with) say most,
the innermost first, because a gateway wraps what really happened. A vague word, such as
`server_error`, says less than a clear HTTP status. The text of a message may overrule both, where
`_MAY_SAY` lets it.

An error about the gateway's own key, rights or account at the vendor behind it is `server`: the
caller's key is not the cause.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from anyvideo.dialects.envelope import ErrorLevel, clean, find_request_id, open_envelope
from anyvideo.dialects.retry_after import read_retry_after
from anyvideo.errors import ErrorKind, ProviderError
from anyvideo.model.wire import Response
from anyvideo.outcomes import UNPROCESSED, judge_answer
from anyvideo.tasks.report import TaskError

# Sources: https://github.com/apertis-ai/docs, help/error-codes; the manual on https://docs.apiyi.com;
# the error types on https://docs.apimart.ai; the codes of tasks and of the relay in
# https://github.com/QuantumNous/new-api, as of August 2026; and what https://github.com/BerriAI/litellm
# puts before the message of the vendor behind it, such as "litellm.RateLimitError: ... - {json}".
_WORDS: dict[ErrorKind, str] = {
    "content_policy": "content_policy_violation content_policy_error sentinel_block nsfw_content"
    " moderation_blocked nsfw_content_detected content_filter moderation_error"
    " sensitive_words_detected prompt_blocked video_unsafe auditsubmitillegal"
    " taskpromptpolicyviolation creationpolicyviolation"
    " litellm.contentpolicyviolationerror",
    "insufficient_funds": "insufficient_quota quota_exceeded insufficient_balance quota_not_enough"
    " insufficient_user_quota pre_consume_token_quota_failed billing_error payment_required"
    " payment_failed subscription_expired insufficient_credits billing_hard_limit_reached 605"
    " creditinsufficient"
    " budget_exceeded litellm.budgetexceedederror",
    "model_unavailable": "model_not_found model_price_error model_mapping_failed"
    " channel_not_found task_channel_disable invalid_api_platform",
    "auth": "invalid_api_key missing_api_key expired_api_key authentication_error auth_error"
    " unauthorized invalid_authentication unauthenticated"
    " litellm.authenticationerror",
    "permission": "access_denied model_access_denied ip_not_allowed account_suspended"
    " permission_error permission_denied"
    " litellm.permissiondeniederror",
    "not_found": "task_not_exist task_origin_not_exist endpoint_not_found artifact_not_found"
    " task_not_found not_found"
    " litellm.notfounderror",
    "rate_limited": "rate_limit_exceeded rate_limit_error too_many_requests resource_exhausted"
    " litellm.ratelimiterror",
    "timeout": "deadline_exceeded litellm.timeout",
    "invalid_request": "invalid_json invalid_request invalid_multipart_form missing_model"
    " invalid_size invalid_seconds invalid_duration invalid_parameter missing_parameter"
    " context_length_exceeded invalid_image output_length_exceeded parse_request_failed"
    " build_request_failed idempotency_key_reused invalid_argument invalid_value"
    " bad_request_body convert_request_failed read_request_body_failed"
    " litellm.badrequesterror litellm.unprocessableentityerror",
    "server": "internal_error upstream_error service_unavailable model_overloaded server_error"
    " bad_response_status_code get_channel_failed do_request_failed bad_gateway overloaded"
    " read_response_body_failed unmarshal_response_body_failed unmarshal_response_failed"
    " get_task_failed convert_to_openai_video_failed invalid_response gen_relay_info_failed"
    " bad_response bad_response_body empty_response not_implemented new_api_panic insert_task_failed system_cpu_overloaded unavailable"
    " artifact_not_ready artifact_plugin_error artifact_plugin_unavailable"
    # Not `rate_limited` and not `invalid_request`: the request before this one may have made a job.
    " idempotency_in_progress idempotency_result_indeterminate idempotency_unavailable"
    " no_db_connection litellm.internalservererror litellm.apiconnectionerror litellm.apierror"
    " litellm.serviceunavailableerror",
}
_KINDS: dict[str, ErrorKind] = {
    word: kind for kind, words in _WORDS.items() for word in words.split()
}
_STATUSES: dict[int, ErrorKind] = {
    401: "auth",
    402: "insufficient_funds",
    403: "permission",
    404: "not_found",
    408: "timeout",
    410: "not_found",
    425: "rate_limited",
    429: "rate_limited",
    499: "timeout",  # the gateway gave up, and whoever it asked may not have
    504: "timeout",
    522: "timeout",
    524: "timeout",
}
_TEXTS: dict[ErrorKind, str] = {
    "content_policy": r"moderat(ion|ed)|content[ _]polic|(?<!case[- ])(?<!in)sensitive|\bnsfw"
    r"|safety (system|filter|check|polic)|risk control|prohibited (content|word)|guardrail"
    r"|content (was )?rejected|policy violation|violat\w+.{0,40}(polic|guideline|terms)"
    r"|didn't look right|responsible ai|审核|敏感|违规|违禁",
    "insufficient_funds": r"insufficient.{0,30}(balance|quota|credit|fund)|(balance|quota|"
    r"credits?|funds?)\b.{0,60}\b(not enough|insufficient|exhausted|too low)|exceeded your"
    r" current quota|(not|n't) (have )?enough (balance|quota|credit)|out of credits"
    r"|exhausted (your )?(balance|quota|credit)|余额不足|额度不足"
    r"|额度已用尽|额度用尽|配额不足|积分不足|预扣费额度|欠费",
    "model_unavailable": r"no available channel|invalid model name|(无|没有)可用(的)?渠道|no longer available"
    r"|models?\W{1,3}(\S{1,100}\W{1,3})?((is|was|has been|does|are) )?(not (found|exist|supported"
    r"|available)|doesn't exist|offline|deprecated|retired|discontinued)"
    r"|(unknown|unsupported|no such) model\b|模型.{0,20}(不存在|下线)",
    "not_found": r"task.{0,40}not (found|exist)|任务不存在|无效的任务|not exist or.{0,20}expired",
    "rate_limited": r"rate limit|too many requests|请求过于频繁|负载已饱和|限流",
    "auth": r"(invalid|incorrect|missing) (api )?(key|token)|api key is required|unauthorized"
    r"|not logged in|无效的令牌|未提供令牌|未登录",
    "timeout": r"timed? ?out|超时|deadline exceeded",
    "invalid_request": r"invalid request error|missing required",
}
# The kinds that the text of a message may put in place of the kind that words and status gave, in
# the order in which they are tried; None is for an error of which nothing else is known.
_MAY_SAY: Mapping[ErrorKind | None, tuple[ErrorKind, ...]] = {
    None: tuple(_TEXTS),
    "server": ("content_policy", "insufficient_funds", "model_unavailable"),
    "invalid_request": ("content_policy", "insufficient_funds", "model_unavailable", "not_found"),
    "auth": ("insufficient_funds",),
    "permission": ("insufficient_funds", "content_policy"),
    "rate_limited": ("rate_limited", "insufficient_funds"),
    "not_found": ("model_unavailable",),
}
_DECISIVE = frozenset({"content_policy", "insufficient_funds", "model_unavailable"})
_VAGUE = frozenset({"server", "invalid_request", "malformed"})
_CALLERS = frozenset({"auth", "permission", "insufficient_funds"})
_PASSING = frozenset({"rate_limited", "server", "timeout", "malformed"})
_RELAYED = re.compile(r"fail_to_fetch_task|channel:.*", re.IGNORECASE)
_BLOCKED = re.compile(r"error code:? ?10\d\d|cloudflare|just a moment", re.IGNORECASE)


def diagnose(
    response: Response,
    *,
    paid: bool = False,
    relayed: bool = False,
    kinds: Mapping[str, ErrorKind] | None = None,
) -> ProviderError:
    """Return the error that an answer means; even if its status is 2xx.

    Args:
        response: The answer.
        paid: Whether the request may have created a job: then only what provably created none is
            retryable.
        relayed: Whether the body is known to be that of the vendor behind the gateway.
        kinds: The vendor's own words, each with its kind. A word is a code, a type or a status, or
            begins one before a dot; several words are looked for in the message.
    """
    body = _read_body(response)
    levels = open_envelope(body)
    kind, code = _judge(levels, _judge_status(response.status), relayed=relayed, kinds=kinds)
    if kind is None:
        kind = "server" if any(levels) and not isinstance(body, str) else "malformed"
    wait = read_retry_after(response, body)
    outer = next((level.code.lower() for level in levels if level.code), "")
    outcome = judge_answer(kind, response.status, outer, wait)
    return ProviderError(
        kind,
        _describe(response, levels),
        status=response.status,
        code=code,
        request_id=find_request_id(response, body),
        retry_after=wait,
        retryable=outcome is UNPROCESSED if paid else _may_repeat(kind, response.status),
    )


def _read_body(response: Response) -> object:
    try:
        return response.json()
    except ValueError:
        return response.text


def diagnose_failure(
    error: object,
    *,
    relayed: bool = False,
    status: int | None = None,
    kinds: Mapping[str, ErrorKind] | None = None,
) -> TaskError | None:
    """Return why a job failed, from the error object or text of a status answer, if it says so.

    `relayed` as in `diagnose`: once a job was accepted, the key and the account that it fails for
    are the gateway's own. `status` is the HTTP status with which the vendor says so, and `kinds`
    are as in `diagnose`.
    """
    levels = open_envelope(error)
    if not any(levels):
        return None
    known = None if status is None else _judge_status(status)
    kind, code = _judge(levels, known, relayed=relayed, kinds=kinds)
    message = next((level.message for level in reversed(levels) if level.message), "")
    return TaskError(kind or ("server" if message else None), code, message)


def _judge_status(status: int) -> ErrorKind | None:
    """Return what an HTTP status means by itself; None for success."""
    if 200 <= status < 300:
        return None
    if not 400 <= status < 600:
        return "malformed"
    return _STATUSES.get(status, "invalid_request" if status < 500 else "server")


def _judge(
    levels: tuple[ErrorLevel, ...],
    kind: ErrorKind | None,
    *,
    relayed: bool,
    kinds: Mapping[str, ErrorKind] | None = None,
) -> tuple[ErrorKind | None, str | None]:
    """Return the kind, and the code that says so; else the outermost code."""
    outer = next((level.code for level in levels if level.code), None)
    if kinds and (taught := _find_taught(levels, kinds)):
        return taught[0], taught[1] or outer
    code, found = outer, _find_word(levels)
    if found is not None and (kind is None or kind in _VAGUE or found[0] not in _VAGUE):
        kind, code = found[0], found[1] or outer
    text = "\n".join(said for level in levels for said in _list_texts(level))
    heard: tuple[ErrorKind, ...] = _MAY_SAY.get(kind, ())
    said: ErrorKind | None = next(
        (other for other in heard if re.search(_TEXTS[other], text, re.IGNORECASE)), None
    )
    if said is not None and said != kind:
        kind, code = said, outer
    if kind in _CALLERS and (relayed or any(map(_is_relayed, levels))):
        kind, code = "server", outer
    return kind, code


def _find_taught(
    levels: tuple[ErrorLevel, ...], kinds: Mapping[str, ErrorKind]
) -> tuple[ErrorKind, str] | None:
    """Return the kind that the vendor's own words have, and the code if it is one of them."""
    for level in reversed(levels):
        for name, kind in kinds.items():
            wanted = name.lower()
            for word in (level.code, level.type, level.status):
                if word.lower() == wanted or word.lower().startswith(f"{wanted}."):
                    return kind, word if word == level.code else ""
            if " " in wanted and wanted in level.message.lower():
                return kind, ""
    return None


def _is_relayed(level: ErrorLevel) -> bool:
    """Say whether a gateway passes on what the vendor behind it said."""
    behind = level.message.lower().startswith("litellm.") and "exception" in level.message.lower()
    return behind or _RELAYED.fullmatch(level.code) is not None


def _find_word(levels: tuple[ErrorLevel, ...]) -> tuple[ErrorKind, str] | None:
    """Return the kind that the envelope's words give, and the code if it is one that says so."""
    found: list[tuple[ErrorKind, str, bool]] = []
    for level in reversed(levels):
        status = level.status.replace(" ", "_")
        for word in (level.message.partition(":")[0], level.code, level.type, status):
            known = _KINDS.get(word.lower())
            kind = known or _judge_number(word)
            if kind is not None:
                spoken = word if word == level.code and not word.isdecimal() else ""
                found.append((kind, spoken, known is None))
    # A code that repeats the HTTP status says no more than that; a word says more.
    best = min(found, key=lambda item: (_rank(item[0]), item[2]), default=None)
    return None if best is None else best[:2]


def _list_texts(level: ErrorLevel) -> Iterator[str]:
    """Yield the message, and the words that no table knows, as text."""
    yield level.message
    for word in (level.code, level.type):
        if word.lower() not in _KINDS:
            yield word.replace("_", " ")


def _rank(kind: ErrorKind) -> int:
    return 0 if kind in _DECISIVE else 2 if kind in _VAGUE else 1


def _judge_number(word: str) -> ErrorKind | None:
    """Return the kind of a code that repeats an HTTP status."""
    if not (word.isdecimal() and len(word) == 3 and word[0] in "45"):
        return None
    return _judge_status(int(word))


def _describe(response: Response, levels: tuple[ErrorLevel, ...]) -> str:
    if response.status == 403 and _BLOCKED.search(response.text[:20000]):
        return "blocked before it reached the vendor; set user_agent for this provider"
    if 300 <= response.status < 400:
        return f"redirected to {clean(response.headers.get('location', '?'))}"
    if response.ok and response.text.lstrip()[:1] == "<":
        return "answered with a web page, not with JSON"
    messages = [level.message for level in levels if level.message]
    return messages[-1] if messages else f"answered with HTTP {response.status} and no reason"


def _may_repeat(kind: ErrorKind, status: int) -> bool:
    """Say whether a call that creates nothing is worth another try."""
    return kind in _PASSING and status != 501 and not 300 <= status < 400
