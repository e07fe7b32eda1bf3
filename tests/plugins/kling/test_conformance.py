"""The kit that third parties use, held to the adapter of Kling."""

from attrs import evolve, frozen

from anyvideo.testing import Conformance, answer
from anyvideo_plugins.kling.videos import Kling
from tests.plugins.kling.samples import (
    LOGGED,
    SECOND,
    URL,
    VERCEL,
    answer_first,
    answer_second,
    refuse,
)

WORDS = {
    "submitted": "queued",
    "processing": "running",
    "succeed": "succeeded",
    "succeeded": "succeeded",
    "failed": "failed",
}


@frozen
class FirstEdition(Kling):
    def offers(self):
        return [offer for offer in super().offers() if "api" not in offer.names]


@frozen
class Omni(Kling):
    def offers(self):
        return [offer for offer in super().offers() if "omni" in offer.names.get("api", "")]

    def status(self, task):
        return super().status(evolve(task, extra={"path": "/v1/videos/omni-video", **task.extra}))


@frozen
class SecondEdition(Kling):
    """The kit asks for a task without its path, and Kling's first path would be asked."""

    def offers(self):
        return [offer for offer in super().offers() if "path" in offer.names.get("api", "")]

    def status(self, task):
        return super().status(evolve(task, extra={"path": "/tasks", **task.extra}))


class FirstAnswers(Conformance):
    """What the paths of the first edition answer."""

    key = "kit-access:kit-secret"
    words = WORDS
    accepted = answer(LOGGED)
    running = answer(answer_first("processing"))
    succeeded = answer(VERCEL)
    failed = answer(answer_first("failed", "Failure to pass the risk control system"))
    refused = (
        answer(refuse(1102, "Account balance not enough"), 429),
        answer(refuse(1303, "parallel task over resource pack limit"), 429),
        answer(refuse(1301, "content security")),
        answer(refuse(1203, "model kling-v9 is not exist"), 404),
    )


class TestFirstEdition(FirstAnswers):
    adapter = FirstEdition()


class TestOmni(FirstAnswers):
    adapter = Omni()


class TestSecondEdition(Conformance):
    """The edition that has the model in the path."""

    adapter = SecondEdition()
    words = WORDS
    accepted = answer(SECOND)
    running = answer(answer_second("processing"))
    succeeded = answer(answer_second("succeeded", outputs=[{"type": "video", "url": URL}]))
    failed = answer(answer_second("failed", "Internal error"))
    refused = answer(refuse(1002, "The current API does not support AK/SK"), 401)
