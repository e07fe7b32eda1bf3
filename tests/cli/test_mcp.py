"""`anyvideo mcp`: its options; what it serves is under tests/agents."""

import importlib.util
from decimal import Decimal

import pytest

from anyvideo.agents.guard import Allowance
from anyvideo.agents.process import AgentServer
from anyvideo.cli.commands import mcp as command


@pytest.fixture
def servers(monkeypatch):
    """The servers that commands make, none of which runs."""
    made = []

    async def note(self):
        made.append(self)
        self.on_begin("http://127.0.0.1:8765/mcp")

    monkeypatch.setattr(AgentServer, "run", note)
    return made


def test_the_person_sets_what_may_be_spent(call, home, servers):
    lines = [call("mcp", *options) for options in ([], ["--max-cost", "5", "--max-jobs", 2, "-q"])]
    key = home / "key"
    key.write_text("a-key-of-some-length\n")
    call("mcp", "--max-jobs", 3, "--http", "[::1]:80", "--key-file", key, "--folder", home)

    assert [line.err for line in lines] == [
        "anyvideo: MCP on http://127.0.0.1:8765/mcp; Ctrl-C or SIGTERM stops in order\n",
        "",
    ]
    assert [server.allowance for server in servers] == [
        Allowance(), Allowance(Decimal(5), "USD", 2), Allowance(jobs=3),
    ]  # fmt: skip
    assert [server.address for server in servers[:2]] == [None, None]
    address = servers[2].address
    assert (address.host, address.port, address.key) == ("::1", 80, "a-key-of-some-length")


def test_the_key_may_be_in_the_environment(call, home, servers, monkeypatch):
    monkeypatch.setenv("ANYVIDEO_MCP_KEY", "from-the-environment")
    call("mcp", "--http", "studio.example:8765")

    assert servers[0].address.key == "from-the-environment"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--http", "8765"], "--http '8765' is no address; write it as 127.0.0.1:8765"),
        (["--http", "a:99999"], "--http 'a:99999' is no address"),
        (["--http", "a:1", "--key-file", "none"], "--key-file none: No such file or directory"),
        (["--http", "a:1", "--key-file", "bytes"], "--key-file bytes: it is no text"),
        (["--http", "0.0.0.0:1"], "--http 0.0.0.0: other machines could spend your money"),
        (["--folder", "nowhere"], "--folder nowhere: there is no such folder"),
        (["--max-cost", "much"], "'much' is not an amount; write 0.50 or '0.50 USD'"),
    ],
)
def test_a_wrong_option_is_one_line(call, home, options, said):
    (home / "bytes").write_bytes(b"\xff")
    result = call("mcp", *options)

    assert (result.code, said in result.err) == (2, True), result.err


@pytest.mark.parametrize(
    ("options", "said"), [([], "what was sent goes on"), (["--sandbox"], "the sandbox ends")]
)
def test_an_end_at_once_says_what_becomes_of_the_jobs(call, home, monkeypatch, options, said):
    async def end(self):
        raise KeyboardInterrupt

    monkeypatch.setattr(AgentServer, "run", end)
    result = call("mcp", *options)

    assert (result.code, f"anyvideo: interrupted; {said}" in result.err) == (130, True)


def test_without_the_extra_it_says_how_to_get_it(call, home, monkeypatch):
    monkeypatch.setattr(
        "anyvideo.agents.process.find_spec",
        lambda name: None if name == "mcp" else importlib.util.find_spec(name),
    )
    result = call("mcp")

    assert result.code == 2
    assert "needs the extra `mcp`; run: pip install 'anyvideo[mcp]'" in result.err
    assert command.command.name == "mcp"
