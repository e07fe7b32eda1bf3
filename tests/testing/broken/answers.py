"""Adapters that misread their vendor's answers."""

from attrs import evolve

from anyvideo.plugin import Report, Request, Status, diagnose
from tests.acme.sound import Sound


class LosesTheId(Sound):
    caught_by, says = "test_answers", "accepted: the report has no id"

    def read(self, response, id="", paid=False):  # noqa: A002 (the field's own name)
        return evolve(super().read(response, id, paid), id=id)


class TakesRunningForDone(Sound):
    caught_by, says = "test_answers", "running: the recorded answer is read as succeeded, not as"

    def read(self, response, id="", paid=False):  # noqa: A002 (the field's own name)
        report = super().read(response, id, paid)
        done = report.status == Status.RUNNING
        return evolve(report, status="succeeded") if done else report


class ForgetsTheReason(Sound):
    caught_by, says = "test_answers", "failed: the vendor's reason is lost"

    def read(self, response, id="", paid=False):  # noqa: A002 (the field's own name)
        return evolve(super().read(response, id, paid), error=None)


class StumblesOverItsOwnAnswers(Sound):
    caught_by, says = "test_answers", "reading the recorded answer raises KeyError: 'clip' at"

    def read(self, response, id="", paid=False):  # noqa: A002 (the field's own name)
        return Report(id=response.json()["clip"]["id"])


class ReportsAMapping(Sound):
    caught_by, says = "test_answers", "running: the result is dict, not a Report"

    def status(self, task):
        yield Request("GET", "/v1/videos/1")
        return {"id": "1"}


class LocatesATask(Sound):
    caught_by, says = "test_answers", "locate: the result is Task, not a Request"

    def locate(self, task):
        yield from ()
        return task


class LocatesAPage(Sound):
    caught_by, says = "test_answers", 'locate ends with a request without expects="video"'

    def locate(self, task):
        yield from ()
        return Request("GET", task.video_url)


class KnowsNoChinese(Sound):
    caught_by, says = "test_status_words", "'已完成': the recorded answer is read as running"

    def read(self, response, id="", paid=False):  # noqa: A002 (the field's own name)
        report = super().read(response, id, paid)
        return evolve(report, status=response.find("payload", "clip", "phase"))


class GivesUpOnAnUnknownWord(Sound):
    caught_by, says = (
        "test_status_words",
        "'no such word yet': the recorded answer is read as failed",
    )

    def read(self, response, id="", paid=False):  # noqa: A002 (the field's own name)
        report = super().read(response, id, paid)
        unknown = "no such word" in response.text
        return evolve(report, status="failed") if unknown else report


class TakesRefusalsForTasks(Sound):
    caught_by, says = "test_refusals", "submit makes Report(id='clip-1'"

    def read(self, response, id="", paid=False):  # noqa: A002 (the field's own name)
        return Report(id="clip-1")


class PaysTwice(Sound):
    caught_by, says = (
        "test_refusals",
        "repeatable, which may pay twice; raise diagnose(response, paid",
    )

    def read(self, response, id="", paid=False):  # noqa: A002 (the field's own name)
        if not response.ok:
            raise diagnose(response)
        return super().read(response, id, paid)


class FailsTheJobWithThePoll(Sound):
    caught_by, says = "test_failed_polls", "HTTP 429 to a status call is read as failed"

    def status(self, task):
        response = yield Request("GET", "/v1/videos/1")
        if response.status in {429, 500, 502, 503}:
            return Report(id=task.id, status="failed")
        return self.read(response, id=task.id)


class TrustsEveryAnswer(Sound):
    caught_by, says = "test_broken_answers", "submit raises"

    def read(self, response, id="", paid=False):  # noqa: A002 (the field's own name)
        if not response.ok:
            raise diagnose(response, paid=paid)
        clip = response.json()["payload"]["clip"]
        return evolve(super().read(response, id, paid), id=id or clip["id"])


class ReportsNothing(Sound):
    caught_by, says = "test_broken_answers", "status returns NoneType where the body is empty"

    def status(self, task):
        response = yield Request("GET", "/v1/videos/1")
        return self.read(response, id=task.id) if response.body else None


class ReportsWithoutAnId(Sound):
    caught_by, says = "test_broken_answers", "submit reports no id where payload.clip.id is missing"

    def read(self, response, id="", paid=False):  # noqa: A002 (the field's own name)
        if response.ok and response.find("payload", "clip", "phase"):
            return Report(id=id or response.find("payload", "clip", "id"))
        return super().read(response, id, paid)


class TrustsTheFile(Sound):
    caught_by, says = "test_broken_answers", "locate raises KeyError: 'url' at"

    def locate(self, task):
        response = yield Request("GET", "/v1/videos/1/film")
        if not response.ok:
            raise diagnose(response)
        return Request("GET", response.json()["url"], expects="video")


class PollsWithoutEnd(Sound):
    caught_by, says = "test_broken_answers", "status raises PluginError: it asks without end"

    def status(self, task):
        response = yield Request("GET", "/v1/videos/1")
        while not response.body:
            response = yield Request("GET", "/v1/videos/1")
        return self.read(response, id=task.id)


class CountsInFractions(Sound):
    caught_by, says = (
        "test_answers",
        "running: progress 0.4 is a fraction, and ours is a percentage",
    )

    def read(self, response, id="", paid=False):  # noqa: A002 (the field's own name)
        report = super().read(response, id, paid)
        return evolve(report, progress=0.4) if report.status == Status.RUNNING else report


class FindsARefusal(Sound):
    caught_by, says = "test_find", 'find takes HTTP 404 {"error"'

    def find(self, task):
        yield Request("GET", "/v1/videos", query={"reference": task.ref})
        return Report(id="clip-1")


class FindsAnId(Sound):
    caught_by, says = "test_find", "find ends with str of HTTP 200"

    def find(self, task):
        response = yield Request("GET", "/v1/videos", query={"reference": task.ref})
        return response.find("payload", "clip", "id")


class TrustsTheList(Sound):
    caught_by, says = "test_find", "find raises JSONDecodeError"

    def find(self, task):
        response = yield Request("GET", "/v1/videos", query={"reference": task.ref})
        clips = response.json()
        return Report(id=clips[task.ref]) if task.ref in clips else None
