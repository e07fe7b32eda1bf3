"""The sandbox as a server: its life, its clock, its records, and its own paths."""

import sys
import threading
import time

import httpx
import pytest

from anyvideo.adapters.registry import load_registry
from anyvideo.sandbox import Recorded, Sandbox

ORDER = {"model": "sora-2", "prompt": "a fox", "seconds": "8", "size": "1280x720"}


def order(client, **changes):
    answer = client.post("/apiyi/v1/videos", json={**ORDER, **changes})
    assert answer.status_code == 200, answer.text
    return answer.json()["id"]


class TestLife:
    def test_each_adapter_has_its_wire_under_its_name(self, sandbox, client):
        served = client.get("/").json()["sandbox"]
        assert served == {name: sandbox.base_url(name) for name in sandbox.adapters}
        assert set(sandbox.adapters) == set(load_registry().adapters)
        unknown = client.get("/nowhere/v1/videos")
        assert unknown.status_code == 404
        assert "does not speak the wire of 'nowhere', only" in unknown.json()["error"]["message"]
        assert client.get("/favicon.ico").json()["sandbox"] == served

    def test_an_adapter_without_a_wire(self, sandbox):
        with pytest.raises(KeyError):
            sandbox.base_url("acme")

    def test_a_sandbox_that_was_not_started_says_so(self):
        with pytest.raises(RuntimeError, match="not running"):
            _ = Sandbox().url

    def test_a_sandbox_starts_once_and_stops_as_often_as_you_like(self):
        sandbox = Sandbox()
        assert sandbox.start() is sandbox
        with pytest.raises(RuntimeError, match="already"):
            sandbox.start()
        sandbox.stop()
        sandbox.stop()
        with sandbox:
            assert httpx.get(sandbox.url).status_code == 200

    def test_what_was_recorded_outlives_the_server(self, sandbox, client):
        video = order(client)
        sandbox.stop()
        assert [task.id for task in sandbox.tasks] == [video]
        assert len(sandbox.posts()) == 1

    def test_a_taken_port_is_an_error(self, sandbox):
        port = int(sandbox.url.rpartition(":")[2])
        with pytest.raises(OSError, match="in use"):
            Sandbox(port).start()

    def test_wrong_arguments(self):
        with pytest.raises(ValueError, match="unknown fault 'no'"):
            Sandbox(faults=("no",))
        with pytest.raises(ValueError, match="speed"):
            Sandbox(speed=0)
        with pytest.raises(ValueError, match="duration"):
            Sandbox(duration=-1)

    def test_stopping_ends_calls_that_wait(self):
        seen = []
        with Sandbox(faults=("slow-accept=60",)) as sandbox:

            def call():
                with pytest.raises(httpx.HTTPError) as caught:
                    httpx.post(
                        f"{sandbox.url}/apiyi/v1/videos",
                        json=ORDER,
                        headers={"authorization": "Bearer k"},
                    )
                seen.append(caught.value)

            thread = threading.Thread(target=call)
            thread.start()
            while not sandbox.tasks:
                time.sleep(0.001)
            begin = time.monotonic()
        thread.join()
        assert time.monotonic() - begin < 5
        assert seen

    def test_it_needs_no_http_client(self):
        import subprocess

        code = "import anyvideo.sandbox, sys; print('httpx' in sys.modules)"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
        assert done.stdout.split() == [b"False"]


class TestTime:
    def test_a_task_ripens_with_the_clock(self, sandbox, client):
        video = order(client)
        seen = []
        for _ in range(5):
            answer = client.get(f"/apiyi/v1/videos/{video}").json()
            seen.append((answer["status"], answer["progress"]))
            sandbox.advance(0.75)
        assert seen == [
            ("queued", 0),
            ("in_progress", 25),
            ("in_progress", 50),
            ("in_progress", 75),
            ("completed", 100),
        ]

    def test_speed_makes_everything_pass_faster(self, clock):
        with Sandbox(clock=clock, speed=3600, duration=7200, faults=("slow-accept=3600",)) as fast:
            headers = {"authorization": "Bearer k"}
            httpx.post(f"{fast.url}/apiyi/v1/videos", json=ORDER, headers=headers)
            assert clock.now() == 1_800_000_001  # an hour's answer took a second
            fast.advance(1)
            assert httpx.get(f"{fast.url}/_sandbox/tasks").json()[0]["state"] == "succeeded"
            (task,) = fast.tasks
            where = f"{fast.url}/apiyi/v1/videos/{task.id}/content"
            assert httpx.get(where, headers=headers).status_code == 200
            fast.advance(24)
            assert httpx.get(where, headers=headers).status_code == 404

    def test_dates_follow_the_clock(self, sandbox, client):
        assert client.get("/").headers["date"] == "Fri, 15 Jan 2027 08:00:00 GMT"

    def test_only_a_virtual_clock_can_be_advanced(self):
        with pytest.raises(TypeError, match="VirtualClock"):
            Sandbox().advance(1)


class TestRecords:
    def test_paid_calls_are_told_from_others(self, sandbox, client):
        video = order(client)
        client.get(f"/apiyi/v1/videos/{video}")
        client.post("/apimart/v1/uploads/images")
        client.post("/apimart/v1/videos/generations", json={})
        client.get("/_sandbox/tasks")
        client.get("/files/none.mp4")
        assert [(call.method, call.path, call.paid) for call in sandbox.requests] == [
            ("POST", "/v1/videos", True),
            ("GET", f"/v1/videos/{video}", False),
            ("POST", "/v1/uploads/images", False),
            ("POST", "/v1/videos/generations", True),
            ("GET", "/files/none.mp4", False),
        ]
        assert [call.adapter for call in sandbox.posts()] == ["apiyi", "apimart"]
        assert len(sandbox.posts("apiyi")) == 1
        first = sandbox.requests[0]
        assert first.headers["authorization"] == "Bearer sk-1"
        assert first.length == len(first.body) > 0
        assert "sk-1" not in repr(first)

    def test_other_processes_see_them_without_the_key(self, sandbox, client):
        order(client)
        httpx.get(f"{sandbox.url}/files/none.mp4?a=b")
        first, second = client.get("/_sandbox/requests").json()
        assert first["headers"]["authorization"] == "***"
        assert (first["adapter"], first["paid"], first["at"]) == ("apiyi", True, 1_800_000_000)
        assert second["query"] == {"a": "b"}
        assert "authorization" not in second["headers"]

    def test_tasks(self, sandbox, client):
        video = order(client)
        sandbox.advance(3)
        expected = {
            "id": video,
            "adapter": "apiyi",
            "model": "sora-2",
            "prompt": "a fox",
            "created_at": 1_800_000_000.0,
            "state": "succeeded",
        }
        assert client.get("/_sandbox/tasks").json() == [expected]

    def test_long_bodies_are_cut(self, sandbox, client):
        client.post("/apiyi/v1/videos", content=bytes(100_000))
        assert sandbox.requests[0].length == 100_000
        assert len(sandbox.requests[0].body) == 65_536

    def test_a_record_can_be_made_by_hand(self):
        assert Recorded("GET", "/", "", paid=False, at=0, length=0).body == b""


class TestControl:
    def test_faults_are_switched_by_another_process(self, sandbox, client):
        assert client.get("/_sandbox/faults").json()["names"] == []
        done = client.post("/_sandbox/faults", json={"names": ["stuck", "fail-at=80"]})
        assert done.json() == {"names": ["stuck", "fail-at=80"]}
        assert client.get("/_sandbox/faults").json()["names"] == ["stuck", "fail-at=80"]
        assert "stuck" in client.get("/_sandbox/faults").json()["known"]

    def test_the_clock_is_moved_by_another_process(self, clock, client):
        assert client.post("/_sandbox/advance", json={"seconds": 60}).json() == {
            "now": 1_800_000_060
        }
        assert clock.now() == 1_800_000_060

    @pytest.mark.parametrize(
        ("path", "body"),
        [
            ("faults", {"names": ["no"]}),
            ("faults", {"names": "stuck", "more": [1]}),
            ("faults", {"names": [1]}),
            ("faults", {}),
            ("faults", []),
            ("advance", {"seconds": -1}),
            ("advance", {"seconds": "1"}),
            ("advance", {"seconds": True}),
        ],
    )
    def test_nonsense_is_refused(self, client, path, body):
        refused = client.post(f"/_sandbox/{path}", json=body)
        if body == {"names": "stuck", "more": [1]}:
            assert refused.status_code == 200  # one name may come without a list
        else:
            assert refused.status_code == 400
            assert refused.json()["error"]

    def test_unknown_paths(self, client):
        assert client.get("/_sandbox/none").status_code == 404
        assert client.delete("/_sandbox/tasks").status_code == 404
