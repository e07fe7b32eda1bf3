"""The lines of standard input: cut as they come, bounded, and given up without waiting."""

import asyncio
import os

import pytest

from anyvideo.agents import stdio


@pytest.fixture
def pipe():
    ends = os.pipe()
    yield ends
    for end in ends:
        try:
            os.close(end)
        except OSError:
            continue  # the test closed it


async def test_lines_are_cut_wherever_the_blocks_end(pipe):
    reader, writer = pipe
    lines = stdio.read_lines(reader)
    os.write(writer, b'{"a": 1}\n{"b"')
    assert await anext(lines) == '{"a": 1}'
    os.write(writer, b": 2}\r\n\xff\nrest")
    os.close(writer)

    assert [line async for line in lines] == ['{"b": 2}\r', "\ufffd", "rest"]


async def test_a_line_without_an_end_is_given_up(pipe, monkeypatch, caplog):
    monkeypatch.setattr(stdio, "MOST_BYTES", 10)
    os.write(pipe[1], b"x" * 20)

    assert [line async for line in stdio.read_lines(pipe[0])] == []
    assert "a line of more than 10 bytes" in caplog.text


async def test_who_stops_to_listen_does_not_wait(pipe):
    waiting = asyncio.create_task(anext(stdio.read_lines(pipe[0])))
    await asyncio.sleep(0)
    waiting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_what_cannot_be_read_has_no_lines(pipe):
    os.close(pipe[0])

    assert [line async for line in stdio.read_lines(pipe[0])] == []
