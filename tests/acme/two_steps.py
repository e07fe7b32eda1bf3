"""Acme as a vendor whose poll takes two requests, at URLs that only its answers name."""

from attrs import evolve

from anyvideo.plugin import Request, Status
from tests.acme.sound import Sound


class InTwoSteps(Sound):
    """A vendor whose answers name their own URLs, and that tells the result in a second answer."""

    origins = ("https://queue.acme.example",)

    def submit(self, plan):
        report = yield from super().submit(plan)
        return evolve(report, extra={"poll": f"https://queue.acme.example/q/{report.id}"})

    def status(self, task):
        response = yield Request("GET", task.extra["poll"])
        report = self.read(response, task.id)
        if report.status != Status.SUCCEEDED:
            return report
        result = yield Request("GET", f"{task.extra['poll']}/result")
        return evolve(report, video_url=result.find("url"))

    def locate(self, task):
        return Request("GET", task.video_url, expects="video")
        yield
