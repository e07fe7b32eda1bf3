"""Two gateways in front of one journal in Postgres, as two hosts behind one name."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx
import pytest

from anyvideo.sandbox import Sandbox
from anyvideo.session.clock import SystemClock
from tests.gateway.running import CONFIG, Running
from tests.gateway.test_money import ORDER
from tests.sandbox.fixtures import NO_TLS

KEY = {"idempotency-key": "order 7"}


@pytest.fixture
def hosts(postgres, sandbox_vendors, tmp_path):
    """A client of each gateway, and their sandbox."""
    place = postgres.make_database()
    with ExitStack() as stack:
        sandbox = stack.enter_context(Sandbox(vendors=sandbox_vendors))
        clients = []
        for name in ("one", "two"):
            folder = tmp_path / name
            folder.mkdir()
            running = Running(sandbox, SystemClock(), folder, CONFIG, journal=place)
            url = f"{stack.enter_context(running).url}/v1"
            clients.append(stack.enter_context(httpx.Client(base_url=url, verify=NO_TLS)))
        yield sandbox, clients


def test_a_key_is_one_job_whichever_host_is_asked(hosts):
    sandbox, clients = hosts
    with ThreadPoolExecutor(8) as threads:
        answers = list(
            threads.map(
                lambda number: clients[number % 2].post("/videos", json=ORDER, headers=KEY),
                range(16),
            )
        )

    told = [(answer.status_code, answer.text[:300]) for answer in answers]
    assert len(sandbox.tasks) == len(sandbox.posts()) == 1, told
    found = {answer.json()["id"] for answer in answers if answer.status_code == 200}
    assert len(found) == 1, told
    # A host that meets the other one in the midst of sending says that nothing was sent, and to wait.
    others = [answer for answer in answers if answer.status_code != 200]
    assert all(answer.headers["x-should-retry"] == "true" for answer in others), told

    (video_id,) = found
    for client in clients:
        video = client.post("/videos", json=ORDER, headers=KEY).json()
        assert video["id"] == client.get("/videos").json()["data"][0]["id"] == video_id
    assert clients[1].delete(f"/videos/{video_id}").json()["deleted"]
    assert len(sandbox.posts()) == 1
