"""What Ark's error codes mean.

They come as `{"error": {"code", "message", "param", "type"}}` with an HTTP status, and as
`error: {"code", "message"}` of a task that failed, with HTTP 200. A code may go on after a dot:
`InputImageSensitiveContentDetected.PrivacyInformation`.

Source: https://docs.byteplus.com/en/docs/ModelArk/1299023. What the HTTP status says by itself is
not repeated, unless a failed task may have the code as well.
"""

from __future__ import annotations

from collections.abc import Mapping

from anyvideo.plugin import ErrorKind

_CODES: Mapping[ErrorKind, str] = {
    "content_policy": "SensitiveContentDetected"
    " InputTextSensitiveContentDetected InputImageSensitiveContentDetected"
    " InputVideoSensitiveContentDetected InputAudioSensitiveContentDetected"
    " OutputTextSensitiveContentDetected OutputImageSensitiveContentDetected"
    " OutputVideoSensitiveContentDetected OutputAudioSensitiveContentDetected"
    " InputTextRiskDetection InputImageRiskDetection OutputTextRiskDetection"
    " OutputImageRiskDetection",
    # Two are a 429 that waiting does not end: the account's limit for the model, and that of a plan.
    "insufficient_funds": "AccountOverdueError OperationDenied.ServiceOverdue SetLimitExceeded"
    " AccountQuotaExceeded",
    "invalid_request": "InvalidParameter MissingParameter InvalidArgumentError InvalidImageURL"
    " OutofContextError InvalidAction",
    "model_unavailable": "ModelNotOpen InvalidEndpointOrModel InvalidEndpoint UnsupportedModel"
    " OperationDenied.ServiceNotOpen",
    "permission": "AccessDenied InvalidAccountStatus",
    "rate_limited": "RateLimitExceeded AccountRateLimitExceeded RequestBurstTooFast"
    " InflightBatchsizeExceeded",
    "server": "InternalServiceError ContentSecurityDetectionError",
    "timeout": "APITimeoutError",
}
KINDS: Mapping[str, ErrorKind] = {
    # QuotaExceeded is said of a full queue too, which waiting does end.
    "free trial quota": "insufficient_funds",
    **{code: kind for kind, codes in _CODES.items() for code in codes.split()},
}
"""The kind of each code, or of words in a message."""
