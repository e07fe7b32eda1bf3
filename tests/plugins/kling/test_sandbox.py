"""Kling's wire in the sandbox: the adapter over real HTTP, and what the vendor's pages refuse."""

import asyncio
import base64
import re
from decimal import Decimal
from typing import Any

import httpx
import pytest

from anyvideo import (
    AmbiguousSubmitError,
    AsyncClient,
    Client,
    ExpiredError,
    Image,
    ProviderError,
    TaskFailedError,
    UnsupportedError,
    VideoJob,
)
from anyvideo.plugin import Request
from anyvideo.sandbox import Sandbox, VirtualClock, load_models
from anyvideo.testing import draw_picture
from anyvideo_plugins.kling.sandbox.wire import VENDOR
from anyvideo_plugins.kling.videos import Kling

START = 1_800_000_000.0
IMAGE = "https://example.com/fox.png"
TEXT = {"model_name": "kling-v3", "prompt": "a fox"}
FRAME = {**TEXT, "image": IMAGE}
OMNI = {"model_name": "kling-v3-omni", "prompt": "a fox", "aspect_ratio": "16:9"}
FIRST = {"image_url": IMAGE, "type": "first_frame"}
END = {"image_url": IMAGE, "type": "end_frame"}
TURBO = "/text-to-video/kling-3.0-turbo"
FROM_IMAGE = "/image-to-video/kling-3.0-turbo"
CONTENTS = [{"type": "prompt", "text": "a fox"}, {"type": "first_frame", "url": IMAGE}]


@pytest.fixture
def clock():
    return VirtualClock(START)


@pytest.fixture
def sandbox(clock):
    with Sandbox(vendors=[VENDOR], clock=clock) as running:
        yield running


@pytest.fixture
def client(sandbox, clock):
    with Client({}, sandbox=sandbox, journal=None, clock=clock) as client:
        yield client


@pytest.fixture
def call(sandbox):
    """Call the wire itself; a path without a slash is one below /v1/videos."""
    headers = {"authorization": "Bearer api-key-kling-1"}
    with httpx.Client(base_url=f"{sandbox.url}/kling", headers=headers) as http:

        def call(method, path, **more):
            whole = path if path.startswith("/") else f"/v1/videos/{path}"
            return http.request(method, whole, **more)

        yield call


def code_of(answer):
    return answer.status_code, answer.json()["code"]


def picture(width=640, height=360, kind="png"):
    return base64.b64encode(draw_picture(width, height, kind)).decode()


# ---- the adapter


@pytest.mark.parametrize(
    ("model", "path", "cost"),
    [
        ("kling-v3", "/v1/videos/text2video", "0.252"),
        ("kling-v3-omni", "/v1/videos/omni-video", "0.252"),
        ("kling-3.0-turbo", TURBO, "0.336"),
    ],
)
def test_a_text_becomes_a_film(client, sandbox, tmp_path, model, path, cost):
    job = VideoJob("a fox", seconds=3, aspect_ratio="9:16")
    video = client.generate(job, tmp_path / "fox.mp4", f"kling/{model}")

    assert (video.facts.seconds, video.facts.width, video.facts.height) == (3, 720, 1280)
    assert [post.path for post in sandbox.posts("kling")] == [path]
    assert (video.task.quote.amount, video.task.cost) == (Decimal(cost), Decimal(cost))
    assert video.task.expires_at.timestamp() >= START + 30 * 86_400


@pytest.mark.parametrize(
    ("model", "roles", "path"),
    [
        ("kling-v3", ("first_frame", "last_frame"), "/v1/videos/image2video"),
        ("kling-v1-6", ("reference", "reference"), "/v1/videos/multi-image2video"),
        ("kling-v3-omni", ("first_frame", "last_frame"), "/v1/videos/omni-video"),
        ("kling-video-o1", ("reference",), "/v1/videos/omni-video"),
        ("kling-3.0-turbo", ("first_frame",), FROM_IMAGE),
    ],
)
def test_local_images_become_a_film_with_asyncio(sandbox, clock, tmp_path, model, roles, path):
    files = [draw_picture(640 + number, 360) for number in range(len(roles))]
    job = VideoJob(
        "a fox", images=[Image(data, role) for data, role in zip(files, roles, strict=True)]
    )

    async def generate():
        async with AsyncClient({}, sandbox=sandbox, journal=None, clock=clock) as client:
            return await client.generate(job, tmp_path / "fox.mp4", f"kling/{model}")

    video = asyncio.run(generate())

    (post,) = sandbox.posts("kling")
    assert (post.path, video.facts.seconds) == (path, 5)
    assert all(base64.b64encode(data) in post.body for data in files)


@pytest.mark.parametrize("model", ["kling-v3", "kling-3.0-turbo"])
@pytest.mark.parametrize(
    ("fault", "kind", "message"),
    [
        ("fail-at=50", "server", "Internal error"),
        ("moderated=80", "content_policy", "Failure to pass the risk control system"),
        ("no-url", "server", "it succeeded without a video"),
    ],
)
def test_a_job_may_fail(client, tmp_path, model, fault, kind, message):
    with pytest.raises(TaskFailedError) as caught:
        client.generate(f"a fox [fault:{fault}]", tmp_path / "fox.mp4", f"kling/{model}")

    task = caught.value.task
    assert task is not None
    assert task.error is not None
    assert (task.error.kind, task.error.message) == (kind, message)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("429=9", "rate_limited"),
        ("no-money", "insufficient_funds"),
        ("moderated", "content_policy"),
    ],
)
def test_a_job_may_be_refused(client, fault, kind):
    with pytest.raises(ProviderError) as caught:
        client.submit(f"a fox [fault:{fault}]", "kling/kling-v3")

    assert caught.value.kind == kind


def test_a_busy_account_is_waited_for(client, sandbox, tmp_path):
    client.generate("a fox [fault:429]", tmp_path / "fox.mp4", "kling/kling-v3")

    assert len(sandbox.posts("kling")) == 2


@pytest.mark.parametrize("fault", ["poll-drop", "poll-503", "poll-html", "unknown-status"])
def test_a_poll_may_go_wrong(client, tmp_path, fault):
    video = client.generate(f"a fox [fault:{fault}]", tmp_path / "fox.mp4", "kling/kling-v3")

    assert video.task.status == "succeeded"


def test_a_file_may_have_expired_or_moved(client, tmp_path):
    moved = client.generate("a fox [fault:expired-url]", tmp_path / "a.mp4", "kling/kling-v3")
    with pytest.raises(ExpiredError):
        client.generate("a fox [fault:expired]", tmp_path / "b.mp4", "kling/kling-v3")

    assert moved.path.read_bytes()[4:8] == b"ftyp"


@pytest.fixture
def journaled(sandbox, clock, tmp_path):
    with Client({}, sandbox=sandbox, journal=tmp_path / "journal.db", clock=clock) as client:
        yield client


@pytest.mark.parametrize("fault", ["drop-after-accept", "502-after-accept", "truncated"])
@pytest.mark.parametrize(
    ("model", "images"), [("kling-v3", ()), ("kling-v3", (IMAGE,)), ("kling-v3-omni", (IMAGE,))]
)
def test_a_job_whose_answer_was_lost_is_found(journaled, sandbox, tmp_path, fault, model, images):
    job = VideoJob(f"a fox [fault:{fault}]", images=[Image(url) for url in images])
    with pytest.raises(AmbiguousSubmitError) as caught:
        journaled.submit(job, f"kling/{model}")
    task = journaled.resume(caught.value.task)

    (made,) = sandbox.tasks
    assert (task.id, made.order.details["own"]) == (made.id, task.ref)
    assert journaled.download(journaled.wait(task), tmp_path / "fox.mp4").task.id == made.id
    assert len(sandbox.posts("kling")) == 1


def test_a_lost_job_of_the_second_edition_stays_ambiguous(journaled, sandbox):
    with pytest.raises(AmbiguousSubmitError) as caught:
        journaled.submit("a fox [fault:drop-after-accept]", "kling/kling-3.0-turbo")
    with pytest.raises(AmbiguousSubmitError, match="shows no such job"):
        journaled.resume(caught.value.task)

    assert len(sandbox.posts("kling")) == 1


def test_no_job_can_be_cancelled(client):
    task = client.submit("a fox", "kling/kling-v3")

    with pytest.raises(UnsupportedError):
        client.cancel(task)


# ---- the wire: keys


def sign(key, now):
    return Kling().authorize(Request("GET", "/tasks"), key, b"", now)


@pytest.mark.parametrize(
    ("key", "late", "expected"),
    [
        ("sandbox-access:sandbox-secret", 0, (200, 0)),
        ("sandbox-access:sandbox-secret", 1799, (200, 0)),
        ("sandbox-access:sandbox-secret", 1800, (401, 1004)),
        ("sandbox-access:sandbox-secret", -10, (401, 1003)),
        ("sandbox-access:another-secret", 0, (401, 1002)),
        ("another-access:sandbox-secret", 0, (401, 1002)),
    ],
)
def test_a_token_is_checked(call, key, late, expected):
    headers = sign(key, START - late)

    assert code_of(call("POST", "text2video", json=TEXT, headers=headers)) == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", (401, 1001)),
        ("Token api-key-kling-1", (401, 1001)),
        ("Bearer a.b.c", (401, 1002)),
        ("Bearer e30.W10.c", (401, 1002)),
    ],
)
def test_other_keys_are_refused(call, header, expected):
    headers = {"authorization": header}

    assert code_of(call("POST", "text2video", json=TEXT, headers=headers)) == expected


def test_the_second_edition_takes_api_keys_only(call):
    refused = call(
        "POST",
        TURBO,
        json={"prompt": "a fox"},
        headers=sign("sandbox-access:sandbox-secret", START),
    )

    assert code_of(refused) == (401, 1002)
    assert "AK/SK" in refused.json()["message"]


# ---- the wire: tasks


def test_a_task_is_told_as_on_the_page(call, sandbox):
    made = call("POST", "text2video", json={**TEXT, "external_task_id": "mine", "duration": "3"})
    data = made.json()["data"]
    task = data["task_id"]
    common = {
        "task_id": task,
        "task_info": {"external_task_id": "mine"},
        "created_at": 1_800_000_000_000,
    }
    assert re.fullmatch(r"[1-9]{18}", task)
    assert data == {**common, "task_status": "submitted", "updated_at": 1_800_000_000_000}
    sandbox.advance(1)
    running = call("GET", f"text2video/{task}").json()["data"]
    assert (running["task_status"], running["task_status_msg"]) == ("processing", "")
    sandbox.advance(3)
    done = call("GET", "text2video/mine").json()
    assert (done["code"], done["message"]) == (0, "SUCCEED")
    assert done["data"] == {
        **common,
        "task_status": "succeed",
        "task_status_msg": "",
        "updated_at": 1_800_000_003_000,
        "task_result": {
            "videos": [{"id": task, "url": f"{sandbox.url}/files/{task}.mp4", "duration": "3.0"}]
        },
        "final_unit_deduction": "1.8",
    }


def test_a_task_of_the_second_edition_is_told_as_on_the_page(call, sandbox):
    body = {"prompt": "a fox", "options": {"external_task_id": "mine"}}
    task = call("POST", TURBO, json=body).json()["data"]["id"]
    sandbox.advance(4)
    (by_id,) = call("GET", "/tasks", params={"task_ids": task}).json()["data"]
    (by_name,) = call("GET", "/tasks", params={"external_task_ids": "mine"}).json()["data"]

    assert by_id == by_name
    assert (by_id["status"], by_id["external_id"]) == ("succeeded", "mine")
    assert by_id["outputs"][0]["type"] == "video"
    assert by_id["billing"] == [{"charge_type": "unit", "amount": "4", "package_type": "video"}]
    assert call("GET", "/tasks", params={"task_ids": "9"}).json()["data"] == []
    assert code_of(call("GET", "/tasks")) == (400, 1201)


def test_a_task_is_known_at_its_own_path_only(call):
    task = call("POST", "text2video", json=TEXT).json()["data"]["task_id"]

    assert code_of(call("GET", f"text2video/{task}")) == (200, 0)
    for other in ("image2video", "omni-video"):
        assert code_of(call("GET", f"{other}/{task}")) == (400, 1201)
    assert call("GET", "/tasks", params={"task_ids": task}).json()["data"] == []
    assert code_of(call("DELETE", f"text2video/{task}")) == (404, 1202)


def test_an_id_of_the_callers_own_is_taken_once_in_an_account(call):
    own = {"external_task_id": "mine"}
    call("POST", "text2video", json={**TEXT, **own})

    for path, body in (("image2video", {**FRAME, **own}), (TURBO, {"prompt": "x", "options": own})):
        refused = call("POST", path, json=body)
        assert code_of(refused) == (400, 1201)
        assert "already exists" in refused.json()["message"]


# ---- the wire: bodies


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("text2video", {**TEXT, "duration": 5}),
        ("text2video", {**TEXT, "duration": "5s"}),
        ("text2video", {**TEXT, "duration": "16"}),
        ("text2video", {**TEXT, "mode": "720p"}),
        ("text2video", {**TEXT, "sound": True}),
        ("text2video", {**TEXT, "sound": "off", "resolution": "720p"}),
        ("text2video", {**TEXT, "aspect_ratio": "4:3"}),
        ("text2video", {**TEXT, "seed": 7}),
        ("text2video", {**TEXT, "image": IMAGE}),
        ("text2video", {**TEXT, "prompt": ""}),
        ("text2video", {**TEXT, "prompt": "x" * 2501}),
        ("text2video", {**TEXT, "watermark_info": True}),
        ("text2video", {**TEXT, "watermark_info": {"enabled": "false"}}),
        ("text2video", {**TEXT, "cfg_scale": 0.5}),
        ("text2video", {**TEXT, "model_name": "kling-v1-6", "cfg_scale": 1.5}),
        ("text2video", {**TEXT, "model_name": "kling-v2-5-turbo", "sound": "on"}),
        ("text2video", {**TEXT, "model_name": "kling-v2-6", "sound": "on"}),
        ("text2video", {**TEXT, "model_name": "kling-v2-6", "mode": "4k"}),
        ("text2video", {**TEXT, "model_name": "kling-v2-1-master", "mode": "pro"}),
        ("text2video", {"model": "kling-v3", "prompt": "x", "duration": "3"}),
        ("image2video", TEXT),
        ("image2video", {**FRAME, "aspect_ratio": "16:9"}),
        ("image2video", {**FRAME, "image": f"data:image/png;base64,{picture()}"}),
        ("image2video", {**FRAME, "image": picture(299, 400)}),
        ("image2video", {**FRAME, "image": picture(1200, 400)}),
        ("image2video", {**FRAME, "image": picture(kind="webp")}),
        ("image2video", {**FRAME, "image": "aGVsbG8="}),
        ("image2video", {**TEXT, "image_tail": IMAGE}),
        ("image2video", {**FRAME, "image_tail": IMAGE, "model_name": "kling-v2-5-turbo"}),
        (
            "image2video",
            {
                **FRAME,
                "image_tail": IMAGE,
                "model_name": "kling-v2-6",
                "mode": "pro",
                "sound": "on",
            },
        ),
        (
            "image2video",
            {**FRAME, "image_tail": IMAGE, "model_name": "kling-v1", "static_mask": IMAGE},
        ),
        ("multi-image2video", {"prompt": "x", "image_list": []}),
        ("multi-image2video", {"prompt": "x", "image_list": [{"image_url": IMAGE}]}),
        ("multi-image2video", {"prompt": "x", "image_list": [{"image": IMAGE}] * 5}),
        ("omni-video", {**OMNI, "aspect_ratio": None}),
        ("omni-video", {**OMNI, "image_list": [FIRST]}),
        ("omni-video", {**OMNI, "aspect_ratio": None, "image_list": [END]}),
        ("omni-video", {**OMNI, "image_list": [{"image_url": IMAGE, "type": "last_frame"}]}),
        ("omni-video", {**OMNI, "image_list": [{"image": IMAGE}]}),
        ("omni-video", {**OMNI, "image_list": [{"image_url": IMAGE}] * 8}),
        ("omni-video", {**OMNI, "negative_prompt": "fog"}),
        ("omni-video", {**OMNI, "model_name": "kling-video-o1", "duration": "3"}),
        ("omni-video", {**OMNI, "model_name": "kling-video-o1", "sound": "off"}),
        ("omni-video", {**OMNI, "video_list": [{"video_url": IMAGE}], "sound": "on"}),
        (
            "omni-video",
            {
                **OMNI,
                "video_list": [{"video_url": IMAGE}],
                "image_list": [{"image_url": IMAGE}] * 5,
            },
        ),
        (TURBO, {}),
        (TURBO, {"prompt": "x", "model_name": "kling-3.0-turbo"}),
        (TURBO, {"prompt": "x", "settings": {"duration": "5"}}),
        (TURBO, {"prompt": "x", "settings": {"mode": "std"}}),
        (TURBO, {"prompt": "x", "settings": {"resolution": "4k"}}),
        (TURBO, {"prompt": "x", "settings": []}),
        (TURBO, {"prompt": "x", "settings": 5}),
        (TURBO, {"prompt": "x", "options": {"watermark": True}}),
        (TURBO, {"prompt": "x", "options": {"watermark_info": {"enabled": 1}}}),
        (TURBO, {"contents": CONTENTS}),
        (FROM_IMAGE, {"prompt": "x"}),
        (FROM_IMAGE, {"contents": CONTENTS[:1]}),
        (FROM_IMAGE, {"contents": [CONTENTS[0], 7]}),
        (FROM_IMAGE, {"contents": 7}),
        (FROM_IMAGE, {"contents": [*CONTENTS, CONTENTS[1]]}),
        (FROM_IMAGE, {"contents": [CONTENTS[0], {**CONTENTS[1], "type": "last_frame"}]}),
        (FROM_IMAGE, {"contents": CONTENTS, "settings": {"aspect_ratio": "16:9"}}),
        (FROM_IMAGE, {"contents": [{"type": "prompt"}, CONTENTS[1]]}),
    ],
)
def test_what_the_pages_refuse(call, path, body):
    refused = call("POST", path, json=body)

    assert code_of(refused) == (400, 1201), refused.text
    assert refused.json().keys() == {"code", "message", "request_id"}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("text2video", {**TEXT, "model_name": "kling-v9"}),
        ("text2video", {**TEXT, "model_name": 3}),
        ("text2video", {**TEXT, "model_name": "kling-v2-1"}),
        ("image2video", {**FRAME, "model_name": "kling-v3-omni"}),
        ("/text-to-video/kling-9", {"prompt": "x"}),
    ],
)
def test_an_unknown_model(call, path, body):
    assert code_of(call("POST", path, json=body)) == (404, 1203)


def test_a_body_that_cannot_be_read(call):
    as_json = {"content-type": "application/json"}

    assert code_of(call("POST", "text2video", content=b"{", headers=as_json)) == (400, 1200)
    assert code_of(call("POST", "text2video", data=TEXT)) == (400, 1201)


@pytest.mark.parametrize(
    ("path", "body", "model"),
    [
        ("text2video", {"model": "kling-v3", "prompt": "x"}, "kling-v1"),
        ("image2video", {"prompt": "x", "image": IMAGE}, "kling-v1"),
        ("multi-image2video", {"prompt": "x", "image_list": [{"image": IMAGE}]}, "kling-v1-6"),
        ("omni-video", {"prompt": "x", "aspect_ratio": "1:1"}, "kling-video-o1"),
    ],
)
def test_a_body_without_model_name_orders_the_oldest_model(call, sandbox, path, body, model):
    assert code_of(call("POST", path, json=body)) == (200, 0)
    assert [task.order.model for task in sandbox.tasks] == [model]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("image2video", {**FRAME, "image": picture(), "image_tail": IMAGE}),
        ("image2video", {**FRAME, "image": picture(kind="jpeg")}),
        ("image2video", {"model_name": "kling-v1-6", "mode": "pro", "image_tail": IMAGE}),
        ("omni-video", {**OMNI, "aspect_ratio": None, "image_list": [FIRST, END]}),
        ("omni-video", {**OMNI, "image_list": [{"image_url": IMAGE}] * 7, "sound": "on"}),
        ("omni-video", {**OMNI, "aspect_ratio": None, "video_list": [{"video_url": IMAGE}]}),
        ("text2video", {**TEXT, "model_name": "kling-v2-6", "mode": "pro", "sound": "on"}),
        ("text2video", {**TEXT, "multi_shot": True, "shot_type": "intelligence"}),
        ("text2video", {**TEXT, "model_name": "kling-v1-6", "cfg_scale": 0.5}),
        (FROM_IMAGE, {"contents": CONTENTS, "settings": {"resolution": "1080p", "duration": 15}}),
    ],
)
def test_what_the_pages_take(call, path, body):
    assert code_of(call("POST", path, json=body)) == (200, 0)


@pytest.mark.parametrize("table", ["text2video", "image2video", "multi_image2video", "omni_video"])
def test_every_model_of_the_tables_makes_a_film(call, sandbox, table):
    needs: dict[str, dict[str, Any]] = {
        "image2video": {"image": IMAGE},
        "multi_image2video": {"image_list": [{"image": IMAGE}]},
        "omni_video": {"aspect_ratio": "16:9"},
    }
    for name in load_models("anyvideo_plugins.kling.sandbox", "models.toml", table):
        body = {"model_name": name, "prompt": "x", **needs.get(table, {})}
        assert code_of(call("POST", table.replace("_", "-"), json=body)) == (200, 0)
    assert sandbox.tasks
