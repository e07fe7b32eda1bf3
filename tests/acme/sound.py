"""Acme's adapter with all that the kit asks for, and its recorded answers; the broken ones are made of it."""

import hashlib
import hmac

from anyvideo.plugin import (
    Report,
    Request,
    diagnose,
    diagnose_failure,
    locate_url,
    read_status,
    segment,
)
from anyvideo.testing import Conformance, answer
from tests.acme.adapter import Acme

OFFERS = """
[[offers]]
model = "acme-1"
source = "https://acme.example/docs"
seconds = [5, 10]
aspect_ratios = ["16:9", "9:16"]
resolutions = ["720p", "1080p"]
audio = [true, false]
accepts = ["seed", "watermark", "negative_prompt", "metadata", "character", "style"]
images = { first_frame = 1, last_frame = 1, reference = 2, via = ["url", "file"] }
price = { amount = "0.10", per = "second" }

[[offers]]
model = "acme-frames"
source = "https://acme.example/docs"
seconds = { min = 2, max = 12 }
required = ["shape"]
sizes = ["1280x720", "720x1280"]
accepts = ["enhance_prompt"]
names = { enhance_prompt = "" }
images = { first_frame = 1, min = 1, via = ["file"], formats = ["webp"], match_size = true }

[[offers.tiers]]
name = "best"
wire = { grade = "pro" }
seconds = [8]

[[offers.tiers]]
name = "standard"
wire = { grade = "std" }
"""
WORDS = {"排队中": "queued", "生成中": "running", "已完成": "succeeded", "失败": "failed"}
URL = "https://cdn.acme.example/clip-1.mp4"


class Sound(Acme):
    """Right in everything, in an envelope and with status words of its own."""

    caught_by = says = ""  # a broken one says which check catches it, and with what words
    text = OFFERS

    def submit(self, plan):
        urls = {}
        for image in plan.job.images:
            if not image.is_url:
                response = yield self.upload(plan.uploads[image])
                urls[image] = response.find("url")
                if not isinstance(urls[image], str):
                    raise diagnose(response)
        response = yield self.order(self.encode(plan, urls))
        return self.read(response, paid=True)

    def encode(self, plan, urls):
        body = self.parameters(plan)
        for image in plan.images("first_frame", "last_frame", "reference"):
            body.setdefault("images", []).append(
                {"role": image.role, "url": urls.get(image, image.source)}
            )
        character = plan.job.character
        if character is not None:
            stamps = list(character.timestamps or ())
            body["who"] = [character.url, character.from_task, *stamps]
        if plan.job.metadata:
            body["metadata"] = dict(plan.job.metadata)
        return body

    def parameters(self, plan):
        return plan.parameters()

    def status(self, task):
        response = yield Request("GET", f"/v1/videos/{segment(task.id)}")
        return self.read(response, id=task.id)

    def remix(self, task, prompt, size):
        body = {"prompt": prompt} if size is None else {"prompt": prompt, "size": size}
        path = f"/v1/videos/{segment(task.id)}/remix"
        response = yield Request("POST", path, json=body, paid=True)
        return self.read(response, paid=True)

    def read(self, response, id="", paid=False):  # noqa: A002 (the field's own name)
        clip = ("payload", "clip")
        report = Report(
            id=id or response.find(*clip, "id"),
            status=read_status(response.find(*clip, "phase"), WORDS),
            video_url=response.find(*clip, "film", "url"),
            error=diagnose_failure(response.find(*clip, "why")),
        )
        if not response.ok or not report.id or response.find(*clip) is None:
            raise diagnose(response, paid=paid)
        return report

    def locate(self, task):
        return locate_url(task)


class Signed(Sound):
    """A vendor that wants every request signed: the key is an account and a secret."""

    def authorize(self, request, key, body, now):
        account, secret = key.split(":")
        text = f"{request.method} {request.url} {now:.0f} ".encode() + body
        proof = hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
        return {"x-account": account, "x-time": f"{now:.0f}", "x-proof": proof}


def say(**clip):
    return answer({"success": True, "payload": {"clip": {"id": "clip-1", **clip}}})


class Kit(Conformance):
    adapter = Sound()
    accepted = say(phase="排队中")
    running = (say(phase="生成中", percent=40),)
    succeeded = say(phase="已完成", film={"url": URL})
    failed = say(phase="失败", why={"message": "no foxes"})
    refused = answer({"success": False, "code": 402, "message": "余额不足"}, 402)
    words = WORDS
