"""The kit that third parties use, held to the adapter of Vidu."""

import pytest

from anyvideo.testing import Conformance, answer
from anyvideo_plugins.vidu.videos import Vidu
from tests.plugins.vidu.test_answers import CREATED, DONE, refuse

pytestmark = pytest.mark.volume

WORDS = {
    "created": "queued",
    "queueing": "queued",
    "processing": "running",
    "success": "succeeded",
    "failed": "failed",
}


class TestVidu(Conformance):
    """The answers of https://platform.vidu.com/docs."""

    adapter = Vidu()
    words = WORDS
    accepted = answer(CREATED)
    running = answer({"state": "processing", "err_code": "", "credits": 4, "creations": []})
    succeeded = answer(DONE)
    failed = answer({"state": "failed", "err_code": "CreationPolicyViolation", "creations": []})
    refused = (
        refuse(400, "CreditInsufficient", "insufficient credits"),
        refuse(400, "AuditSubmitIllegal", "submit is illegal"),
        refuse(401, "Unauthorized", "unauthorized"),
        refuse(429, "TooManyRequests", "too many requests"),
    )
