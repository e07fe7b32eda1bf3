"""What adapters do wrong at run time, seen from a client: adapter, operation and cure are named."""

import pytest

from anyvideo.adapters.registry import Registry
from anyvideo.client.sync import Client
from anyvideo.errors import AmbiguousSubmitError, PluginError
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Character
from anyvideo.plugin import Offer, Report, Request, Status, Task
from anyvideo.testing import Server, VirtualClock
from tests.acme.sound import URL, Sound, say
from tests.clients import KINDS

JOB = VideoJob("a fox")
MODEL = "acme/acme-1"


class ReturnsAMapping(Sound):
    operation, says = "status", r"status returned dict; return a Report"

    def status(self, task):
        yield Request("GET", "/v1/videos/1")
        return {"id": "1"}


class YieldsText(Sound):
    operation, says = "status", r"status yielded str; yield anyvideo.plugin.Request values only"

    def status(self, task):
        yield "GET /v1/videos/1"


class RaisesInTheMiddle(Sound):
    operation, says = "status", r"status raised KeyError: 'clip' at test_bad_adapters.py:\d+; yield"

    def status(self, task):
        response = yield Request("GET", "/v1/videos/1")
        return Report(id=response.json()["clip"])


class NeverEnds(Sound):
    operation, says = "status", r"status yields requests without end; return once it is done"

    def status(self, task):
        while True:
            yield Request("GET", "/v1/videos/1")


class IsNoGenerator(Sound):
    operation, says = "status", r"status returned Report, which is not a generator; write `yield`"

    def status(self, task):
        return Report(id="1")


class IsAsync(Sound):
    operation, says = "status", r"status returned async_generator, which is not a generator"

    async def status(self, task):
        yield Request("GET", "/v1/videos/1")


class LocatesNothing(Sound):
    operation, says = "download", r"locate (returned|yielded) NoneType"

    def locate(self, task):
        yield from ()


class LocatesBadly(Sound):
    operation, says = "download", r"locate raised AttributeError: .* at test_bad_adapters.py:\d+"

    def locate(self, task):
        yield from ()
        return task.film


class NamesNoCharacter(Sound):
    operation, says = "create_character", r"create_character returned str"

    def create_character(self, character):
        yield Request("POST", "/v1/people", paid=True)
        return "@fox"


class PlansBadly(Sound):
    operation, says = "plan", r"submit raised ZeroDivisionError: division by zero at test_bad"

    def encode(self, plan, urls):
        return 1 / 0


class PaysNothing(Sound):
    operation, says = "plan", r"submit"

    def submit(self, plan):
        yield from ()


class SellsTwice(Sound):
    operation, says = "offers", r"offers has the model acme-1 twice; keep one"

    def offers(self):
        return [*super().offers(), *super().offers()]


class SellsText(Sound):
    operation, says = "offers", r"offers holds str; return a sequence of anyvideo.plugin.Offer"

    def offers(self):
        return ["acme-1"]


class SellsForOthers(Sound):
    operation, says = "offers", r"the offer x says adapter 'other'; it must say 'acme'"

    def offers(self):
        return [Offer(adapter="other", model="x")]


ADAPTERS = [item for item in list(globals().values()) if hasattr(item, "operation")]


def configure(server, **adapters):
    registry = Registry()
    registry.adapters.update(adapters)
    providers = {name: {"base_url": server.url, "api_key": "k"} for name in adapters}
    config = {"providers": providers}
    return {"config": config, "registry": registry, "journal": None, "clock": VirtualClock()}


def respond(call):
    return say(phase="排队中")


@pytest.fixture
def server():
    with Server(respond) as running:
        yield running


def call(client, operation, url, folder):
    """Call the operation that goes wrong."""
    status = Status.SUCCEEDED if operation == "download" else Status.RUNNING
    task = Task("acme", "acme", url, "1", "acme-1", status, video_url=URL)
    match operation:
        case "status":
            return client.status(task)
        case "download":
            return client.download(task, folder / "fox.mp4")
        case "create_character":
            return client.create_character(Character(from_task="1"), MODEL)
        case _:
            return client.plan(JOB, MODEL).requests


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.__name__)
def test_what_an_adapter_does_wrong_names_it_and_the_cure(adapter, kind, server, tmp_path):
    with (
        KINDS[kind](**configure(server, acme=adapter())) as client,
        pytest.raises(PluginError, match=rf"adapter acme.*: {adapter.says}"),
    ):
        call(client, adapter.operation, server.url, tmp_path)


class FailsOverThePaidAnswer(Sound):
    def read(self, response, id="", paid=False):  # noqa: A002 (the field's own name)
        return response.json()["clip"]


def test_a_submit_that_fails_over_its_answer_is_ambiguous_and_says_whose_fault_it_is(server):
    with (
        Client(**configure(server, acme=FailsOverThePaidAnswer())) as client,
        pytest.raises(
            AmbiguousSubmitError, match=r"adapter acme .*submit raised KeyError"
        ) as caught,
    ):
        client.submit(JOB, MODEL)

    assert isinstance(caught.value.__cause__, PluginError)
    assert len(server.calls) == 1


def test_an_adapter_that_cannot_say_what_it_sells_takes_no_other_down(server):
    class Other(SellsTwice):
        name = "other"

    with Client(**configure(server, acme=Sound(), other=Other())) as client:
        assert {offer.adapter for offer in client.offers("*")} == {"acme"}
        with pytest.raises(PluginError, match="offers has the model acme-1 twice"):
            client.offers("other/*")
