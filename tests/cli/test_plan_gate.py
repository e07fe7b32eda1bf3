"""What a plan has to pass before it is paid: the limit, the question; and a fallback on the screen."""

import click
import pytest

from anyvideo import Client, VideoJob
from anyvideo.cli.context import CliContext
from anyvideo.cli.plan_gate import asks_first
from anyvideo.errors import ProviderError
from anyvideo.testing.samples import draw_picture

FOX = "a red fox"
GROK = "apiyi/grok-imagine-video-1.5"
KLING = "apimart/kling-v3"
OMNI = "apimart/gemini-omni-1.1-flash"  # its price is a ceiling
UNPRICED = ("-m", "apimart/wan2.7", "--set", "options.apimart.resolution=720P")


@pytest.fixture
def hero(account):
    """A route from apiyi to apimart."""
    with account.open("a", encoding="utf-8") as file:
        file.write(f'\n[routes.hero]\nmodels = ["{GROK}", "{KLING}"]')


@pytest.fixture
def answer(terminal, monkeypatch):
    """Answer questions on a terminal; returns the questions that were asked."""
    asked = []

    def give(reply):
        def confirm(question):
            asked.append(question)
            said = reply() if callable(reply) else reply
            if said is None:
                raise click.Abort
            return said

        monkeypatch.setattr("anyvideo.cli.plan_gate.click.confirm", confirm)
        monkeypatch.setattr("anyvideo.cli.plan_gate.sys", Terminal)
        return asked

    return give


class Screen:
    """A stream that is a terminal."""

    @staticmethod
    def isatty():
        return True


class Terminal:
    """A standard input and output that are a terminal."""

    stdin = stdout = Screen


def test_yes_sends_it(call, account, sandbox, answer, tmp_path):
    asked = answer(True)
    (tmp_path / "first.png").write_bytes(draw_picture(1280, 720))
    result = call("generate", FOX, "-o", "fox.mp4", "--seconds", 4, "--image", "first.png")

    assert result.code == 0, result.err
    assert asked == ["Send this job for at most 0.36 USD?"]
    assert len(sandbox.posts()) == 1


def test_no_sends_nothing(call, account, sandbox, answer):
    answer(False)
    result = call("generate", FOX, "-o", "fox.mp4")

    assert (result.code, sandbox.posts()) == (3, [])
    assert result.err == f"anyvideo: {GROK}: not confirmed; the job was not sent\n"
    assert call("jobs", "--all").out == "no jobs yet\n"


def test_ctrl_c_at_the_question_sends_nothing(call, account, sandbox, answer):
    answer(None)
    result = call("generate", FOX, "-o", "fox.mp4")

    assert (result.code, sandbox.posts()) == (130, [])
    assert result.err.strip() == "anyvideo: interrupted; nothing was sent"


@pytest.mark.parametrize("option", ["--yes", "-y", "--json", "-q", "--sandbox"])
def test_it_is_not_asked(call, account, answer, option):
    asked = answer(False)

    assert call("generate", FOX, "-o", "fox.mp4", option).code == 0
    assert asked == []


@pytest.mark.parametrize("stream", ["stdin", "stdout"])
def test_it_is_not_asked_in_a_pipe(monkeypatch, stream):
    context = CliContext()
    assert asks_first(context, yes=False) is False
    monkeypatch.setattr("anyvideo.cli.plan_gate.sys", Terminal)
    assert asks_first(context, yes=False) is True
    monkeypatch.setattr(Terminal, stream, Pipe)
    assert asks_first(context, yes=False) is False


class Pipe:
    """A stream that is no terminal."""

    @staticmethod
    def isatty():
        return False


def test_what_costs_nothing_is_not_asked_and_an_unknown_cost_is_said(call, account, answer):
    with account.open("a", encoding="utf-8") as file:
        file.write(
            '\n[[offers]]\nadapter = "apiyi"\nmodel = "grok-imagine-video-1.5"\n'
            'price = { amount = "0" }\n[[offers]]\nadapter = "apimart"\nmodel = "kling-v3"\n'
            "seconds = [5]\n"
        )
    asked = answer(True)

    assert call("generate", FOX, "-m", GROK, "-o", "a.mp4", "--seconds", 4).code == 0
    assert asked == []
    assert call("generate", FOX, "-m", KLING, "-o", "b.mp4").code == 0
    assert asked == ["Send this job? Its cost is unknown."]


def test_a_repeated_key_is_not_asked_and_says_what_is_true(call, account, sandbox, answer):
    asked = answer(True)
    arguments = ("generate", FOX, "--key", "order-7")
    assert call(*arguments, "-o", "fox.mp4").code == 0
    again = call(*arguments, "-o", "again.mp4")

    assert again.code == 0
    assert len(asked) == len(sandbox.posts()) == 1
    assert "already sent to apiyi/grok-imagine-video-1.5 at 2026-11-20 12:00 UTC: " in again.out
    assert "; it succeeded" in again.out
    assert "\nsent to" not in again.out


def test_a_resumed_job_was_already_sent(call, account):
    call("generate", FOX, "-o", "fox.mp4", "--key", "fox", "--timeout", 0.001)
    result = call("resume", "fox")

    assert result.out.startswith("already sent to apiyi/")
    assert "; following it\n" in result.out


def test_a_job_that_was_prepared_alone_is_sent_when_it_is_resumed(
    call, account, sandbox, clock, monkeypatch
):
    def stop(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("anyvideo.run.submit.send_plan", stop)
        assert call("generate", FOX, "-o", "fox.mp4", "--key", "fox").code == 130
    clock.advance(600)
    result = call("resume", "fox")

    assert result.code == 0, result.err
    assert result.out.startswith("sent to apiyi/")
    assert len(sandbox.posts()) == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--seconds", 4, "--max-cost", "0.31"], "it costs 0.32 USD, and --max-cost is 0.31 USD"),
        (["-m", OMNI, "--max-cost", "0.87"], "it costs at most 0.88 USD, and --max-cost is 0.87 USD"),
        (["--seconds", 4, "--max-cost", "5 eur"], "which is not compared with --max-cost 5.00 EUR"),
        ([*UNPRICED, "--max-cost", "100USD"], "its cost is unknown, and --max-cost is 100.00 USD"),
        (["-m", KLING, "--set", "options.apimart.x=1", "--max-cost", "9"], "an estimate and can pass --max-cost 9.00 USD"),
    ],
)  # fmt: skip
def test_what_can_cost_more_is_not_sent(call, account, sandbox, arguments, says):
    result = call("generate", FOX, "-o", "fox.mp4", *arguments)

    assert (result.code, result.err.count("\n"), sandbox.posts()) == (3, 1, [])
    assert says in result.err


def test_what_cannot_cost_more_is_sent(call, account):
    assert call("generate", FOX, "-o", "a.mp4", "--seconds", 4, "--max-cost", "0.32").code == 0


@pytest.mark.parametrize("text", ["", "two", "-1", "1e3", "nan", "1 dollar"])
def test_an_amount_that_is_none_is_a_usage_error(call, account, sandbox, text):
    result = call("generate", FOX, "-o", "a.mp4", f"--max-cost={text}")

    assert (result.code, result.err.count("\n"), sandbox.posts()) == (2, 1, [])
    assert "is not an amount" in result.err


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf"])
def test_a_timeout_is_above_0(call, account, sandbox, seconds):
    result = call("generate", FOX, "-o", "a.mp4", f"--timeout={seconds}")

    assert (result.code, result.err.count("\n"), sandbox.posts()) == (2, 1, [])
    assert "is not a number of seconds above 0" in result.err


def test_a_fallback_shows_why_and_the_next_plan(call, hero, sandbox, monkeypatch):
    monkeypatch.setenv("APIYI_API_KEY", "sandbox-402")
    result = call("generate", FOX, "-m", "hero", "-o", "fox.mp4", "--seconds", 5)

    assert result.code == 0, result.err
    (line,) = [line for line in result.lines if "trying" in line]
    assert line.startswith("apiyi refused (")
    assert line.endswith(f"); trying {KLING}: 5 s, 720p, sound off, 0.336 USD")
    assert line in call("generate", FOX, "-m", "hero", "--seconds", 5, "--json").err


def test_ctrl_c_at_the_second_question_does_not_say_that_nothing_was_sent(
    call, hero, answer, monkeypatch
):
    answers = iter([True, None])
    answer(lambda: next(answers))
    monkeypatch.setenv("APIYI_API_KEY", "sandbox-402")
    result = call("generate", FOX, "-m", "hero", "-o", "fox.mp4")

    assert result.code == 130
    assert result.err.strip() == "anyvideo: interrupted; no job was created"


def test_a_fallback_is_asked_by_itself(call, hero, answer, monkeypatch):
    asked = answer(True)
    monkeypatch.setenv("APIYI_API_KEY", "sandbox-402")
    result = call("generate", FOX, "-m", "hero", "-o", "fox.mp4", "--seconds", 5)

    assert result.code == 0, result.err
    assert asked == ["Send this job for 0.40 USD?", "Send this job for 0.336 USD?"]


def test_the_limit_passes_over_what_can_cost_more(call, hero, sandbox):
    result = call(
        "generate", FOX, "-m", "hero", "-o", "a.mp4", "--seconds", 5, "--max-cost", "0.35"
    )

    assert result.code == 0, result.err
    assert f"{GROK}: it costs 0.40 USD, and --max-cost is 0.35 USD; trying {KLING}" in (result.out)
    assert sandbox.posts("apiyi") == []


def test_the_last_error_holds_those_before_it(call, hero, monkeypatch):
    for name in ("APIYI", "APIMART"):
        monkeypatch.setenv(f"{name}_API_KEY", "sandbox-402")
    result = call("generate", FOX, "-m", "hero", "-o", "fox.mp4")
    json = call("generate", FOX, "-m", "hero", "-o", "fox.mp4", "--json").json

    assert (result.code, result.err.count("\n")) == (3, 1)
    first, then, last = result.err.partition("; then ")
    assert first.startswith("anyvideo: apiyi: ")
    assert then
    assert last.startswith("apimart: ")
    assert first.removeprefix("anyvideo: ") in json["error"]["message"]


def test_a_missing_key_along_a_route_is_in_the_last_error(call, hero, monkeypatch):
    monkeypatch.delenv("APIYI_API_KEY")
    monkeypatch.delenv("APIMART_API_KEY")
    result = call("generate", FOX, "-m", "hero", "-o", "fox.mp4")

    assert result.code == 2
    assert "set APIYI_API_KEY; then no key for apimart: set APIMART_API_KEY" in result.err


def test_a_provider_error_keeps_the_earlier_ones_for_programs(call, hero, monkeypatch):
    monkeypatch.setenv("APIYI_API_KEY", "sandbox-402")
    monkeypatch.setenv("APIMART_API_KEY", "sandbox-402")
    with Client() as client, pytest.raises(ProviderError) as caught:
        client.submit(VideoJob(FOX), "hero")

    (earlier,) = caught.value.earlier
    assert str(earlier).startswith("apiyi: ")
    assert caught.value.provider == "apimart"
    assert caught.value.__notes__ == [f"before that: {earlier}"]
