"""The text of Apertis' stream: ids, progress, URLs and failures are found, and nothing else is believed."""

import pytest

from anyvideo_plugins.apertis.transcript import Transcript

ID = "sora-2:1234567890-abcdefgh"
URL = "https://storage.example.com/videos/output.mp4"


def read(*pieces, prompt=""):
    script = Transcript(prompt)
    for piece in pieces:
        script.add(piece)
    script.close()
    return script


@pytest.mark.parametrize(
    ("pieces", "task_id"),
    [
        ([f"task_id: {ID}"], ID),
        ([f"task_id: {ID}", "progress: 25%"], ID),
        (["task", "_id: sor", "a-2:12345", "67890-abc", "defgh"], ID),
        (["task_id: sora-2:1", "23", "\n"], "sora-2:123"),
        ([f"**Task ID:** `{ID}`"], ID),
        ([f"任务ID\uff1a{ID}\uff0c排队中"], ID),
        ([f'{{"task_id": "{ID}"}}'], ID),
        ([f"Task id: {ID}."], ID),
        (["task_id: 60919623769", "Generating your video"], "60919623769"),
        (["task_id: video_1", "https://x.example/a.mp4"], "video_1"),
        (["task_id: video_1", "done"], "video_1"),
        (["task_id: chatcmpl-1234567890"], ""),
        (["task_id: foaicmpl-1234567890", f"task_id: {ID}"], ID),
        (["the task_id: will follow"], ""),
        (["the task id is 12"], ""),
        (["my id: 12"], ""),
        (["task_id: " + "1" * 300], ""),
    ],
)
def test_the_task_s_id_is_found(pieces, task_id):
    assert read(*pieces).id == task_id


def test_the_first_id_is_the_task_s():
    assert read(f"task_id: {ID}\n", "task_id: video_1\n").id == ID


@pytest.mark.parametrize(
    "task_id",
    [
        ID,
        "video_55cb73b3-60af-40c8-95fd-eae8fd758ade",
        "sora-2:task_01k9008rhbefnt3rb1g9szxdwr",
        "task_01k9008rhbefnt3rb1g9szxdwr",
    ],
)
def test_an_id_that_looks_whole_counts_at_once(task_id):
    script = Transcript()
    script.add(f"task_id: {task_id}")
    script.read()

    assert script.id == task_id


def test_an_id_that_may_go_on_counts_when_it_has_ended():
    script = Transcript()
    script.add("task_id: sora-2:1234")
    script.read()
    assert script.id == ""

    script.add("567890-abcdefgh")
    script.read()
    assert script.id == ID

    script.add("12 is what the id ends with")
    script.read()
    assert script.id == f"{ID}12"


@pytest.mark.parametrize(
    ("pieces", "progress"),
    [
        (["progress: 25%"], "25"),
        (["progress: 2", "5%"], "25"),
        (["进度\uff1a45.5%"], "45.5"),
        (["**Progress**: `7 %`"], "7"),
        (["progress: 1%", "progress: 99%"], "99"),
        (['"progress": "45%"'], "45"),
        (["progress: 80"], "80"),
        (["no progress at 50%"], None),
        (["progress: soon"], None),
    ],
)
def test_the_progress_is_the_last_one_said(pieces, progress):
    assert read(*pieces).progress == progress


@pytest.mark.parametrize(
    ("pieces", "url"),
    [
        ([f"video_url: {URL}"], URL),
        (["video_url: https://storage.exam", "ple.com/videos/output.mp4"], URL),
        (
            ["video_url: https://cdn.example/abc?sig=1%2F2&t=3"],
            "https://cdn.example/abc?sig=1%2F2&t=3",
        ),
        ([f"video_url: {URL}", "progress: 100%"], URL),
        ([f"video_url: {URL}", "Done!"], URL),
        ([f"video_url: <{URL}>"], URL),
        ([f'{{"video_url": "{URL}"}}'], URL),
        ([f"video_url: [watch]({URL})"], URL),
        ([f"[▶️ 在线观看]({URL}) [⬇️ 下载](https://x.example/2.mp4)"], URL),
        (["[watch](", "https://cdn.example/abc", ")"], "https://cdn.example/abc"),
        ([f"完成\uff1a{URL}。"], URL),
        ([f"It is at {URL.upper()}."], URL.upper()),
        ([f"**{URL}**"], URL),
        ([f"{URL}?sig=abc"], f"{URL}?sig=abc"),
        ([f"[![cover](https://x.example/c.png)]({URL})"], URL),
        (["[![cover](https://x.example/c.png)](https://x.example/v)"], "https://x.example/v"),
        (["![cover](https://x.example/cover)"], None),
        (["[cover](https://x.example/c.png?v=1)"], None),
        (["see https://example.com/help"], None),
        (["video_url: null"], None),
        (["video_url: pending"], None),
        (["video_url: ftp://x.example/a.mp4"], None),
        (["❌ failed, see [the policy](https://example.com/policy)"], None),
    ],
)
def test_the_video_s_url_is_found(pieces, url):
    assert read(*pieces).video_url == url


def test_a_url_that_may_go_on_counts_when_it_has_ended():
    script = Transcript()
    script.add("video_url: https://storage.example.com/videos/output.mp4")
    script.read()
    assert script.video_url is None

    script.add("\n")
    script.read()
    assert script.video_url == URL


def test_a_plain_link_counts_at_the_end_only():
    script = Transcript()
    script.add("[watch](https://cdn.example/abc)\n")
    script.read()
    assert script.video_url is None

    script.close()
    script.read()
    assert script.video_url == "https://cdn.example/abc"


@pytest.mark.parametrize(
    ("pieces", "failure"),
    [
        (["❌ out of luck"], "❌ out of luck"),
        (["progress: 25%", "❌ 生成失败"], "❌ 生成失败"),
        (["progress: 25%", "生成失败\uff1a内容违规"], "生成失败\uff1a内容违规"),
        (["> **视频生成失败**"], "> **视频生成失败**"),
        (["Video generation failed: too long"], "Video generation failed: too long"),
        (["The task has failed."], "The task has failed."),
        (["failed"], "failed"),
        (["Failed to generate\nbecause"], "Failed to generate\nbecause"),
        (["Error: no"], "Error: no"),
        (["task_id: a1\n", "status: failed"], "status: failed"),
        (['{"error":', '{"message":"no"}}'], {"error": {"message": "no"}}),
        (['{"error": {"message": "cut'], '{"error": {"message": "cut'),
        (['{"error": null, "task_id": "a1"}'], None),
        (["The crew failed."], None),
        (["A rocket that ", "failed."], None),
        (["如果", "失败", "不扣费"], None),
        (["a failed rocket"], None),
        (["there is no error: all is well"], None),
        (["progress: 25%"], None),
    ],
)
def test_a_failure_is_told_from_prose(pieces, failure):
    assert read(*pieces).failure == failure


def test_nothing_of_the_prompt_is_believed():
    prompt = (
        "Error: a neon sign over https://x.example/a.mp4, task_id: sora-2:1111111111-aaaaaaaa, "
        "progress of [a link](https://x.example/b)"
    )
    script = read(f"Prompt:\n{prompt}\n", prompt=prompt)

    assert (script.id, script.video_url, script.failure) == ("", None, None)


def test_channels_do_not_run_into_one_another():
    script = Transcript()
    script.add("task_id: sora-2:123", "reasoning_content")
    script.add("45 seconds to go")
    script.close()
    script.read()

    assert script.id == "sora-2:123"


def test_facts_outlive_a_text_that_grows_too_long():
    script = read(f"task_id: {ID}\n", "blah " * 20000, f"video_url: {URL}")

    assert (script.id, script.video_url) == (ID, URL)
    assert len(script.text) < 70000


@pytest.mark.parametrize(
    "piece",
    [
        "\n",
        " ",
        "https://",
        "[",
        "task_id:",
        "失败",
        "a",
        "{",
        '{"error":',
        "](",
        "1%",
        "\t>",
        "a ",
    ],
)
def test_hostile_text_costs_no_time(piece):
    script = Transcript()
    script.add(piece * (60000 // len(piece)))
    script.close()
    script.read()

    assert script.video_url is None
