"""However often a create is repeated, it is paid once."""

import threading
from contextlib import contextmanager
from typing import Any

import httpx
import openai
import pytest

from anyvideo.gateway.repeats import Fate, Repeats
from anyvideo.sandbox import FAULTS, VirtualClock
from anyvideo.service import Job
from tests.gateway.running import Running
from tests.sandbox.fixtures import NO_TLS
from tests.sockets import Listener, read_request

pytestmark = pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning")

ORDER: dict[str, Any] = {"model": "openai-videos/sora-2", "prompt": "a fox"}
# Those of an order, at which a job is created, or is not.
CREATED = ["drop-after-accept", "502-after-accept", "truncated"]
UNCLEAR = ["503", "html"]
REFUSED = ["429=9", "429-retry-after=1", "no-money", "moderated"]


def create(http, count=0, **changes):
    headers = {"x-stainless-retry-count": str(count)}
    key = changes.pop("key", None)
    if key is not None:
        headers["idempotency-key"] = key
    return http.post("/videos", json={**ORDER, **changes}, headers=headers)


@pytest.mark.parametrize("fault", CREATED + UNCLEAR)
def test_an_unknown_outcome_is_no_error_and_is_not_repeated(sdk, gateway, fault):
    video = sdk.videos.create(**{**ORDER, "prompt": f"a fox [fault:{fault}]"})

    assert (video.status, video.error.code) == ("ambiguous", "ambiguous")
    assert "anyvideo resume" in video.error.message
    assert sdk.videos.poll(video.id).status == "ambiguous"
    assert gateway.paid == 1
    with pytest.raises(openai.BadRequestError, match="resolved first"):
        sdk.videos.delete(video.id)


@pytest.mark.parametrize("fault", REFUSED)
def test_what_a_vendor_refuses_is_an_error_that_no_sdk_repeats(sdk, gateway, fault):
    assert fault.partition("=")[0] in FAULTS
    jobs = len(gateway.sandbox.tasks)
    seen: list[object] = []
    sdk._client.event_hooks["response"].append(seen.append)  # noqa: SLF001 (it counts)
    if fault == "429-retry-after=1":
        assert sdk.videos.create(**{**ORDER, "prompt": f"a [fault:{fault}]"}).status == "queued"
        jobs += 1
    else:
        with pytest.raises(openai.APIStatusError):
            sdk.videos.create(**{**ORDER, "prompt": f"a fox [fault:{fault}]"})
    assert len(seen) == 1
    assert len(gateway.sandbox.tasks) == jobs


def test_a_key_leads_to_one_job(http, gateway):
    answers = [create(http, key="order 7") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200] * 3
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert gateway.paid == 1
    other = create(http, key="order 7", prompt="a cat")
    assert (other.status_code, other.headers["x-should-retry"]) == (400, "false")
    assert other.json()["error"]["code"] == "idempotency_key_reused"
    assert create(http, key="x" * 257).status_code == 400
    http.delete(f"/videos/{answers[0].json()['id']}")
    assert "was deleted" in create(http, key="order 7").json()["error"]["message"]


def test_a_key_that_is_used_at_once_leads_to_one_job(gateway):
    ids = []

    def work():
        with httpx.Client(base_url=f"{gateway.url}/v1", timeout=20, verify=NO_TLS) as http:
            ids.append(create(http, key="order 8").json()["id"])

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(ids), len(set(ids)), gateway.paid) == (8, 1, 1)


def test_equal_creates_are_two_jobs_and_a_repeat_is_none(http, gateway):
    order = {"prompt": "two foxes"}
    first, second = create(http, **order).json()["id"], create(http, **order).json()["id"]
    assert first != second
    # Both were answered, as far as the gateway can tell: the repeat is of the newest.
    assert create(http, 1, **order).json()["id"] == second
    assert create(http, 1, prompt="another fox").status_code == 200
    assert gateway.paid == 3


def test_the_sdk_repeats_by_itself_where_the_answer_is_lost(gateway):
    lost: list[bytes] = []

    def behave(listener, connection):
        """Pass a request on; the answer to the first one is lost."""
        while data := read_request(connection):
            listener.requests.append(data)
            host, _, port = gateway.url.removeprefix("http://").partition(":")
            answer = _exchange(host, int(port), data)
            if not lost:
                lost.append(answer)
                return
            connection.sendall(answer)

    with (
        Listener(behave) as proxy,
        openai.OpenAI(api_key="any", base_url=f"{proxy.url}/v1") as client,
    ):
        video = client.videos.create(**{**ORDER, "prompt": "a lost fox"})
        other = client.videos.create(**{**ORDER, "prompt": "a lost fox"})

    assert video.id.encode() in lost[0]
    assert b"x-stainless-retry-count: 1" in proxy.requests[1].lower()
    assert not any(b"idempotency-key" in request.lower() for request in proxy.requests)
    assert other.id != video.id
    assert gateway.paid == 2


def _exchange(host, port, data):
    import socket

    with socket.create_connection((host, port)) as connection:
        connection.sendall(data.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n", 1))
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    return answer


@contextmanager
def run_another(gateway, folder):
    with (
        Running(gateway.sandbox, gateway.clock, folder) as running,
        httpx.Client(base_url=f"{running.url}/v1", timeout=20, verify=NO_TLS) as http,
    ):
        yield http


def test_a_new_process_finds_the_job_of_a_repeat_in_the_journal(gateway, tmp_path):
    with run_another(gateway, tmp_path) as http:
        before = create(http, prompt="an old fox").json()["id"]
    with run_another(gateway, tmp_path) as http:
        assert create(http, 1, prompt="an old fox").json()["id"] == before
        assert create(http, 0, prompt="an old fox").json()["id"] != before
        assert http.get(f"/videos/{before}").status_code == 200
    assert gateway.paid == 2


async def test_what_a_repeat_is_given():
    clock = VirtualClock()
    begun: list[Job] = []

    async def find_begun(owner, start):
        return begun

    repeats = Repeats(clock, find_begun)

    async def begin(*, repeats_it=True):
        return await repeats.begin("me", "d" * 64, repeats=repeats_it)

    first, second = await begin(repeats_it=False), await begin(repeats_it=False)
    assert await begin() is first  # neither is answered: the oldest
    first.fate, second.fate = Fate.DELIVERED, Fate.INVITED
    assert await begin() is second  # it was asked to come again
    second.fate = Fate.LOST
    third = await begin(repeats_it=False)
    assert await begin() is second  # its client was gone
    repeats.forget("me", "d" * 64, third)
    clock.advance(3600)
    assert (await begin()).job_id not in {first.job_id, second.job_id}


async def test_few_bodies_are_remembered(monkeypatch):
    monkeypatch.setattr("anyvideo.gateway.repeats._MOST", 1)

    async def find_begun(owner, start):
        return []

    repeats = Repeats(VirtualClock(), find_begun)
    first = await repeats.begin("me", "a" * 64, repeats=False)
    await repeats.begin("me", "b" * 64, repeats=False)
    assert await repeats.begin("me", "a" * 64, repeats=True) is not first


def test_max_cost_is_held(http, gateway):
    refused = create(http, anyvideo={"max_cost": "0.01"})
    assert refused.status_code == 400
    assert "max_cost is 0.01 USD" in refused.json()["error"]["message"]
    assert gateway.paid == 0
