"""OpenRouter's one wire for every video model.

    POST /v1/videos                        202 {"id", "polling_url", "status": "pending"}
    GET  /v1/videos/{id}                   {"id", "status", "unsigned_urls", "usage": {"cost"}, "error"}
    GET  /v1/videos/{id}/content?index=0   the file; needs the key, whatever "unsigned" says

Pages: https://openrouter.ai/docs/guides/overview/multimodal/video-generation (the guide) and
https://openrouter.ai/docs/api/api-reference/video-generation (the fields, the states, the errors).
What differs between models is data: see offers.toml. There is no cancel, no list of jobs, and no
key that makes a second submit harmless.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from anyvideo.dialects import openai_videos
from anyvideo.plugin import (
    ErrorKind,
    Flow,
    Image,
    Inline,
    JobError,
    Offer,
    Plan,
    ProviderError,
    Report,
    Request,
    Response,
    Status,
    Task,
    TaskError,
    check_age,
    diagnose,
    diagnose_failure,
    is_list,
    load_offers,
    read_status,
    segment,
    verify_hmac,
)

_FILES = (
    "offers.toml",
    "offers_bytedance.toml",
    "offers_grok.toml",
    "offers_kling.toml",
    "offers_minimax.toml",
    "offers_others.toml",
    "offers_veo.toml",
)
# Messages of the gateway and of the vendors behind it that say more than their HTTP status. Sources:
# https://openrouter.ai/docs/api/reference/errors-and-debugging (moderation is a 403, and 503 means
# that no vendor fits the account's routing), answers that other projects recorded (a key's own limit,
# an unknown model, an account that leaves the model out), and Google's word for a blocked prompt.
_KINDS: Mapping[str, ErrorKind] = {
    "input was flagged": "content_policy",
    "input blocked": "content_policy",
    "key limit exceeded": "insufficient_funds",
    "not a valid model id": "model_unavailable",
    "no available model provider": "model_unavailable",
    "no endpoints found": "model_unavailable",
    "guardrail restrictions": "permission",
    "maximum time to live": "timeout",
}
# `metadata` has a stable word where the code only repeats the HTTP status; these differ from what the
# status says. A 402 because of the jobs that still run is over when they are.
_TYPES: Mapping[str, ErrorKind] = {
    "content_policy_violation": "content_policy",
    "refusal": "content_policy",
    "openrouter_in_flight_budget": "rate_limited",
}


class OpenRouter:
    """The adapter `openrouter`; it holds nothing, so one serves every provider."""

    name = "openrouter"
    base_url = "https://openrouter.ai/api"
    key_env = "OPENROUTER_API_KEY"

    def offers(self) -> Sequence[Offer]:
        """Return every model of the vendor's feed that makes a video from a prompt or an image."""
        return tuple(
            offer
            for file in _FILES
            for offer in load_offers("anyvideo_plugins.openrouter", self.name, file)
        )

    def submit(self, plan: Plan) -> Flow[Report]:
        """Create the job.

        Raises:
            JobError: an option replaces what the job itself says.
        """
        response = yield encode(plan)
        return read_submit(response)

    def status(self, task: Task) -> Flow[Report]:
        """Ask how a job stands; `polling_url` names the same path, absolute or not."""
        response = yield Request("GET", f"/v1/videos/{segment(task.id)}")
        return read_status_answer(response, task.id)

    def locate(self, task: Task) -> Flow[Request]:
        """Find the file: at a URL elsewhere, or behind the vendor's own /content.

        Raises:
            ExpiredError: the vendor no longer has the file.
            ProviderError: the vendor does not give it; 502 is worth a retry.
        """
        path = f"/v1/videos/{segment(task.id)}/content"
        place = urlsplit(task.video_url or "")
        # The URL of /content may name a host that is not the provider's, which would lack the key.
        if task.video_url and not place.path.endswith(path):
            return Request("GET", task.video_url, expects="video")
        query = dict(parse_qsl(place.query)) or {"index": "0"}
        request = Request("GET", path, query=query, expects="video")
        response = yield request
        return openai_videos.read_location(request, response, task)

    def webhook(self, delivery: Response, secret: str, now: float) -> Flow[object]:
        """Read the id in a report; it is signed where the workspace has a secret.

        `X-OpenRouter-Signature: t=TIME,v1=HEX`, the HMAC-SHA256 of "TIME,BODY":
        https://openrouter.ai/docs/guides/overview/multimodal/video-generation

        Raises:
            WebhookError: the signature is wrong, missing or old.
        """
        yield from ()
        if secret:
            told = delivery.headers.get("x-openrouter-signature", "").split(",")
            parts = {
                name.strip(): value for name, _, value in (part.partition("=") for part in told)
            }
            check_age(parts.get("t"), now)
            content = f"{parts['t']},".encode() + delivery.body
            verify_hmac(content, [parts.get("v1", "")], secret.encode())
        return delivery.find("data", "id")


def encode(plan: Plan) -> Request:
    """Return the paid request for a plan.

    An option of the caller is sent as it is; null removes a parameter.

    Raises:
        JobError: an option replaces the job's own images or negative prompt.
    """
    body = plan.parameters()
    passed = {name: body.pop(name) for name in [*body] if "." in name and name not in plan.options}
    own = {**_place_images(plan), **_pass_on(passed)}
    told = {"callback_url": plan.callback} if plan.callback else {}
    if clashes := ", ".join(sorted(own.keys() & plan.options.keys())):
        message = f"options.openrouter.{clashes} contradicts the job's own; give only one of them"
        raise JobError(message)
    known = {name: value for name, value in {**told, **body, **own}.items() if value is not None}
    return Request("POST", "/v1/videos", json=known, paid=True)


def _place_images(plan: Plan) -> dict[str, Any]:
    """Return frames as `frame_images` and references as `input_references`.

    An entry is {"type": "image_url", "image_url": {"url"}}, and a frame has its `frame_type`; a
    local image is a data URL.
    """
    frames = [
        {**_write_image(plan, image), "frame_type": image.role}
        for image in plan.images("first_frame", "last_frame")
    ]
    references = [_write_image(plan, image) for image in plan.images("reference")]
    placed = {"frame_images": frames, "input_references": references}
    return {name: images for name, images in placed.items() if images}


def _write_image(plan: Plan, image: Image) -> dict[str, Any]:
    url = image.source if image.is_url else Inline(plan.uploads[image])
    return {"type": "image_url", "image_url": {"url": url}}


def _pass_on(passed: Mapping[str, Any]) -> dict[str, Any]:
    """Return what only the vendor behind the gateway knows, as `provider.options`.

    An offer calls it SLUG.PARAMETER: {"google-vertex.negativePrompt": "fog"} becomes
    {"provider": {"options": {"google-vertex": {"parameters": {"negativePrompt": "fog"}}}}}.
    """
    options: dict[str, Any] = {}
    for name, value in passed.items():
        slug, _, parameter = name.partition(".")
        options.setdefault(slug, {"parameters": {}})["parameters"][parameter] = value
    return {"provider": {"options": options}} if options else {}


def read_submit(response: Response) -> Report:
    """Return the report of the answer to a submit: whatever it says, an id is a job.

    Raises:
        ProviderError: the answer names no job.
    """
    report = _read(response, Report(response.find("id")).id)
    if not response.ok or not report.id:
        error = _refuse(response, paid=True)
        if error.kind == "not_found":  # the submit names no other resource than the model
            error.kind = "model_unavailable"
        raise error
    return report


def read_status_answer(response: Response, id: str) -> Report:  # noqa: A002 (the field's own name)
    """Return the report of a status answer.

    Raises:
        ProviderError: the answer is an error, or says nothing of the job.
    """
    if not response.ok or not isinstance(response.find("status"), str):
        raise _refuse(response)
    return _read(response, id)


def _refuse(response: Response, *, paid: bool = False) -> ProviderError:
    """Return the error that an answer means, with what the vendor behind the gateway said.

    That stands in `metadata.raw`, as text or JSON, where the message is "Provider returned error".
    """
    error = diagnose(response, paid=paid, kinds=_teach(response))
    raw = response.find("error", "metadata", "raw")
    behind = diagnose_failure(raw, relayed=True, kinds=_KINDS)
    if behind is None:
        return error
    error.message = ": ".join(filter(None, (error.message, behind.message)))
    if behind.kind == "content_policy" and error.kind in {"invalid_request", "server"}:
        error.kind, error.retryable = behind.kind, False
    return error


def _teach(response: Response) -> Mapping[str, ErrorKind]:
    """Return the known words and, for the code of an error, what its `metadata` says."""
    taught = dict(_KINDS)
    for name in ("error_type", "limit_source"):
        kind = _TYPES.get(str(response.find("error", "metadata", name)))
        if kind is not None:
            taught[str(response.find("error", "code"))] = kind
    return taught


def _read(response: Response, id: str) -> Report:  # noqa: A002 (the field's own name)
    """Return what an answer says: `error` is plain text, and `usage.cost` is in USD.

    Only the answer of a job that ended has its file and its bill.
    """
    word = response.find("status")
    status = Status.QUEUED if word is None else read_status(word)
    if not status.final:
        return Report(id, status)
    cost = response.find("usage", "cost")
    url = next(_list_urls(response), None) if status is Status.SUCCEEDED else None
    error = _read_error(response) if url is None else None
    if status is Status.SUCCEEDED and error is not None:
        status = Status.FAILED
    return Report(id, status, video_url=url, error=error, cost=cost)


def _list_urls(response: Response) -> Iterator[str]:
    """Yield the URLs of the outputs; a slot may be empty, and a path alone is no URL."""
    slots = response.find("unsigned_urls")
    for slot in slots if is_list(slots) else ():
        url = Report("", video_url=slot).video_url
        if url is not None:
            yield url


def _read_error(response: Response) -> TaskError | None:
    return diagnose_failure(response.find("error"), relayed=True, kinds=_teach(response))
