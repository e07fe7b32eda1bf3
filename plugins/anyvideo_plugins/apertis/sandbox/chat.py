"""Apertis, POST /v1/chat/completions: the job's progress as a stream of text (Server-Sent Events)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from anyvideo.sandbox import (
    Answer,
    HungUpError,
    Order,
    Phase,
    SandboxTask,
    VendorCall,
    World,
    is_list,
    is_object,
    json_answer,
    split,
)
from anyvideo_plugins.apertis.sandbox.create import make_id
from anyvideo_plugins.apertis.sandbox.errors import check, read_json, reject

_MARKS = (25, 50, 75, 100)  # the percentages that a stream reports
_PIECE = 7  # characters in one piece of an odd stream


def order(call: VendorCall) -> Answer:
    """Answer POST /v1/chat/completions."""
    fields = read_json(call.http)
    model = check(fields, "chat", fields.get("model"))
    prompt = _read_prompt(fields["messages"])
    ordered = Order(
        model.name,
        prompt,
        10.0,
        1280,
        720,
        details={"enhanced_prompt": prompt, "family": "sora"},
    )
    world = call.world

    def describe(task: SandboxTask) -> Answer:
        if not fields.get("stream"):
            return _complete(world, task)
        faults = world.find_faults(task)
        kind = {"content-type": "text/event-stream", "cache-control": "no-cache"}
        return Answer(200, _stream(world, task, odd="odd-stream" in faults), kind)

    return call.accept(ordered, make_id(call, model.name), describe)


def _read_prompt(messages: list[dict[str, Any]]) -> str:
    """Return the text of the user's last message, which is one text or a list of parts."""
    said = [message.get("content") for message in messages if message.get("role") == "user"]
    content: Any = said[-1] if said else None
    parts: list[Any] = content if is_list(content) else [{"text": content}]
    texts = [part.get("text") for part in parts if is_object(part)]
    prompt = "".join(text for text in texts if isinstance(text, str))
    if not prompt:
        reject("messages: there is no text from the user", "messages")
    return prompt


def _complete(world: World, task: SandboxTask) -> Answer:
    """Return the whole text when the job is done; no page documents this answer."""
    text = "\n".join(_list_facts(world, task))
    return json_answer(
        {"choices": [{"index": 0, "message": {"role": "assistant", "content": text}}]}
    )


def _stream(world: World, task: SandboxTask, *, odd: bool) -> Iterator[bytes]:
    """Yield the events, each at its moment."""
    end = "\r\n\r\n" if odd else "\n\n"
    for number, fact in enumerate(_list_facts(world, task)):
        if number == 2 and "cut-stream" in world.find_faults(task):
            raise HungUpError
        for text in _split_fact(fact) if odd else (fact,):
            delta = {"choices": [{"delta": {"content": text}}]}
            yield f"data: {json.dumps(delta, ensure_ascii=False)}{end}".encode()
    yield f"data: [DONE]{end}".encode()


def _split_fact(fact: str) -> Iterator[str]:
    """Yield a fact in small pieces, with a URL as a Markdown link."""
    name, _, value = fact.partition(": ")
    text = f"[{name}]({value})\n" if name == "video_url" else f"{fact}\n"
    for piece in split(text.encode(), _PIECE):  # facts are ASCII
        yield piece.decode()


def _list_facts(world: World, task: SandboxTask) -> Iterator[str]:
    """Yield the facts of a job as it progresses; a job that is stuck ends without a URL."""
    yield f"task_id: {task.id}"
    for mark in _MARKS:
        world.wait_until(task.created_at + world.timing.done_at * mark / 100)
        state = world.find_state(task)
        if state.phase is Phase.FAILED:
            moderated = "moderated" in world.find_faults(task)
            why = "content policy violation" if moderated else "internal error"
            yield f"error: video generation failed: {why}"
            return
        yield f"progress: {0 if state.phase is Phase.QUEUED else mark}%"
    if url := world.file_url(task):
        yield f"video_url: {url}"
