"""`anyvideo generate`."""

import json

import pytest

from anyvideo.cli.views.video import print_video
from anyvideo.files.mp4 import read
from anyvideo.tasks.report import Output
from anyvideo.tasks.task import Facts, Task, Video
from anyvideo.testing.samples import draw_picture

FOX = "A red fox runs through fresh snow at dawn"
GROK = "apiyi/grok-imagine-video-1.5"

GATEWAY = """
[providers.mygateway]
adapter = "openai-videos"
base_url = "https://gateway.example/v1"

[[offers]]
provider = "mygateway"
model = "kling-v3"
source = "https://gateway.example/docs"
seconds = [5, 10]
sizes = ["1280x720", "720x1280"]
"""
EXACT_FRAMES = """
[[offers]]
adapter = "apiyi"
model = "grok-imagine-video-1.5"
sizes = ["1280x720"]
images = { first_frame = 1, via = ["file"], match_size = true }
"""


def test_it_shows_the_plan_then_each_change_then_what_arrived(call, tmp_path):
    result = call("generate", FOX, "--sandbox", "-m", GROK, "--seconds", 4, "-o", "fox.mp4")

    assert (result.code, result.err) == (0, "")
    lines = result.lines
    assert lines[0] == GROK
    assert lines[1:5] == [
        f"  prompt  {FOX}",
        "  clip    4 s, 854x480",
        "  cost    0.32 USD (4 s x 0.08 USD/s), price of 2026-11-21",
        "          at the vendor; free in the sandbox",
    ]
    assert lines[5].startswith(f"sent to {GROK}: task ")
    assert any("running" in line and "%, usually" in line for line in lines)
    assert lines[-2].endswith("succeeded")
    assert lines[-1].startswith("fox.mp4: 4 s, 854x480, ")
    assert read(tmp_path / "fox.mp4").seconds == pytest.approx(4, abs=0.1)


def test_a_provider_without_code_runs_in_the_sandbox(call, tmp_path):
    (tmp_path / "gateway.toml").write_text(GATEWAY)
    order = ("-m", "mygateway/kling-v3", "--seconds", 5, "--size", "1280x720", "-o", "fox.mp4")
    result = call("generate", FOX, "--sandbox", "--config", "gateway.toml", *order)

    assert (result.code, result.err) == (0, "")
    assert result.lines[-1].startswith("fox.mp4: 5 s, 1280x720, ")


def test_json_leaves_stdout_to_the_program_and_tells_people_on_stderr(call, tmp_path):
    result = call("generate", FOX, "--sandbox", "-m", GROK, "-o", "fox.mp4", "--json")

    assert result.code == 0
    assert result.json["path"] == str(tmp_path / "fox.mp4")
    assert (result.json["width"], result.json["height"]) == (854, 480)
    assert result.json["task"]["status"] == "succeeded"
    assert "sent to" in result.err


def test_the_sandbox_has_a_model_for_those_who_name_none(call):
    result = call("generate", FOX, "--sandbox", "-o", "fox.mp4")

    assert result.code == 0
    assert result.out.startswith(f"without -m the sandbox uses {GROK}\n")


def test_without_a_model_and_a_sandbox_it_says_how_to_name_one(call):
    result = call("generate", FOX, "-o", "fox.mp4")

    assert result.code == 2
    assert result.err.startswith("anyvideo: no model: ")
    assert result.err.endswith("; -m names one\n")


def test_without_a_key_it_names_the_variable_and_the_sandbox(call, tmp_path):
    result = call("generate", FOX, "-m", GROK, "-o", "fox.mp4")

    assert result.code == 2
    assert result.err == (
        "anyvideo: no key for apiyi: set APIYI_API_KEY, or use --sandbox, which needs no key\n"
    )
    assert not (tmp_path / "fox.mp4").exists()


def test_a_long_prompt_in_every_script_arrives(call, account, sandbox):
    prompt = ("一只红狐在清晨的新雪中奔跑 🦊❄️ " * 200)[:3000]
    result = call("generate", prompt, "-o", "fox.mp4")

    assert result.code == 0
    assert "… (3000 characters)" in result.out
    (order,) = sandbox.posts("apiyi")
    assert json.loads(order.body)["prompt"] == prompt


@pytest.mark.parametrize(
    "arguments",
    [
        ["- a fox, whispering"],
        ["--", "-fox"],
        ["--", "- a fox"],
        ["-红狐在雪地里"],
        ["--style: noir. A fox"],
    ],
)
def test_a_prompt_may_begin_with_a_dash(call, account, sandbox, arguments):
    result = call("generate", *arguments[:-1], "-o", "fox.mp4", *arguments[-1:])
    if arguments[0] == "--":
        result = call("generate", "-o", "fox.mp4", *arguments)

    assert result.code == 0, result.err
    (order,) = sandbox.posts("apiyi")
    assert json.loads(order.body)["prompt"] == arguments[-1]


def test_a_prompt_with_a_dash_may_stand_before_the_dashes_that_it_would_need(call, account):
    assert call("generate", "- a fox", "-o", "fox.mp4", "--").code == 0


def test_what_the_vendor_bills_stands_beside_the_quote(call, account):
    result = call("generate", FOX, "-m", "apimart/kling-v3", "--seconds", 5, "-o", "fox.mp4")

    assert result.lines[-1] == "billed: 0.336 USD (quoted: 0.336 USD)"


def test_the_other_files_of_a_job_are_named(capsys, tmp_path):
    url = "https://x.example/1.mp4"
    files = (Output(url), Output("https://x.example/last.png", "last_frame"), Output("none"))
    task = Task("acme", "acme", "", "1", "m", "succeeded", video_url=url, outputs=files)
    video = Video(tmp_path / "fox.mp4", task, 1, Facts(4, None, None, None, None))
    print_video(video, json=False)

    assert capsys.readouterr().out.splitlines()[1:] == [
        "also: last_frame at https://x.example/last.png"
    ]


def test_a_mistyped_option_is_no_prompt(call):
    result = call("generate", FOX, "--secnds=4", "-o", "fox.mp4")

    assert result.code == 2
    assert "--secnds" in result.err
    assert "Put a prompt that begins with - behind --" in result.err
    assert "see: anyvideo generate --help" in result.err


def test_a_prompt_can_come_from_standard_input(call, account, sandbox):
    assert call("generate", "-", "-o", "fox.mp4", stdin=f"{FOX}\n".encode()).code == 0
    (order,) = sandbox.posts("apiyi")
    assert json.loads(order.body)["prompt"] == FOX


def test_a_missing_folder_is_made_and_an_existing_file_is_kept(call, account, sandbox, tmp_path):
    assert call("generate", FOX, "-o", "deep/down/fox.mp4").code == 0
    before = (tmp_path / "deep/down/fox.mp4").read_bytes()
    again = call("generate", "a wolf", "-o", "deep/down/fox.mp4")

    assert again.code == 2
    assert "--overwrite" in again.err
    assert len(sandbox.posts()) == 1
    assert (tmp_path / "deep/down/fox.mp4").read_bytes() == before
    assert call("generate", "a wolf", "-o", "deep/down/fox.mp4", "--overwrite").code == 0


def test_a_folder_gets_a_file_of_its_own(call, account, tmp_path):
    assert call("generate", FOX, "-o", "films/").code == 0
    assert [path.suffix for path in (tmp_path / "films").iterdir()] == [".mp4"]


def test_a_key_makes_the_call_safe_to_repeat(call, account, sandbox):
    assert call("generate", FOX, "-o", "fox.mp4", "--key", "order-7").code == 0
    assert call("generate", FOX, "-o", "again.mp4", "--key", "order-7").code == 0
    assert len(sandbox.posts()) == 1


def test_a_policy_changes_what_does_not_fit_and_the_plan_says_so(call, account):
    refused = call("generate", FOX, "--seconds", "40", "-o", "fox.mp4")
    bent = call("generate", FOX, "--seconds", "40", "--policy", "seconds=down", "-o", "fox.mp4")

    assert refused.code == 3
    assert "accepted: " in refused.err
    assert bent.code == 0
    assert "adjusted  seconds 40 -> 15" in bent.out


def test_a_saved_plan_is_applied_as_it_is(call, account, sandbox):
    assert call("plan", FOX, "--seconds", 4, "-o", "plan.json").code == 0
    assert call("generate", "--plan", "plan.json", "-o", "fox.mp4").code == 0
    changed = call("generate", "--plan", "plan.json", "--seconds", 5, "-o", "other.mp4")

    assert len(sandbox.posts()) == 1
    assert changed.code == 2
    assert "as it is" in changed.err


def test_a_file_that_differs_from_the_order_is_downloaded_and_named(call, account):
    result = call("generate", f"{FOX} [fault:wrong-size]", "-o", "fox.mp4", "--seconds", 4)

    assert result.code == 0
    assert "not as ordered: size ordered 854x480, delivered" in result.out


def test_a_first_frame_must_have_the_size_of_the_video(call, account, sandbox, tmp_path):
    with account.open("a", encoding="utf-8") as file:
        file.write(EXACT_FRAMES)
    (tmp_path / "frame.png").write_bytes(draw_picture(640, 480))
    wrong = call("generate", FOX, "--size", "1280x720", "--image", "frame.png", "-o", "fox.mp4")
    (tmp_path / "frame.png").write_bytes(draw_picture(1280, 720))
    right = call("generate", FOX, "--size", "1280x720", "--image", "frame.png", "-o", "fox.mp4")

    assert wrong.code == 3
    assert "is 640x480, but must be exactly 1280x720" in wrong.err
    assert right.code == 0, right.err
    assert len(sandbox.posts()) == 1


def test_on_a_terminal_the_progress_is_live(call, account, terminal):
    result = call("generate", FOX, "-o", "fox.mp4")

    assert result.code == 0
    assert "submitting" in result.out
    assert "fox.mp4: " in result.out
