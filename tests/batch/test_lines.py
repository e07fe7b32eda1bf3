"""A list of jobs is read line by line; each job has a key that does not depend on its place."""

import json
from io import BytesIO, StringIO

import pytest

from anyvideo.batch.lines import JobLine, number_jobs, read_job_file
from anyvideo.errors import JobError
from anyvideo.files import texts
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Image

FOX, OWL = VideoJob("a fox", seconds=5), VideoJob("an owl")


def read(text, name="clips"):
    return read_job_file(StringIO(text), name)


def test_a_line_of_json_holds_a_job_and_its_key_model_and_file():
    text = '{"prompt": "a fox", "seconds": 5, "key": "fox", "model": "acme/*", "to": "a/fox.mp4"}'
    (line,) = read(f"\n{text}\n\n").lines
    assert line == JobLine(2, "fox", FOX, "acme/*", "a/fox.mp4")


def test_keys_depend_on_the_job_and_its_model_and_not_on_the_place():
    fox, owl, bare = '{"prompt":"a fox","seconds":5}', '{"prompt":"an owl"}', '{"prompt":"a"}'
    first = read(f"{fox}\n{owl}\n{fox}").lines
    moved = read(
        f'{bare}\n{owl}\n{{"seconds":5.0,"model":null,"prompt":"a fox"}}\n{fox}\n{fox}'
    ).lines
    keys = [line.key for line in first]
    assert keys[2] == f"{keys[0]}-2"
    assert keys[0].startswith("clips-")
    assert [line.key for line in moved[1:]] == [keys[1], keys[0], keys[2], f"{keys[0]}-3"]
    other = read('{"prompt":"a fox","seconds":5,"model":"acme/*"}').lines[0]
    assert other.key not in keys
    assert [line.key for line in number_jobs(iter([FOX, OWL, FOX]), "clips").lines] == keys


def test_jobs_that_are_lines_already_keep_what_they_have():
    line = JobLine(7, "fox", FOX, "acme/*", "fox.mp4")
    assert number_jobs((OWL, line), "x y").lines[1] == JobLine(2, "fox", FOX, "acme/*", "fox.mp4")


@pytest.mark.parametrize(
    ("line", "mistake"),
    [
        ("{", "it is not valid JSON"),
        ("[1]", "it is not a JSON object"),
        ('{"promt": "a"}', "unknown key 'promt'; did you mean prompt?"),
        ('{"prompt": "a", "seconds": "5"}', "seconds: expected a number"),
        ('{"prompt": "a", "key": 7}', "key: expected text on one line, not 7"),
        ('{"prompt": "a", "to": "a\\nb"}', "to: expected text on one line"),
        ('{"prompt": "a", "key": "first"}', "the key 'first' is that of line 1 too"),
        ('{"prompt": "a", "key": "a/2"}', "a slash and a number name the attempts of a route"),
        (json.dumps({"prompt": "a", "key": "k" * 201}), "it has 201 characters"),
    ],
)
def test_a_line_without_a_job_is_a_mistake_and_the_others_are_read(line, mistake):
    found = read(f'{{"prompt": "a", "key": "first"}}\n{line}\n{{"prompt": "b"}}')
    assert [line.number for line in found.lines] == [1, 3]
    assert mistake in found.mistakes[2]


def test_a_table_is_read_by_the_types_of_its_columns(tmp_path):
    (path := tmp_path / "Spring clips.csv").write_text(
        "prompt,seconds,audio,images,metadata,key,seed\n"
        '"a fox,\nrunning",5,yes,fox.png,"{""take"": ""1""}",fox,\n'
        ",,,,,,\n"
        'an owl,,,"[{""source"": ""o.png"", ""role"": ""reference""}]",,,7\n'
        "x,long\n"
        "x,,maybe\n"
        "x,,,[\n"
        "x,,,,,,,8\n",
        "utf-8-sig",
    )
    found = read_job_file(path)
    fox, owl = found.lines
    assert fox == JobLine(
        2, "fox", VideoJob("a fox,\nrunning", seconds=5, audio=True, images="fox.png",
                           metadata={"take": "1"}),
    )  # fmt: skip
    assert owl.job == VideoJob("an owl", images=[Image("o.png", "reference")], seed=7)
    assert (found.name, owl.number) == ("Spring-clips", 5)
    assert owl.key.startswith("Spring-clips-")
    assert found.mistakes == {
        6: "seconds: expected a number, not 'long'",
        7: "audio: expected true or false, not 'maybe'",
        8: "images: expected JSON, not '['",
        9: "it has 8 cells, and the table has 7 columns",
    }


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("prompt,secods\na,5\n", "unknown column 'secods'; did you mean seconds?"),
        ("prompt,key,key\na,b,c\n", "two columns are called 'key'"),
        ("seconds\n5\n", "no column is called 'prompt'"),
        ('prompt\n"a"b\n', "it is not valid CSV"),
        ("", ""),
    ],
)
def test_a_table_whose_columns_are_wrong_holds_no_job(tmp_path, text, mistake):
    (path := tmp_path / "jobs.csv").write_text(text, "utf-8")
    found = read_job_file(path)
    assert found.lines == ()
    assert mistake in "".join(found.mistakes.values())


def test_what_cannot_be_read_is_one_line(tmp_path, monkeypatch):
    (path := tmp_path / "jobs.jsonl").write_bytes(b'{"prompt": "\xff"}')
    with pytest.raises(JobError, match=r"jobs\.jsonl is not UTF-8 text"):
        read_job_file(path)
    with pytest.raises(JobError, match=r"none\.jsonl cannot be read: No such file"):
        read_job_file(tmp_path / "none.jsonl")
    with pytest.raises(JobError, match="not UTF-8"):
        read_job_file(BytesIO(b"\xff"))
    assert read_job_file(BytesIO(b'\xef\xbb\xbf{"prompt": "a"}')).lines[0].key.startswith("jobs-")
    monkeypatch.setattr(texts, "MOST_TEXT", 3)
    with pytest.raises(JobError, match="larger than 3 bytes"):
        read_job_file(BytesIO(b"{{{{"))
