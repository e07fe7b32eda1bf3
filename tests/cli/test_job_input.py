"""From options and files to a job and a policy."""

import json
import os

import pytest

from anyvideo.cli.job_input import read_job, read_policy
from anyvideo.model.media import Image
from anyvideo.negotiation.policy import Policy

NOTHING = dict.fromkeys(("file", "seconds", "size", "aspect_ratio", "resolution"))
FILES = {"broken": b"{", "list": b"[1]", "binary": b"\xff\xfe\x00", "typo": b'{"promt": "x"}'}


def read(*settings, **given):
    return read_job({"prompt": "a fox", **NOTHING, "images": (), "settings": settings, **given})


def test_options_make_a_job():
    job = read(seconds=4.0, size="1280x720", images=("a=b.png", "last_frame=c.png"))

    assert (job.prompt, job.seconds, job.size) == ("a fox", 4, "1280x720")
    assert isinstance(job.seconds, int)
    assert job.images == (Image("a=b.png"), Image("c.png", "last_frame"))
    assert read(seconds=4.5, aspect_ratio="9:16", resolution="4K").seconds == 4.5


def test_set_reads_a_value_as_the_type_of_its_field():
    job = read(
        "audio=off",
        "watermark=No",
        "seed=0",
        "style=7",
        "negative_prompt=a=b",
        "options.apimart.mode=pro",
        "options.apimart.multi.shots=[1, 2]",
        "options.apimart.fast=true",
        "metadata.shot.a=7",
        "character.url=https://a/b",
        "character.timestamps=[1, 3]",
    )

    assert (job.audio, job.watermark, job.seed, job.style) == (False, False, 0, "7")
    assert job.negative_prompt == "a=b"
    assert job.options == {"apimart": {"mode": "pro", "multi": {"shots": [1, 2]}, "fast": True}}
    assert job.metadata == {"shot.a": "7"}
    assert job.character is not None
    assert job.character.timestamps == (1, 3)
    assert read('metadata={"a": "b"}').metadata == {"a": "b"}


def test_options_override_a_job_file(tmp_path):
    path = tmp_path / "job.json"
    job = {"prompt": "a wolf", "seconds": 8, "options": {"apimart": {"mode": "std", "a": 1}}}
    path.write_text(json.dumps(job), "utf-8-sig")
    read_back = read("options.apimart.mode=pro", file=str(path), prompt=None, seconds=4.0)

    assert (read_back.prompt, read_back.seconds) == ("a wolf", 4)
    assert read_back.options == {"apimart": {"mode": "pro", "a": 1}}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            [],
            "no prompt: pass PROMPT, - for standard input, or --job FILE.json; see: anyvideo plan",
        ),
        ([" "], "empty"),
        (["x", "--set", "seed"], "not FIELD=VALUE"),
        (["x", "--set", "audio=maybe"], "audio takes on or off"),
        (["x", "--set", "seed=x"], "seed"),
        (["x", "--set", "sed=7"], "did you mean seed?"),
        (["x", "--set", "seed.x=7"], "dots are for"),
        (["x", "--set", "options.apimart=7"], "dots are for"),
        (["x", "--set", "seconds=-1"], "seconds"),
        (["--job", "missing"], "missing cannot be read: No such file"),
        (["--job", "broken"], "not valid JSON"),
        (["--job", "list"], "not a JSON object"),
        (["--job", "binary"], "not UTF-8"),
        (["x", "--job", "typo"], "did you mean prompt?"),
    ],
)
def test_wrong_input_is_one_line_that_says_what_is_right(call, tmp_path, arguments, says):
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    result = call("plan", *arguments)

    assert (result.code, result.err.count("\n")) == (2, 1)
    assert says in result.err


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
@pytest.mark.parametrize("option", ["--job", "--plan"])
def test_a_pipe_is_not_waited_for(call, tmp_path, option):
    os.mkfifo(tmp_path / "pipe")
    result = call("generate", option, tmp_path / "pipe")

    assert (result.code, result.err.count("\n")) == (2, 1)
    assert "pipe cannot be read: it is no file" in result.err


def test_deep_json_is_one_line(call, tmp_path):
    (tmp_path / "deep").write_text("[" * 100_000)
    result = call("plan", "--job", tmp_path / "deep")

    assert (result.code, result.err.count("\n")) == (2, 1)
    assert "is not valid JSON" in result.err
    assert read(f"style={'[' * 100_000}").style.startswith("[[")
    assert "expected" in call("plan", "x", "--set", f"seconds={'[' * 50_000}").err


def test_every_wrong_rule_is_listed(call):
    rules = ("second=up", "seconds=bigger", "retired=up")
    result = call("plan", "x", *(word for rule in rules for word in ("--policy", rule)))

    first, second, third = result.err.splitlines()
    assert first.startswith("anyvideo: --policy second=up: ")
    assert "did you mean seconds?" in first
    assert "exact, nearest, up, down, drop" in second
    assert "refuse, allow" in third


def test_rules_replace_those_of_the_settings():
    policy = read_policy(["seconds=up", "retired=allow"], Policy(seconds="down", seed="drop"))

    assert policy == Policy(seconds="up", seed="drop", retired="allow")


def test_standard_input_is_text(call):
    assert "standard input is not UTF-8 text" in call("plan", "-", stdin=b"\xff").err
