"""Adapters whose requests are not well formed."""

from typing import ClassVar

from attrs import evolve

from anyvideo.plugin import Request
from tests.acme.sound import Sound


class _Orders(Sound):
    caught_by = "test_requests"
    changes: ClassVar[dict[str, object]]

    def order(self, body):
        return evolve(super().order(body), **self.changes)


class ForgetsThatItIsPaid(_Orders):
    says = "submit ends with POST /v1/videos and has no paid request; mark the one"
    changes: ClassVar = {"paid": False}


class ForgetsTheRehearsal(Sound):
    caught_by, says = "test_requests", "submit ends with POST /v1/files and has no paid request"

    def upload(self, upload):
        return evolve(super().upload(upload), rehearsal=None)


class AddsTheKeyItself(_Orders):
    says = "leave out the Authorization header"
    changes: ClassVar = {"headers": {"Authorization": "Bearer x"}}


class SendsBothJsonAndAForm(_Orders):
    says = "give either json, or form and files, or content"
    changes: ClassVar = {"form": {"a": "b"}}


class SendsNumbersInTheQuery(_Orders):
    says = "n is int; query, form and headers are text"
    changes: ClassVar = {"query": {"n": 1}}


class SendsWhatJsonCannotHold(_Orders):
    says = "its JSON cannot be encoded: Out of range float"
    changes: ClassVar = {"json": {"seed": float("nan")}}


class WritesTheMethodSmall(_Orders):
    says = "post /v1/videos: write the method in capitals"
    changes: ClassVar = {"method": "post"}


class LeavesOutTheSlash(_Orders):
    says = "v1/videos: a URL begins with / (at the provider) or http"
    changes: ClassVar = {"url": "v1/videos"}


class AsksForever(Sound):
    caught_by, says = "test_requests", "submit ends with GET /v1/ready and has no paid request"

    def submit(self, plan):
        while True:
            yield Request("GET", "/v1/ready", rehearsal={})


class AsksNothing(Sound):
    caught_by, says = "test_requests", "submit ends with nothing and has no paid request"

    def submit(self, plan):
        yield from ()


class OpensTheFile(Sound):
    caught_by, says = "test_files", "acme-1: a path makes other requests than bytes"

    def encode(self, plan, urls):
        named = [image.source for image in plan.job.images if isinstance(image.source, str)]
        return super().encode(plan, urls) | {"files": len(named)}
