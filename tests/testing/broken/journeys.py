"""Adapters that fail only once there is a server."""

from anyvideo.plugin import Request
from tests.acme.sound import Sound


class RaisesOnTheWay(Sound):
    caught_by, says = "test_sync_client", "the client raises AttributeError: 'NoneType' object"

    def status(self, task):
        yield Request("GET", f"/v1/videos/{task.id}")
        return self.read(None, id=task.id)


class FetchesNoFile(Sound):
    caught_by, says = "test_async_client", "the client raises"

    def locate(self, task):
        yield from ()
        return Request("GET", "/v1/videos/clip-1", expects="video")


class AsksForMore(Sound):
    caught_by, says = "test_sync_client", "GET /v1/videos/clip-1/more has no recorded answer; give"

    def status(self, task):
        response = yield Request("GET", f"/v1/videos/{task.id}")
        report = self.read(response, id=task.id)
        if report.status == "succeeded":
            yield Request("GET", f"/v1/videos/{task.id}/more")
        return report
