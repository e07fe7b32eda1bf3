"""What users and authors write, for mypy and pyright alone: nothing here is ever run."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import assert_type

from attrs import frozen

import anyvideo
from anyvideo.plugin import (
    Adapter,
    BudgetError,
    Character,
    CharacterRef,
    Event,
    Flow,
    Offer,
    Plan,
    Report,
    Request,
    Response,
    Status,
    Stream,
    Task,
    diagnose,
    hookimpl,
    load_offers,
    locate_url,
    read_report,
    segment,
)
from anyvideo.testing import Call, Conformance, Server, VirtualClock, answer, drive
from anyvideo.testing import adapter as find_adapter


class Plain:
    """An adapter as most are: class attributes and the four operations."""

    name = "acme"
    base_url = "https://api.acme.example"
    key_env = "ACME_API_KEY"

    def offers(self) -> tuple[Offer, ...]:
        return load_offers("anyvideo_acme", self.name)

    def submit(self, plan: Plan) -> Flow[Report]:
        response = yield Request("POST", "/v1/clips", json=plan.parameters(), paid=True)
        assert_type(response, Response)
        if not response.ok:
            raise diagnose(response, paid=True)
        return read_report(response, paid=True)

    def status(self, task: Task) -> Flow[Report]:
        response = yield Request("GET", f"/v1/clips/{segment(task.id)}")
        return Report(id=task.id, status=response.find("state"), progress=response.find("done"))

    def locate(self, task: Task) -> Flow[Request]:
        return locate_url(task)


@frozen
class Words:
    """What the config may say to the adapter below."""

    region: str = "eu"


@frozen
class Full:
    """An adapter with everything that there is."""

    name: str = "acme-full"
    base_url: str = ""
    key_env: str = "ACME_API_KEY"
    words: Words = Words()

    Settings = Words

    def configure(self, settings: Words) -> "Full":
        return Full(words=settings)

    def offers(self) -> Sequence[Offer]:
        return []

    def submit(self, plan: Plan) -> Flow[Report]:
        response = yield Request("POST", "/v1/clips", form={"prompt": plan.job.prompt}, paid=True)
        return read_report(response, paid=True)

    def status(self, task: Task) -> Flow[Report]:
        return Plain().status(task)

    def locate(self, task: Task) -> Flow[Request]:
        response = yield Request("GET", f"/v1/clips/{task.id}/file")
        return Request("GET", str(response.find("url")), expects="video")

    def remix(self, task: Task, prompt: str, size: str | None = None) -> Flow[Report]:
        body = {"prompt": prompt, "size": size}
        response = yield Request("POST", f"/v1/clips/{task.id}/remix", json=body, paid=True)
        return read_report(response, paid=True)

    def create_character(self, character: Character) -> Flow[CharacterRef]:
        response = yield Request("POST", "/v1/people", json={"url": character.url}, paid=True)
        return CharacterRef(id=str(response.find("id")), username=str(response.find("name")))

    def stream(self, plan: Plan) -> Stream:
        yield Request("POST", "/v1/stream", json=plan.parameters(), expects="events", paid=True)
        yield Report(id="1", status=Status.RUNNING)
        return Report(id="1")

    def authorize(self, request: Request, key: str, body: bytes, now: float) -> Mapping[str, str]:
        return {"x-proof": f"{key} {request.url} {len(body)} {now:.0f}"}


ADAPTERS: list[Adapter] = [Plain(), Full()]


@hookimpl
def anyvideo_adapters() -> list[Adapter]:
    return ADAPTERS


@hookimpl
def anyvideo_before_submit(plan: Plan) -> None:
    assert_type(plan.quote.amount, Decimal | None)
    if plan.quote.amount is None:
        message = "no price, no job"
        raise BudgetError(message)


@hookimpl
def anyvideo_event(event: Event) -> None:
    assert_type(event.kind == "request", bool)
    assert_type(event.task_id, str)


class TestPlain(Conformance):
    adapter = Plain()
    accepted = answer({"id": "1"})
    running = (answer({"id": "1", "state": "running"}),)
    succeeded = failed = answer({"id": "1"})


def respond(call: Call) -> Response:
    return answer(call.json())


def test_by_hand() -> None:
    report = drive(Plain().status(anyvideo.Task("a", "a", "https://a", "1", "m")), [answer({})])
    assert_type(report, Report)
    assert_type(find_adapter("apiyi"), Adapter)
    with Server(respond) as server:
        assert_type(server.url, str)
        assert_type(server.calls, list[Call])


def use(client: anyvideo.Client) -> None:
    job = anyvideo.VideoJob("a fox", seconds=4, images=(anyvideo.Image("fox.png"),), seed=0)
    plan = client.plan(job, "apiyi/sora-2", policy=anyvideo.Policy(seconds="up"))
    assert_type(plan, anyvideo.Plan)
    assert_type(plan.quote, anyvideo.Quote)
    assert_type(plan.adjustments, tuple[anyvideo.Adjustment, ...])
    assert_type(client.compare(job), anyvideo.Comparison)
    assert_type(client.offers("*"), list[anyvideo.Offer])
    task = client.submit(plan)
    assert_type(task, anyvideo.Task)
    assert_type(task.status, anyvideo.Status)
    assert_type(client.watch(task), Iterator[anyvideo.Task])
    assert_type(client.wait(task, timeout=60), anyvideo.Task)
    assert_type(client.resume(task.to_json()), anyvideo.Task)
    video = client.generate(job, "fox.mp4", "apiyi/sora-2", on_change=print)
    assert_type(video, anyvideo.Video)
    assert_type(video.facts.seconds, float | None)
    assert_type(client.remix(task, "a cat"), anyvideo.Task)
    character = anyvideo.Character(url="https://a.example/1.mp4", timestamps=(1, 2))
    assert_type(client.create_character(character, "apertis-videos/sora-2"), anyvideo.CharacterRef)


async def use_async() -> None:
    async with anyvideo.AsyncClient({}, sandbox=True, clock=VirtualClock()) as client:
        task = await client.submit(anyvideo.VideoJob("a fox"), "apiyi/sora-2")
        assert_type(task, anyvideo.Task)
        assert_type(client.watch(task), AsyncIterator[anyvideo.Task])
        assert_type(await client.download(task, "fox.mp4"), anyvideo.Video)


def handle(error: anyvideo.AnyVideoError) -> None:
    assert_type(error.task, anyvideo.Task | None)
    if isinstance(error, anyvideo.ProviderError):
        assert_type(error.retryable, bool)
        assert_type(error.retry_after, float | None)
    if isinstance(error, anyvideo.NegotiationError):
        assert_type(error.refusals, tuple[anyvideo.Refusal, ...])
