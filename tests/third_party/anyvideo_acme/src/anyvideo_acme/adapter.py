"""The wire of Acme: https://acme.example/docs."""

from __future__ import annotations

from anyvideo.plugin import (
    Flow,
    Offer,
    Plan,
    Report,
    Request,
    Response,
    Task,
    diagnose,
    diagnose_failure,
    find_url,
    load_offers,
    locate_url,
    read_status,
    segment,
)

# https://acme.example/docs#phases
WORDS = {"排队中": "queued", "生成中": "running", "已完成": "succeeded", "失败": "failed"}


class Acme:
    """The adapter `acme`."""

    name = "acme"
    base_url = "https://api.acme.example"
    key_env = "ACME_API_KEY"

    def offers(self) -> tuple[Offer, ...]:
        """Return the offers of offers.toml."""
        return load_offers("anyvideo_acme", self.name)

    def submit(self, plan: Plan) -> Flow[Report]:
        """Upload the picture if it is a local one, then create the clip."""
        picture = next((image.source for image in plan.job.images if image.is_url), None)
        for upload in plan.uploads.values():
            assumed = {"payload": {"file": {"url": f"https://files.acme.example/{upload.sha256}"}}}
            response = yield Request("POST", "/v1/files", files={"file": upload}, rehearsal=assumed)
            picture = find_url(response.find("payload", "file"))
            if not response.ok or picture is None:
                raise diagnose(response)
        response = yield encode(plan, picture)
        return read_clip(response, paid=True)

    def status(self, task: Task) -> Flow[Report]:
        """Ask for the status of a clip."""
        response = yield Request("GET", f"/v1/clips/{segment(task.id)}")
        return read_clip(response, task_id=task.id)

    def locate(self, task: Task) -> Flow[Request]:
        """Return the request for the file: the URL of the finished clip."""
        return locate_url(task)


def encode(plan: Plan, picture: str | bytes | None) -> Request:
    """Return the request that creates the clip: the prompt and the picture go into `input`."""
    body = plan.parameters()
    given = {"text": body.pop("prompt"), "picture": picture}
    body["input"] = {name: value for name, value in given.items() if value is not None}
    return Request("POST", "/v1/clips", json=body, paid=True)


def read_clip(response: Response, *, task_id: str = "", paid: bool = False) -> Report:
    """Return the report of an answer; everything is in `payload.clip`."""
    clip = ("payload", "clip")
    report = Report(
        id=task_id or response.find(*clip, "id"),
        status=read_status(response.find(*clip, "phase"), WORDS),
        progress=response.find(*clip, "percent"),
        video_url=response.find(*clip, "film", "url"),
        error=diagnose_failure(response.find(*clip, "why")),
    )
    if not response.ok or not report.id or response.find(*clip, "phase") is None:
        raise diagnose(response, paid=paid)
    return report
