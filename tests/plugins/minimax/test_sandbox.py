"""MiniMax's wires in the sandbox answer and refuse as the documents say, and the adapter passes them over HTTP."""

import base64
from typing import Any

import httpx
import pytest

from anyvideo import ExpiredError, Image, ProviderError, Status, TaskFailedError, VideoJob
from anyvideo.sandbox import Sandbox, VirtualClock
from anyvideo.testing import draw_picture
from anyvideo_plugins.minimax.sandbox.wire import VENDOR
from tests.clients import KINDS

V2, V1 = "/minimax/v2", "/minimax/v1"
IMAGE = "https://example.com/image.png"
VIDEO = "https://example.com/video.mp4"
ORDER: dict[str, Any] = {
    "model": "MiniMax-H3",
    "content": [{"type": "text", "text": "A red fox runs through fresh snow"}],
    "ratio": "16:9",
    "resolution": "768P",
    "duration": 5,
}
OLD_ORDER: dict[str, Any] = {"model": "MiniMax-Hailuo-02", "prompt": "A red fox"}
FAST = "MiniMax-Hailuo-2.3-Fast"
OK = {"status_code": 0, "status_msg": "success"}


def media(url=IMAGE, role="first_frame", kind="image"):
    return {"type": f"{kind}_url", f"{kind}_url": {"url": url}, "role": role}


def data(width=400, height=300, kind="png", told=None):
    body = base64.b64encode(draw_picture(width, height, kind)).decode()
    return f"data:image/{told or kind};base64,{body}"


FIRST, LAST = media(), media(role="last_frame")
FACE = media(role="reference_image")
CLIP, SONG = media(VIDEO, "reference_video", "video"), media(VIDEO, "reference_audio", "audio")
HERO = [{"type": "character", "image": [IMAGE]}]


def changed(*items, **fields):
    """An order of H3 with more items and other fields; None leaves a field out."""
    whole = {**ORDER, **fields}
    if items:
        whole["content"] = [*ORDER["content"], *items]
    return {name: value for name, value in whole.items() if value is not None}


def old(**fields):
    """An order of Hailuo with other fields; None leaves a field out."""
    return {name: value for name, value in {**OLD_ORDER, **fields}.items() if value is not None}


def refusal(answer):
    error = answer.json()["error"]
    assert answer.json()["type"] == "error"
    assert error["http_code"] == str(answer.status_code)
    return answer.status_code, error["type"], error["message"].rpartition(" ")[2]


def old_refusal(answer):
    assert answer.status_code == 200
    return answer.json()["base_resp"]["status_code"]


@pytest.fixture
def post(client):
    return lambda order: client.post(f"{V2}/video_generation", json=order)


@pytest.fixture
def old_post(client):
    return lambda order: client.post(f"{V1}/video_generation", json=order)


@pytest.fixture
def show(client):
    return lambda task: client.get(f"{V2}/query/video_generation/{task}").json()["task"]


@pytest.fixture
def old_show(client):
    return lambda task: client.get(f"{V1}/query/video_generation", params={"task_id": task}).json()


class TestTasks:
    def test_the_documented_samples(self, sandbox, post, show):
        created = post(ORDER).json()
        task = created["task_id"]
        assert created == {"task_id": task}
        assert task.isdecimal()
        common = {
            "id": task,
            "model": "MiniMax-H3",
            "created_at": 1_800_000_000,
            "resolution": "768P",
            "duration": 5,
            "ratio": "16:9",
            "task_type": "generation",
            "modality": "video",
        }
        nothing = {
            "total_seconds": 0,
            "input_seconds": 0,
            "output_seconds": 0,
            "input_image_count": 0,
        }
        queued = {**common, "status": "queued", "updated_at": 1_800_000_000, "usage": nothing}
        assert show(task) == queued
        sandbox.advance(1)
        assert show(task) == {**queued, "status": "running"}
        sandbox.advance(2)
        assert show(task) == {
            **common,
            "status": "succeeded",
            "updated_at": 1_800_000_003,
            "content": {"url": f"{sandbox.url}/files/{task}.mp4"},
            "usage": {**nothing, "total_seconds": 5, "output_seconds": 5},
        }

    def test_the_documented_samples_of_hailuo(self, sandbox, client, old_post, old_show):
        created = old_post(OLD_ORDER).json()
        task = created["task_id"]
        assert created == {"task_id": task, "base_resp": OK}
        common = {"task_id": task, "file_id": "", "base_resp": OK}
        assert old_show(task) == {**common, "status": "Queueing"}
        sandbox.advance(1)
        assert old_show(task) == {**common, "status": "Processing"}
        sandbox.advance(2)
        shown = old_show(task)
        assert shown == {
            **common,
            "status": "Success",
            "file_id": f"2{task}",
            "video_width": 1366,
            "video_height": 768,
        }
        found = client.get(f"{V1}/files/retrieve", params={"file_id": shown["file_id"]}).json()
        assert found["file"]["download_url"] == f"{sandbox.url}/files/{task}.mp4"
        assert (found["file"]["file_id"], found["base_resp"]) == (int(f"2{task}"), OK)

    @pytest.mark.parametrize(
        ("order", "film"),
        [
            (changed(), "5|1366x768"),
            (changed(resolution="2K", ratio="9:16", duration=15), "15|1440x2560"),
            (changed(FIRST, ratio="9:16"), "5|1366x768"),
            (changed(media(data(300, 400)), ratio="16:9"), "5|768x1024"),
            (changed(FACE, ratio="1:1"), "5|768x768"),
            (changed(media(data(300, 400), "reference_image"), ratio=None), "5|768x1024"),
            (changed(model="MiniMax-H3-Max", resolution="480P"), "5|854x480"),
        ],
    )
    def test_what_is_made(self, sandbox, client, post, show, order, film):
        task = post(order).json()["task_id"]
        sandbox.advance(3)
        prompt = ORDER["content"][0]["text"]
        assert client.get(show(task)["content"]["url"]).text.startswith(f"{prompt}|{film}|")

    @pytest.mark.parametrize(("word", "code"), [("fail-at=50", "1000"), ("moderated=50", "1027")])
    def test_a_task_fails_with_http_200(self, sandbox, post, old_post, show, old_show, word, code):
        prompt = f"x [fault:{word}]"
        task = post(changed(content=[{"type": "text", "text": prompt}])).json()["task_id"]
        other = old_post(old(prompt=prompt)).json()["task_id"]
        sandbox.advance(2)
        assert (show(task)["status"], show(task)["error"]["code"]) == ("failed", code)
        shown = old_show(other)
        assert (shown["status"], str(shown["base_resp"]["status_code"])) == ("Fail", code)

    def test_each_wire_knows_its_own_tasks(self, client, post, old_post):
        new, previous = post(ORDER).json()["task_id"], old_post(OLD_ORDER).json()["task_id"]
        for task in (previous, "4", ""):
            found = client.get(f"{V2}/query/video_generation/{task}")
            assert found.status_code in {400, 404}
        for task in (new, "4", ""):
            query = {"task_id": task}
            assert old_refusal(client.get(f"{V1}/query/video_generation", params=query)) == 2013
        assert refusal(client.get("/minimax/v3/video"))[0] == 404
        assert old_refusal(client.get(f"{V1}/files/retrieve", params={"file_id": "7"})) == 2013


class TestDeleting:
    def test_a_queued_task_is_cancelled_once(self, sandbox, client, post, show):
        task = post(ORDER).json()["task_id"]
        path = f"{V2}/video_generation/{task}"
        done = {"task_id": task, "action": "cancelled", "status": "cancelled"}
        assert client.delete(path).json() == done
        sandbox.advance(9)
        assert show(task)["status"] == "cancelled"
        assert refusal(client.delete(path)) == (400, "bad_request_error", "(2013)")

    def test_a_running_task_is_not(self, sandbox, client, post, show):
        task = post(ORDER).json()["task_id"]
        sandbox.advance(1)
        assert client.delete(f"{V2}/video_generation/{task}").status_code == 400
        assert show(task)["status"] == "running"

    def test_a_task_that_has_ended_is_forgotten(self, sandbox, client, post):
        task = post(ORDER).json()["task_id"]
        sandbox.advance(3)
        assert client.delete(f"{V2}/video_generation/{task}").json()["action"] == "deleted"
        refused = client.get(f"{V2}/query/video_generation/{task}")
        assert "invalid task_id" in refused.json()["error"]["message"]


class TestOrders:
    @pytest.mark.parametrize(
        "order",
        [
            changed(FIRST),
            changed({"type": "image_url", "image_url": {"url": IMAGE}}, ratio="adaptive"),
            changed(FIRST, LAST),
            changed(*[FACE] * 9, *[CLIP] * 3, *[SONG] * 3, ratio="adaptive"),
            changed(CLIP, ratio=None),
            changed(media("mm_file://176844028768320")),
            changed(media(data(kind="jpeg"))),
            changed(media(data(256, 256, kind="webp"), "reference_image")),
            changed(aigc_watermark=False, callback_url="https://example.com/hook"),
            changed(duration=4, resolution="2K"),
            changed(model="MiniMax-H3-Max", extra={"prompt_expansion_mode": "quality"}),
            changed(unheard_of=1),
        ],
    )
    def test_what_h3_takes(self, post, order):
        assert post(order).status_code == 200

    @pytest.mark.parametrize(
        "order",
        [
            old(duration=10, resolution="768P"),
            old(duration=6, resolution="1080P"),
            old(resolution="512P", first_frame_image=IMAGE),
            old(first_frame_image=data(320, 320), last_frame_image=IMAGE, prompt=None),
            old(last_frame_image=IMAGE),
            old(model="MiniMax-Hailuo-2.3", first_frame_image=IMAGE, fast_pretreatment=True),
            old(model=FAST, first_frame_image=IMAGE, prompt_optimizer=False),
            old(model="S2V-01", subject_reference=HERO),
            old(aigc_watermark=True, callback_url="https://example.com/hook"),
        ],
    )
    def test_what_hailuo_takes(self, old_post, order):
        assert old_refusal(old_post(order)) == 0

    @pytest.mark.parametrize(
        "fields",
        [
            {"content": None},
            {"content": []},
            {"content": "a fox"},
            {"content": [{"type": "text", "text": " "}]},
            {"content": [FIRST]},
            {"content": [*ORDER["content"], *ORDER["content"]]},
            {"content": [{"type": "text", "text": "x" * 7001}]},
            {"content": [{"type": "draft"}]},
            {"content": [*ORDER["content"], {"type": "image_url", "image_url": IMAGE}]},
            {"resolution": None},
            {"resolution": "2k"},
            {"resolution": "1080P"},
            {"resolution": "480P"},
            {"duration": None},
            {"duration": "5"},
            {"duration": 5.5},
            {"duration": 3},
            {"duration": 16},
            {"ratio": None},
            {"ratio": "adaptive"},
            {"ratio": "9:21"},
            {"aigc_watermark": "false"},
            {"callback_url": "example.com"},
            {"extra": {"prompt_expansion_mode": "quality"}},
            {"model": None},
            {"model": "MiniMax-Hailuo-02"},
            {"model": "MiniMax-H3-Max", "resolution": "2K"},
            {"model": "MiniMax-H3-Max", "duration": 4},
        ],
    )
    def test_parameters_that_h3_refuses(self, sandbox, post, fields):
        assert refusal(post(changed(**fields))) == (400, "bad_request_error", "(2013)")
        assert sandbox.tasks == ()

    @pytest.mark.parametrize(
        ("items", "words"),
        [
            ([FIRST, FACE], "cannot be mixed"),
            ([LAST], "last_frame requires first_frame"),
            ([FIRST, FIRST], "one first_frame"),
            ([FACE] * 10, "too many references"),
            ([CLIP] * 4, "too many references"),
            ([FACE, *[SONG] * 4], "too many references"),
            ([SONG], "reference_audio requires"),
            ([media(role="hero")], "unsupported role for image"),
            ([media(VIDEO, "first_frame", "video")], "unsupported role for video"),
            ([media("ftp://a.b/c.mp4", "reference_video", "video")], "video_url.url is required"),
            ([media("")], "image is required"),
            ([media("ftp://a.b/c.png")], "public url or a data url"),
            ([media("data:image/png;base64,%%")], "public url or a data url"),
            ([media(data(told="PNG"))], "public url or a data url"),
            ([media(data(told="jpeg"))], "public url or a data url"),
            ([media(data(255, 300))], "outside the range"),
            ([media(data(1000, 300))], "aspect ratio"),
        ],
    )
    def test_contents_that_h3_refuses(self, post, items, words):
        refused = post(changed(*items))
        assert refused.status_code == 400
        assert words in refused.json()["error"]["message"]

    @pytest.mark.parametrize(
        "fields",
        [
            {"prompt": None},
            {"prompt": "x" * 2001},
            {"prompt": 7},
            {"duration": "6"},
            {"duration": 5},
            {"duration": 10, "resolution": "1080P"},
            {"resolution": "768p"},
            {"resolution": "720P"},
            {"resolution": "512P"},
            {"resolution": "512P", "first_frame_image": IMAGE, "last_frame_image": IMAGE},
            {"prompt_optimizer": "true"},
            {"fast_pretreatment": 1},
            {"first_frame_image": "a.png"},
            {"first_frame_image": "mm_file://1"},
            {"first_frame_image": data(300, 400)},
            {"first_frame_image": data(900, 320)},
            {"subject_reference": HERO},
            {"model": None},
            {"model": "MiniMax-H3"},
            {"model": "MiniMax-Hailuo-2.3", "last_frame_image": IMAGE},
            {"model": "MiniMax-Hailuo-2.3", "resolution": "512P", "first_frame_image": IMAGE},
            {"model": FAST},
            {"model": "S2V-01"},
            {"model": "S2V-01", "subject_reference": HERO, "resolution": "720P"},
            {"model": "S2V-01", "subject_reference": HERO * 2},
            {"model": "S2V-01", "subject_reference": [{"type": "dog", "image": [IMAGE]}]},
            {"model": "S2V-01", "subject_reference": [{"type": "character", "image": IMAGE}]},
        ],
    )
    def test_parameters_that_hailuo_refuses(self, sandbox, old_post, fields):
        assert old_refusal(old_post(old(**fields))) == 2013
        assert sandbox.tasks == ()

    def test_an_image_that_is_too_large(self, post, old_post):
        for most, send in ((30 << 20, post), (20 << 20, old_post)):
            body = base64.b64encode(draw_picture(400, 320).ljust(most, b"\0")).decode()
            url = f"data:image/png;base64,{body}"
            order = changed(media(url)) if send is post else old(first_frame_image=url)
            assert "too large" in send(order).text

    def test_bodies_that_are_no_objects(self, client):
        assert refusal(client.post(f"{V2}/video_generation", content=b"[1]"))[0] == 400
        assert old_refusal(client.post(f"{V1}/video_generation", content=b"[1]")) == 2013

    @pytest.mark.parametrize(
        ("headers", "expected", "code"),
        [
            ({}, (401, "authorized_error", "(1004)"), 1004),
            ({"authorization": "Token k"}, (401, "authorized_error", "(1004)"), 1004),
            ({"x-api-key": "k"}, (401, "authorized_error", "(1004)"), 1004),
            (
                {"authorization": "Bearer sandbox-401"},
                (401, "authorized_error", "(2049)"),
                2049,
            ),
            (
                {"authorization": "Bearer sandbox-402"},
                (402, "insufficient_balance_error", "(1008)"),
                1008,
            ),
        ],
    )
    def test_keys(self, sandbox, headers, expected, code):
        url = f"{sandbox.url}{V2}/video_generation"
        assert refusal(httpx.post(url, json=ORDER, headers=headers)) == expected
        url = f"{sandbox.url}{V1}/video_generation"
        assert old_refusal(httpx.post(url, json=OLD_ORDER, headers=headers)) == code


# ---- the adapter over HTTP, with both clients


@pytest.fixture(params=list(KINDS))
def user(request):
    """A client of either kind, and the sandbox that it speaks to."""
    clock = VirtualClock()
    with Sandbox(vendors=[VENDOR], clock=clock) as sandbox:
        china = {"adapter": "minimax", "settings": {"region": "cn"}}
        config = {"providers": {"minimax-cn": china}}
        with KINDS[request.param](config, sandbox=sandbox, journal=None, clock=clock) as client:
            yield client, sandbox


H3, HAILUO = "minimax/minimax-h3", "minimax/hailuo-02"


@pytest.mark.parametrize(
    ("model", "wishes", "size"),
    [
        (H3, {"seconds": 4, "aspect_ratio": "9:16"}, (4, 1440, 2560)),
        ("minimax-cn/minimax-h3-max", {"resolution": "480p"}, (5, 854, 480)),
        (HAILUO, {}, (6, 1366, 768)),
        ("minimax-cn/hailuo-2.3", {"seconds": 10}, (10, 1366, 768)),
    ],
)
def test_a_video_is_made(user, tmp_path, model, wishes, size):
    client, sandbox = user
    video = client.generate(VideoJob("a fox", **wishes), tmp_path / "fox.mp4", model)

    assert (video.facts.seconds, video.facts.width, video.facts.height) == size
    assert video.task.cost is None
    assert len(sandbox.posts("minimax")) == 1


@pytest.mark.parametrize(
    ("model", "role", "size"),
    [
        (H3, "first_frame", (1920, 1440)),
        (H3, "reference", (1920, 1440)),
        (HAILUO, "first_frame", (1024, 768)),
        ("minimax/hailuo-2.3-fast", "first_frame", (1024, 768)),
        ("minimax/s2v-01", "reference", (1280, 720)),
    ],
)
def test_a_local_picture_becomes_a_video(user, tmp_path, model, role, size):
    client, sandbox = user
    picture = draw_picture(440, 330)
    job = VideoJob("a fox", images=(Image(picture, role),))
    video = client.generate(job, tmp_path / "fox.mp4", model)

    assert (video.facts.width, video.facts.height) == size
    (order,) = sandbox.posts("minimax")
    assert b"data:image/png;base64," + base64.b64encode(picture) in order.body
    assert order.headers["authorization"] == "Bearer sandbox"


@pytest.mark.parametrize("model", [H3, HAILUO])
@pytest.mark.parametrize(
    ("word", "kind"), [("fail-at=50", "server"), ("moderated=50", "content_policy")]
)
def test_a_failure(user, tmp_path, model, word, kind):
    client, _ = user
    with pytest.raises(TaskFailedError) as caught:
        client.generate(VideoJob(f"a fox [fault:{word}]"), tmp_path / "fox.mp4", model)

    task = caught.value.task
    assert task is not None
    assert task.error is not None
    assert task.error.kind == kind


@pytest.mark.parametrize("model", [H3, HAILUO])
@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("no-money", "insufficient_funds"),
        ("moderated", "content_policy"),
        ("429=9", "rate_limited"),
    ],
)
def test_refusals(user, model, word, kind):
    client, sandbox = user
    with pytest.raises(ProviderError) as caught:
        client.submit(VideoJob(f"a fox [fault:{word}]"), model)

    assert caught.value.kind == kind
    assert sandbox.tasks == ()


def test_a_queued_job_is_cancelled_and_a_running_one_goes_on(user):
    client, sandbox = user
    queued = client.cancel(client.submit(VideoJob("a fox"), H3))
    running = client.submit(VideoJob("a hare"), H3)
    hailuo = client.cancel(client.submit(VideoJob("an owl"), HAILUO))
    sandbox.advance(1)
    running = client.cancel(running)

    assert (queued.status, queued.cost) == (Status.CANCELLED, 0)
    assert client.status(queued).status == Status.CANCELLED
    assert (running.status, running.cost) == (Status.RUNNING, None)
    assert hailuo.status == Status.QUEUED
    assert client.wait(running).status == client.wait(hailuo).status == Status.SUCCEEDED


@pytest.mark.parametrize("model", [H3, HAILUO])
@pytest.mark.parametrize("word", ["expired", "expired-url"])
def test_a_link_that_is_dead(user, tmp_path, model, word):
    client, _ = user
    task = client.wait(client.submit(VideoJob(f"a fox [fault:{word}]"), model))
    if word == "expired-url":
        assert client.download(task, tmp_path / "fox.mp4").size > 0
        return
    with pytest.raises(ExpiredError):
        client.download(task, tmp_path / "fox.mp4")


@pytest.mark.parametrize("model", [H3, HAILUO])
@pytest.mark.parametrize("word", ["poll-503=2", "poll-429=2", "poll-drop=1", "unknown-status"])
def test_polls_that_fail_are_made_again(user, tmp_path, model, word):
    client, _ = user
    job = VideoJob(f"a fox [fault:{word}]")
    assert client.generate(job, tmp_path / "fox.mp4", model).size > 0
