import io
import json

import click
import pytest

from anyvideo.cli.wishes import has_wishes, read_job, read_policy
from anyvideo.errors import ConfigError, JobError
from anyvideo.model.media import Image
from anyvideo.negotiation.policy import Policy

NOTHING = {
    "prompt": "a fox",
    "file": None,
    "seconds": None,
    "size": None,
    "aspect_ratio": None,
    "resolution": None,
    "images": (),
    "settings": (),
}


def read(*settings, **given):
    return read_job({**NOTHING, "settings": settings, **given})


def test_options_make_a_job():
    job = read(seconds=4.0, size="1280x720", images=("a=b.png", "last_frame=c.png"))

    assert (job.prompt, job.seconds, job.size) == ("a fox", 4, "1280x720")
    assert isinstance(job.seconds, int)
    assert job.images == (Image("a=b.png"), Image("c.png", "last_frame"))
    assert read(seconds=4.5, aspect_ratio="9:16", resolution="4K").seconds == 4.5


def test_set_reads_a_value_as_its_field_takes_it():
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


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("seed", "not FIELD=VALUE"),
        ("audio=maybe", "audio takes on or off"),
        ("seed=x", "seed"),
        ("sed=7", "did you mean seed?"),
        ("seed.x=7", "dots are for"),
        ("options.apimart=7", "dots are for"),
        ("seconds=-1", "seconds"),
    ],
)
def test_a_wrong_set_says_what_is_right(setting, says):
    with pytest.raises(JobError, match=says.replace("?", r"\?")):
        read(setting)


def test_a_job_can_lie_in_a_file_and_options_go_before_it(tmp_path):
    path = tmp_path / "job.json"
    job = {"prompt": "a wolf", "seconds": 8, "options": {"apimart": {"mode": "std", "a": 1}}}
    path.write_text(json.dumps(job), "utf-8-sig")
    read_back = read("options.apimart.mode=pro", file=str(path), prompt=None, seconds=4.0)

    assert (read_back.prompt, read_back.seconds) == ("a wolf", 4)
    assert read_back.options == {"apimart": {"mode": "pro", "a": 1}}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "cannot be read: No such file"),
        (b"{", "not valid JSON"),
        (b"[1]", "no JSON object"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b'{"promt": "x"}', "unknown"),
    ],
)
def test_a_job_file_that_is_wrong_is_named(tmp_path, content, says):
    path = tmp_path / "job.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(JobError, match=says):
        read(file=str(path))


def test_without_a_prompt_it_says_where_one_can_come_from():
    with (
        click.Context(click.Command("generate")),
        pytest.raises(click.UsageError, match="PROMPT, - for standard input, or --job"),
    ):
        read(prompt=None)


def test_an_empty_prompt_is_refused():
    with pytest.raises(JobError, match="empty"):
        read(prompt=" ")


def test_rules_replace_those_of_the_settings():
    policy = read_policy(["seconds=up", "retired=allow"], Policy(seconds="down", seed="drop"))

    assert policy == Policy(seconds="up", seed="drop", retired="allow")


def test_every_wrong_rule_is_told_at_once():
    with pytest.raises(ConfigError) as caught:
        read_policy(["second=up", "seconds=bigger", "retired=up"], Policy())

    assert [problem.partition(":")[0] for problem in caught.value.problems] == [
        "--policy second=up",
        "--policy seconds=bigger",
        "--policy retired=up",
    ]
    assert "did you mean seconds?" in caught.value.problems[0]
    assert "exact, nearest, up, down, drop" in caught.value.problems[1]
    assert "refuse, allow" in caught.value.problems[2]


def test_standard_input_is_text(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\xff")))
    with pytest.raises(JobError, match="not UTF-8"):
        read(prompt="-")


def test_a_saved_plan_bears_no_wishes():
    assert not has_wishes({"prompt": None, "sandbox": True, "config": "x", "rules": ()})
    assert has_wishes({"prompt": None, "seconds": 4})
