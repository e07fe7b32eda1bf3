"""VideoJob: what it takes, what it refuses, and its form as JSON."""

import json
from contextlib import suppress
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anyvideo.errors import JobError
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Character, Image
from tests.strategies import jobs

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def test_a_prompt_is_enough_and_none_is_no_preference():
    job = VideoJob("a fox")
    assert job.to_mapping() == {"prompt": "a fox"}


def test_false_and_zero_are_values():
    job = VideoJob("a fox", seed=0, audio=False, negative_prompt="")
    assert job.to_mapping() == {"prompt": "a fox", "seed": 0, "audio": False, "negative_prompt": ""}


def test_a_size_fills_in_ratio_and_resolution():
    job = VideoJob("a fox", size="1280x720")
    assert (job.aspect_ratio, job.resolution) == ("16:9", "720p")
    assert job == VideoJob("a fox", size="1280x720", aspect_ratio="1280:720", resolution="720P")


def test_lengths_and_shapes_have_one_form():
    job = VideoJob("a fox", seconds=8.0, aspect_ratio="32:18", resolution="4K")
    assert (repr(job.seconds), job.aspect_ratio, job.resolution) == ("8", "16:9", "2160p")
    assert VideoJob("a fox", seconds=6.5).seconds == 6.5


@pytest.mark.parametrize(
    ("given_", "why"),
    [
        ({"prompt": ""}, "the prompt is empty"),
        ({"prompt": " \n"}, "the prompt is empty"),
        ({"prompt": 3}, "prompt: expected text, not 3"),
        ({"prompt": None}, "prompt: expected text, not None"),
        ({"prompt": "\ud800"}, r"prompt: expected text, not '.ud800'"),
        ({"seconds": -1}, "seconds: expected a number above 0, not -1"),
        ({"seconds": 0}, "a number above 0"),
        ({"seconds": "8"}, "seconds: expected a number, not '8'"),
        ({"seconds": True}, "seconds: expected a number, not True"),
        ({"seconds": float("nan")}, "seconds: expected a number, not nan"),
        ({"seconds": 10**5000}, "seconds: expected a number above 0, not a huge int"),
        ({"audio": 1}, "audio: expected true or false, not 1"),
        ({"seed": True}, "seed: expected a whole number, not True"),
        ({"seed": 1.5}, "seed: expected a whole number, not 1.5"),
        ({"seed": 2**64}, "seed: expected a whole number of at most 64 bits"),
        ({"style": 3}, "style: expected text, not 3"),
        (
            {"character": "bob"},
            "character: expected a table with the keys url, from_task, timestamps",
        ),
        ({"size": "big"}, "size 'big' is not WIDTHxHEIGHT"),
        ({"aspect_ratio": "wide"}, "aspect_ratio 'wide' is not WIDTH:HEIGHT"),
        ({"resolution": "hd"}, "resolution 'hd' is not lines"),
        ({"size": "1280x720", "aspect_ratio": "9:16"}, "1280x720 is 16:9, not 9:16; drop one of"),
        ({"size": "1280x720", "resolution": "1080p"}, "1280x720 is 720p, not 1080p; drop one of"),
        ({"images": ["a.png", "b.png"]}, "2 images have the role first_frame; give the others"),
        ({"metadata": None}, "metadata: expected a table of keys"),
        ({"metadata": {"a": 1}}, "metadata.a: expected text, not 1"),
        ({"options": []}, r"options: expected a table of keys"),
        ({"options": {"acme": 3}}, "options.acme: expected a table of keys"),
        ({"options": {3: {}}}, "options: expected text, not 3"),
        (
            {"seed": "7", "audio": 0},
            "audio: expected true or false, not 0; seed: expected a whole n",
        ),
        ({"options": {"acme": {"x": {1}}}}, "options hold JSON values only: .*set"),
        ({"options": {"acme": {"x": float("inf")}}}, "options hold JSON values only"),
        ({"options": {"acme": {"x": "\ud800"}}}, "options hold JSON values only"),
    ],
)
def test_a_wrong_value_is_told_in_one_line(given_, why):
    with pytest.raises(JobError, match=why) as caught:
        VideoJob(**{"prompt": "a fox", **given_})
    assert "\n" not in str(caught.value)


@settings(max_examples=60)
@given(jobs)
def test_a_job_survives_json(job):
    assert VideoJob.from_json(job.to_json()) == job
    assert VideoJob.from_json(job.to_json().encode()) == job
    assert VideoJob.from_json(job.to_mapping()) == job


def test_bytes_nested_options_and_other_mappings_survive_json():
    options = MappingProxyType({"acme": MappingProxyType({"a": None, "b": [{"c": None}]})})
    job = VideoJob(
        "雪の中の狐 🦊",
        images=[b"\x00\xff", Image("b.png", "last_frame")],
        character=Character(url="https://x.example/c.mp4", timestamps=(1, 2.5)),
        options=options,
    )
    text = job.to_json()
    assert "🦊" in text
    assert json.loads(text)["options"] == {"acme": {"a": None, "b": [{"c": None}]}}
    assert VideoJob.from_json(text) == job


def test_a_file_whose_name_is_no_text_survives_json():
    job = VideoJob("狐", images="fox-\udcff.png")
    text = job.to_json()
    assert VideoJob.from_json(text.encode()) == job
    assert "狐" in VideoJob("狐").to_json()


def test_json_may_be_short_and_null_is_no_preference():
    job = VideoJob.from_json(
        '{"prompt": "a fox", "seconds": null, "metadata": null, "images": "a.png"}'
    )
    assert job == VideoJob("a fox", images="a.png")
    assert (
        VideoJob.from_json({"prompt": "a fox", "images": {"source": "a.png", "role": None}}) == job
    )
    image = Image("a.png", "reference")
    assert VideoJob.from_json({"prompt": "a fox", "images": [image, b"x"]}).images[0] is image


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "the job is not valid JSON"),
        (b"\xff", "the job is not valid JSON"),
        ("[" * 100_000, "the job is not valid JSON"),
        ("[]", "the job: expected a table with the keys prompt, seconds"),
        ('{"secnds": 4}', "the job: unknown key 'secnds'; did you mean seconds"),
        ('{"colour": 4}', "the job: unknown key 'colour'; it takes prompt, "),
        ("{}", "the job: prompt: is missing"),
        (
            '{"prompt": "x", "images": [{"role": "reference"}]}',
            r"the job: images\[0\].source: is missing",
        ),
        (
            '{"prompt": "x", "images": [{"source": "a", "rol": "b"}]}',
            r"the job: images\[0\]: unknown key 'rol'; did you mean role",
        ),
        (
            '{"prompt": "x", "images": [3]}',
            r"images\[0\]: expected a table with the keys source, role",
        ),
        ('{"prompt": "x", "images": ["", "b"]}', r"the job: images\[0\]: an image's source is an"),
        ('{"prompt": "x", "character": {"link": "y"}}', "the job: character: unknown key 'link'"),
    ],
)
def test_wrong_json_is_told_in_one_line(text, why):
    with pytest.raises(JobError, match=why) as caught:
        VideoJob.from_json(text)
    assert "\n" not in str(caught.value)


@settings(max_examples=100)
@given(
    st.dictionaries(
        st.sampled_from([*VideoJob.__annotations__]) | st.text(max_size=3), JSON_VALUES, max_size=4
    )
)
def test_any_json_is_a_job_or_a_typed_error(data):
    with suppress(JobError):
        VideoJob.from_json({"prompt": "a fox", **data}).to_json()


def test_a_small_size_comes_back_from_json():
    job = VideoJob("a fox", size="64x64")

    assert VideoJob.from_json(job.to_json()) == job


def test_a_key_that_is_a_number_says_so():
    with pytest.raises(JobError, match="the job: a key is text, not 1"):
        VideoJob.from_json({"prompt": "x", 1: 2})  # type: ignore[dict-item]  # that is what is tested
