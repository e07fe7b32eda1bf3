"""The page on MCP: its settings start a server, and it lists the tools and kinds that there are."""

import json
import os
import re
import sys
from pathlib import Path
from typing import get_args

import click
import pytest
from mcp import Client, StdioServerParameters

from anyvideo.agents.catalog import TOOLS
from anyvideo.agents.http import PATH
from anyvideo.agents.refusals import RefusalKind
from anyvideo.agents.resources import MOST_BYTES
from anyvideo.cli.commands.mcp import command
from anyvideo.cli.main import program

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/mcp.md").read_text("utf-8")


def read_settings(page):
    return [
        json.loads(text)["mcpServers"]["anyvideo"]
        for text in re.findall(r"^```json\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    ]


@pytest.mark.slow
async def test_the_settings_start_a_server(tmp_path):
    local, remote = read_settings(PAGE)
    (tmp_path / "Videos").mkdir()
    env = {**os.environ, **local["env"], "HOME": str(tmp_path), "ANYVIDEO_HOME": str(tmp_path)}
    program = Path(sys.executable).with_name(local["command"])
    server = StdioServerParameters(command=str(program), args=local["args"], env=env)

    async with Client(server) as client:
        listed = [tool.name for tool in (await client.list_tools()).tools]
        job = {"prompt": "a fox", "seconds": 4, "model": "apiyi/*"}
        quote = await client.call_tool("quote", job)

    assert listed == re.findall(r"^\| `(\w+)` \| .* \| (?:nothing|what)", PAGE, re.MULTILINE)
    assert listed == [tool.name for tool in TOOLS]
    assert quote.structured_content["spending"]["allowed"] == "5.00 USD"
    assert remote["url"].endswith(PATH)


def test_the_kinds_and_limits_are_those_of_the_code():
    table = PAGE.partition("| kind | meaning |")[2].partition("\n\n")[0]
    named = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (.*?) \|", table, re.MULTILINE))))

    assert named == {*get_args(RefusalKind), "invalid", "negotiation", "drift", "internal"}
    assert f"{MOST_BYTES >> 20} MiB" in PAGE


def test_the_settings_of_the_readme_are_a_command():
    (shown,) = read_settings((ROOT / "README.md").read_text("utf-8"))
    context = click.Context(command, **program.context_settings)
    options, _, _ = command.make_parser(context).parse_args(shown["args"][1:])

    assert (shown["command"], shown["args"][0]) == ("anyvideo", command.name)
    assert options == {"limit": "5 USD"}
