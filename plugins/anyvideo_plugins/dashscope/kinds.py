"""What DashScope's error codes mean.

They come as `{"code", "message", "request_id"}`, with an HTTP status or with 200, and as `code` and
`message` in the `output` of a task that failed. A code may go on after a dot: `InvalidURL.Timeout`.

Source: https://help.aliyun.com/en/model-studio/error-code. What the HTTP status says by itself is not
repeated, unless a failed task may have the code as well.
"""

from __future__ import annotations

from collections.abc import Mapping

from anyvideo.plugin import ErrorKind

_CODES: Mapping[ErrorKind, str] = {
    "content_policy": "DataInspectionFailed data_inspection_failed InvalidParameter.DataInspection"
    " InternalError.DataInspection IPInfringementSuspect CustomRoleBlocked FaqRuleBlocked",
    # Some are a 403 or a 429 that waiting does not end.
    "insufficient_funds": "Arrearage AllocationQuota.FreeTierOnly CommodityNotPurchased"
    " PrepaidBillOverdue PostpaidBillOverdue",
    "timeout": "InternalError.Timeout RequestTimeOut",
    "auth": "InvalidApiKey invalid_api_key",
    "permission": "AccessDenied access_denied",
    "model_unavailable": "ModelNotFound model_not_found",
    "rate_limited": "Throttling LimitRequests limit_requests limit_burst_rate ServiceOverloaded"
    " ResourceExhausted",
    "invalid_request": "InvalidParameter InvalidURL InvalidFile InvalidImage BadRequest"
    " UnsupportedOperation",
    "server": "InternalError SystemError ModelServiceFailed ModelServingError ModelUnavailable"
    " RewriteFailed",
}
KINDS: Mapping[str, ErrorKind] = {
    # The codes of these say less than their words: an inspection that never saw the file, a free
    # quota that is used up, and two things that do not exist.
    "unable to download": "invalid_request",
    "free allocated quota": "insufficient_funds",
    "quota has been exhausted": "insufficient_funds",
    "model not exist": "model_unavailable",
    "task not found": "not_found",
    **{code: kind for kind, codes in _CODES.items() for code in codes.split()},
}
"""The kind of each code, or of words in a message; the first that fits."""
