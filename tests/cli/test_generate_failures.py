"""`anyvideo generate` that fails, is interrupted, or falls back along a route."""

import signal

import httpx
import pytest

from anyvideo import Client
from anyvideo.cli.views import progress

FOX = "A red fox runs through fresh snow at dawn"


GROK = "apiyi/grok-imagine-video-1.5"


def interrupt_at(monkeypatch, clock, number, kind=KeyboardInterrupt):
    """Raise in the client's sleep number `number`, as Ctrl-C would."""
    sleeps = iter(range(1, 100))
    sleep = clock.sleep

    def interrupted(seconds):
        if next(sleeps) == number:
            if kind is KeyboardInterrupt:
                raise KeyboardInterrupt
            signal.raise_signal(signal.SIGTERM)
        sleep(seconds)

    monkeypatch.setattr(clock, "sleep", interrupted)


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ([" "], 2, "prompt is empty"),
        ([FOX, "--size", "1280x720", "--aspect-ratio", "1:1"], 2, "drop one"),
        ([FOX, "--seconds", "-4"], 2, "seconds"),
        ([FOX, "--seconds", "nan"], 2, "seconds"),
        ([FOX, "--seconds", "soon"], 2, "soon"),
        ([FOX, "-m", "apiyi/grok-imagine-vidoe"], 3, "nearest: apiyi/grok-imagine-video"),
        ([FOX, "-m", "apiyi/sora-2"], 3, "retired on 2026-09-24; use apiyi/grok-imagine-video-1.5"),
        ([FOX, "--image", "missing.png"], 2, "missing.png"),
        ([FOX, "--config", "missing.toml"], 2, "missing.toml cannot be read"),
        ([FOX, "--job", "missing.json"], 2, "missing.json cannot be read"),
        ([FOX, "--plan", "missing.json"], 2, "as it is"),
        (["--plan", "missing.json"], 2, "missing.json cannot be read"),
        ([FOX, "two"], 2, "two"),
        ([FOX, "-o", "/dev/full/fox.mp4"], 2, "cannot be written"),
        ([FOX, "-o", "anyvideo.toml/fox.mp4"], 2, "cannot be written"),
    ],
)
def test_bad_input_is_one_line_and_nothing_is_sent(call, account, sandbox, arguments, code, says):
    result = call("generate", "-o", "fox.mp4", *arguments)

    assert (result.code, result.err.count("\n")) == (code, 1), result.err
    assert says in result.err
    assert sandbox.posts() == []


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("no-money", (3, "top up")),
        ("moderated=80", (4, "apiyi: task ")),
        ("502-after-accept", (5, "--task-id")),
        ("fail-at=50", (4, "apiyi: task ")),
        ("expired", (7, "no longer has the video")),
        ("content-400=99", (7, "anyvideo resume")),
    ],
)
def test_every_way_to_fail_is_one_line_and_a_code(call, account, sandbox, word, outcome):
    result = call("generate", f"{FOX} [fault:{word}]", "-o", "fox.mp4")

    assert (result.code, result.err.count("\n")) == (outcome[0], 1), result.err
    assert outcome[1] in result.err
    assert len(sandbox.posts()) == 1


def test_a_deadline_names_the_command_that_resumes(call, account, sandbox):
    late = call("generate", f"{FOX} [fault:stuck]", "-o", "fox.mp4", "--timeout", 60)

    assert late.code == 6
    words, _, ref = late.err.strip().rpartition(" anyvideo resume ")
    assert words.endswith("goes on at the vendor; resume it later:")
    sandbox.misbehave()
    assert ref in call("jobs", "--json").out


@pytest.mark.parametrize("kind", [KeyboardInterrupt, None])
def test_an_interrupt_names_the_command_that_resumes(call, account, clock, monkeypatch, kind):
    interrupt_at(monkeypatch, clock, 1, kind)
    stopped = call("generate", FOX, "-o", "fox.mp4")
    monkeypatch.undo()

    assert stopped.code == (130 if kind else 143)
    assert stopped.err.count("\n") == 1
    assert "interrupted; task " in stopped.err
    assert "anyvideo resume " in stopped.err


def test_an_interrupt_inside_the_paid_request_leaves_an_ambiguous_job(call, account, monkeypatch):
    send = httpx.HTTPTransport.handle_request

    def interrupt(transport, request):
        if request.method == "POST":
            raise KeyboardInterrupt
        return send(transport, request)

    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", interrupt)
    stopped = call("generate", FOX, "-o", "fox.mp4", "--key", "order-7")

    assert stopped.code == 130
    assert "interrupted; the job may or may not exist at apiyi" in stopped.err
    assert "anyvideo resume order-7 --task-id ID" in stopped.err


def test_an_interrupt_in_the_sandbox_promises_nothing(call, clock, monkeypatch):
    interrupt_at(monkeypatch, clock, 1)
    stopped = call("generate", FOX, "--sandbox", "-o", "fox.mp4", "--json")

    assert stopped.code == 130
    assert stopped.err.endswith("interrupted; the sandbox and its jobs end with this command\n")
    assert stopped.json["error"]["exit_code"] == 130
    assert stopped.json["error"]["task"]["provider"] == "apiyi"


def test_a_failure_is_json_too_where_a_program_reads(call, account):
    result = call("generate", f"{FOX} [fault:502-after-accept]", "-o", "fox.mp4", "--json")

    error = result.json["error"]
    assert (error["type"], error["exit_code"]) == ("AmbiguousSubmitError", result.code)
    assert error["task"]["status"] == "ambiguous"


def test_a_wrong_key_is_refused_before_there_is_a_job(call, account, monkeypatch):
    monkeypatch.setenv("APIYI_API_KEY", "sandbox-401")
    result = call("generate", FOX, "-o", "fox.mp4")

    assert result.code == 3
    assert "check the key" in result.err
    assert "sandbox-401" not in result.out + result.err


def test_a_sandbox_that_is_gone_is_a_host_that_cannot_be_reached(call, account, sandbox):
    sandbox.stop()
    result = call("generate", FOX, "-o", "fox.mp4")

    assert result.code == 8
    assert "could not be reached" in result.err


def test_a_fallback_along_a_route_is_told(call, account, sandbox, monkeypatch):
    with account.open("a", encoding="utf-8") as file:
        file.write(f'\n[routes.hero]\nmodels = ["{GROK}", "apimart/grok-imagine-video-1.5"]')
    monkeypatch.setenv("APIYI_API_KEY", "sandbox-402")
    result = call("generate", FOX, "-m", "hero", "-o", "fox.mp4")

    assert result.code == 0, result.err
    assert "sent to apimart/grok-imagine-video-1.5" in result.out


def test_a_closed_pipe_does_not_stop_a_paid_job(call, account, monkeypatch, tmp_path):
    def break_pipe(*_, **__):
        raise BrokenPipeError

    monkeypatch.setattr(progress, "echo", break_pipe)
    assert call("generate", FOX, "-o", "fox.mp4").code == 0
    assert (tmp_path / "fox.mp4").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_after_the_end_changes_nothing(call, account, monkeypatch, number):
    close = Client.close

    def interrupt(client):
        close(client)
        signal.raise_signal(number)

    monkeypatch.setattr(Client, "close", interrupt)
    ended = call("generate", f"{FOX} [fault:drop-after-accept]", "-o", "fox.mp4")

    assert ended.code == 5
    assert ended.err.count("\n") == 1
