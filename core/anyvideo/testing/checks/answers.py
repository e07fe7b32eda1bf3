"""Checks that an adapter understands its vendor's answers, whole and broken."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from anyvideo.adapters.checks import describe_error
from anyvideo.errors import AnyVideoError, PluginError, ProviderError
from anyvideo.model.plan import Plan
from anyvideo.model.wire import Request, Response
from anyvideo.tasks.report import Report
from anyvideo.tasks.status import Status, find_status
from anyvideo.testing.checks.case import Case
from anyvideo.testing.checks.mutations import Mutation, change, mutate, restate, walk
from anyvideo.testing.server import answer

_ENDED_BADLY = {Status.FAILED, Status.CANCELLED, Status.EXPIRED}
_WORD = "no such word yet"
_WORD_KEYS = {"status", "task_status", "state", "phase"}
_MOST_LINES = 6
_PAGE = "<html><title>502 Bad Gateway</title></html>"
# What vendors answer to a question for the file, where nothing is recorded.
_FOUND = (answer({"url": "https://example.com/film.mp4", "data": {"video_url": None}}),)
_LOOK = "look before you read: response.find(...) never raises"
_FILES = (Request, bytes)
Read = Callable[[Response], object]


def _first_plan(case: Case) -> Plan:
    return next(case.plans())


def check_answers(case: Case) -> Iterator[str]:
    """Yield what is wrong with how the recorded answers are read."""
    plan = _first_plan(case)
    for response in case.accepted:
        report = _read("accepted", partial(case.submit, plan, response), Report)
        yield from _judge(report, "accepted", {*Status} - _ENDED_BADLY)
        if isinstance(report, Report) and not (report.id or report.video_url):
            yield "accepted: the report has no id; the vendor's id of the task goes there"
    for response in case.running:
        report = _read("running", partial(case.status, response), Report)
        yield from _judge(report, "running", {Status.QUEUED, Status.RUNNING})
    for response in case.failed:
        report = _read("failed", partial(case.status, response), Report)
        yield from _judge(report, "failed", _ENDED_BADLY)
        if isinstance(report, Report) and not (report.error and report.error.message):
            yield "failed: the vendor's reason is lost; say error=diagnose_failure(...)"
    for response in case.succeeded:
        yield from _check_success(case, response)


def _check_success(case: Case, response: Response) -> Iterator[str]:
    report = _read("succeeded", partial(case.status, response), Report)
    yield from _judge(report, "succeeded", {Status.SUCCEEDED})
    if isinstance(report, Report):
        found = _read("locate", partial(case.locate, case.finish(report), case.located), *_FILES)
        if isinstance(found, str):
            yield found
        elif isinstance(found, Request) and found.expects != "video":
            yield 'locate ends with a request without expects="video"'


def _read(what: str, read: Callable[[], object], *kinds: type) -> object:
    """Return what an answer is read as, or in words what went wrong."""
    try:
        result = read()
    except Exception as error:  # noqa: BLE001 (every error is shown to the author)
        return f"{what}: reading the recorded answer raises {describe_error(error)}"
    if not isinstance(result, kinds):
        wanted = " or ".join(kind.__name__ for kind in kinds)
        return f"{what}: the result is {type(result).__name__}, not a {wanted}"
    return result


def _judge(report: object, what: str, wanted: Iterable[Status]) -> Iterator[str]:
    if isinstance(report, str):
        yield report
    elif isinstance(report, Report) and report.status not in wanted:
        words = " or ".join(sorted(wanted))
        yield f"{what}: the recorded answer is read as {report.status}, not as {words}"


def check_words(case: Case) -> Iterator[str]:
    """Yield the status words that are misread; an unknown word must count as running."""
    for name, wanted in {**case.words, _WORD: Status.RUNNING}.items():
        status = Status(wanted)
        template = {Status.SUCCEEDED: case.succeeded, Status.FAILED: case.failed}.get(status)
        response = _put_word(case, (template or case.running)[0], name)
        if response is None:
            yield "no recorded answer holds a status word; name the vendor's in `words`"
            return
        report = _read(f"status word {name!r}", partial(case.status, response), Report)
        yield from _judge(report, f"status word {name!r}", {status})


def _put_word(case: Case, response: Response, word: str) -> Response | None:
    """Return the answer with another status word in the place of its own."""
    try:
        body = json.loads(response.body)
    except ValueError:
        return None
    texts = [(path, value) for path, value in walk(body) if isinstance(value, str)]
    places = [path for path, value in texts if value in case.words]
    named = [path for path, value in texts if path[-1] in _WORD_KEYS and find_status(value)]
    for path in places or named:
        body = change(body, path, word)
    return restate(response, body) if places or named else None


def check_refusals(case: Case) -> Iterator[str]:
    """Yield the refusals that are not understood as errors of the call."""
    plan = _first_plan(case)
    refusals = (*case.refused, answer(_PAGE, 502), answer({"error": {"message": "no"}}, 401))
    for response in refusals:
        shown = f"HTTP {response.status} {response.text[:80]}"
        for name, read in (("submit", partial(case.submit, plan)), ("status", case.status)):
            error = _catch(partial(read, response))
            if not isinstance(error, ProviderError):
                yield f"{name} makes {error!r} of {shown}; raise diagnose(response)"
            elif name == "submit" and response.status >= 500 and error.retryable:
                yield (
                    f"submit calls {shown} repeatable, which may pay twice; "
                    "raise diagnose(response, paid=True)"
                )


def _catch(work: Callable[[], object]) -> object:
    try:
        return work()
    except Exception as error:  # noqa: BLE001 (the caller examines every error)
        return error


def check_polls(case: Case) -> Iterator[str]:
    """Yield the failed status calls that are read as failed tasks."""
    for response in case.failed:
        for status in (429, 500, 502, 503):
            for body in (response.body, _PAGE.encode()):
                poll = Response(status, response.headers, body)
                result = _catch(partial(case.status, poll))
                if isinstance(result, Report) and result.status in _ENDED_BADLY:
                    yield (
                        f"HTTP {status} to a status call is read as {result.status}, and a running "
                        "job is given up; raise diagnose(response) unless response.ok"
                    )
                    return


def check_mutations(case: Case) -> Iterator[str]:
    """Yield what broken answers do to the adapter other than raise an error of ours."""
    plan = _first_plan(case)
    located = case.task(status=Status.SUCCEEDED)
    places: tuple[tuple[str, Sequence[Response], Read], ...] = (
        ("submit", case.accepted, partial(case.submit, plan)),
        ("status", (*case.running, *case.succeeded, *case.failed), case.status),
        ("locate", case.located or _FOUND, lambda response: case.locate(located, [response])),
    )
    for name, recorded, read in places:
        for response in recorded:
            problems = [
                problem
                for mutation in mutate(response)
                if (problem := _survive(name, mutation, read)) is not None
            ]
            yield from problems[:_MOST_LINES]
            if len(problems) > _MOST_LINES:
                yield f"and {len(problems) - _MOST_LINES} more broken answers to {name}"


def _survive(name: str, mutation: Mutation, read: Read) -> str | None:
    """Return what an operation does wrong with a broken answer, or None."""
    result = _catch(partial(read, mutation.response))
    wanted = (*_FILES, Report) if name == "locate" else Report
    if isinstance(result, AnyVideoError) and not isinstance(result, PluginError):
        return None
    if isinstance(result, Exception):
        return f"{name} raises {describe_error(result)} where {mutation.how}; {_LOOK}"
    if not isinstance(result, wanted):
        return f"{name} returns {type(result).__name__} where {mutation.how}"
    if isinstance(result, Report) and not result.id:
        return f"{name} reports no id where {mutation.how}; raise diagnose(response, paid=True)"
    return None
