"""The kit that third parties use, held to the adapter of Ark in both regions.

The answers are those of docs.byteplus.com/en/docs/ModelArk/1520757 and /1521309, and the errors those of /1299023.
"""

import pytest

from anyvideo.testing import Conformance, answer
from anyvideo_plugins.ark.tasks import Ark, ArkSettings

pytestmark = pytest.mark.volume

ID = "cgt-20260721134956-h5cz9"
TASK = {"id": ID, "model": "dreamina-seedance-2-0-260128", "created_at": 1785000000}
REASON = {"code": "OutputVideoSensitiveContentDetected", "message": "sensitive information"}
OVERDUE = {"code": "AccountOverdueError", "message": "overdue balance", "type": "Forbidden"}
INVALID = {"code": "InvalidParameter", "message": "duration", "param": "duration"}


class TestArk(Conformance):
    adapter = Ark()
    accepted = answer({"id": ID})
    running = answer({**TASK, "status": "running", "updated_at": 1785000003})
    succeeded = answer(
        {
            **TASK,
            "status": "succeeded",
            "content": {"video_url": "https://ark.tos.example/v.mp4?X-Tos-Expires=86400&X-Tos-S=a"},
            "usage": {"completion_tokens": 108900, "total_tokens": 108900},
            "error": None,
            "updated_at": 1785000090,
        }
    )
    failed = answer({**TASK, "status": "failed", "error": REASON, "updated_at": 1785000090})
    refused = (answer({"error": OVERDUE}, 403), answer({"error": INVALID}, 400))


class TestArkInChina(TestArk):
    adapter = Ark(settings=ArkSettings("cn"))
