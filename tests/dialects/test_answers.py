"""Answers that other projects recorded: what the reader makes of each of them."""

import tomllib
from pathlib import Path

import pytest

from anyvideo.dialects.reports import read_report
from anyvideo.errors import ProviderError
from anyvideo.model.wire import Response

TASK = "task-1"
SOURCES = tomllib.loads(Path(__file__).with_name("answers.toml").read_text("utf-8"))["sources"]
ANSWERS = {
    f"{source['repository']}/{source['path']}#{number}": answer
    for source in SOURCES
    for number, answer in enumerate(source["answers"])
}
REPORTS = {name: answer for name, answer in ANSWERS.items() if "refused" not in answer}
ERRORS = {name: answer for name, answer in ANSWERS.items() if "refused" in answer}


def read(answer):
    response = Response(answer.get("http", 200), {}, answer["body"].encode())
    if answer["call"] == "submit":
        return read_report(response, paid=True)
    return read_report(response, id=TASK)


@pytest.mark.parametrize("answer", REPORTS.values(), ids=REPORTS)
def test_a_recorded_answer_says_how_a_task_stands(answer):
    report = read(answer)
    kind = report.error.kind if report.error else None

    assert (report.status, report.id, report.video_url, kind) == (
        answer["status"],
        answer.get("id", TASK),
        answer.get("url"),
        answer.get("error"),
    )


@pytest.mark.parametrize("answer", ERRORS.values(), ids=ERRORS)
def test_a_recorded_answer_that_is_no_report_is_an_error(answer):
    with pytest.raises(ProviderError) as caught:
        read(answer)

    assert caught.value.kind == answer["refused"]
    assert "names the task" not in caught.value.message
