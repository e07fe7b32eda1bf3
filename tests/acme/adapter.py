"""The adapter of Acme: an upload where there is an image, one paid request, the public dialect."""

from anyvideo.dialects import openai_videos
from anyvideo.errors import JobError
from anyvideo.plugin import Request, read_offers, read_report

ORIGIN = "https://api.acme.example"
OFFERS = """
[[offers]]
model = "acme-1"
source = "https://docs.acme.example"
checked = 2026-11-20
finishes_in = 100
failures_billed = false
seconds = [4, 8]
default_seconds = 4
sizes = ["160x120", "320x240"]
required = ["seconds", "shape"]
images = { first_frame = 1, via = ["file"] }
price = { amount = "0.10", per = "second" }
"""
CLIPS = """
[[offers]]
model = "clip"
source = "https://acme.example/models"
checked = 2026-11-01
seconds = [4, 8, 12]
accepts = ["seed", "character"]
images = { first_frame = 1, via = ["url", "file"] }
failures_billed = false
finishes_in = 60

[[offers.tiers]]
name = "720p"
sizes = ["1280x720", "720x1280"]
price = { amount = "0.10" }

[[offers.tiers]]
name = "1080p"
seconds = [8]
sizes = ["1920x1080"]
price = { amount = "0.30" }

[[offers]]
model = "old"
retired = { on = 2026-09-24, use = ["acme/clip"] }
"""
QUICK = """
[[offers]]
model = "quick"
seconds = [4, 8]
finishes_in = 5
price = { amount = "0.50" }
"""


class Acme:
    """The simplest adapter; another name or other offers make another vendor of it."""

    name, base_url, key_env, text = "acme", ORIGIN, "ACME_API_KEY", OFFERS

    def __init__(self, name="", text="", **given):
        if name:
            self.name, self.base_url = name, ORIGIN.replace("acme", name)
        self.text = text or self.text
        vars(self).update(given)

    def offers(self):
        return read_offers(self.text, self.name)

    def submit(self, plan):
        if plan.job.character is not None and plan.job.character.from_task:
            message = "acme takes a character from a url only"
            raise JobError(message)
        for upload in plan.uploads.values():
            yield self.upload(upload)
        response = yield self.order(plan.parameters())
        return read_report(response, paid=True)

    def upload(self, upload):
        assumed = {"url": f"https://cdn.acme.example/{upload.sha256}"}
        return Request("POST", "/v1/files", form={}, files={"file": upload}, rehearsal=assumed)

    def order(self, body):
        return Request("POST", "/v1/videos", json=body, paid=True)

    def status(self, task):
        return openai_videos.status(task)

    def locate(self, task):
        return openai_videos.locate(task)

    def remix(self, task, prompt, size):
        return openai_videos.remix(task, prompt, size)


class Clips(Acme):
    """Acme with other offers: clips in two tiers, and a retired model."""

    text = CLIPS
