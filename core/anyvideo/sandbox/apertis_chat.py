"""Apertis, POST /v1/chat/completions: the job's progress as a stream of text (Server-Sent Events)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from anyvideo.sandbox.apertis_create import make_id
from anyvideo.sandbox.apertis_errors import check, read_json, reject
from anyvideo.sandbox.exchange import Answer, HungUpError, is_list, is_object, say
from anyvideo.sandbox.ranges import split
from anyvideo.sandbox.studio import Studio
from anyvideo.sandbox.tasks import Order, Phase, Task
from anyvideo.sandbox.wire import Exchange

_MARKS = (25, 50, 75, 100)  # the percentages at which a stream says something
_SCRAP = 7  # characters in one piece of an odd stream


def order(exchange: Exchange) -> Answer:
    """Answer POST /v1/chat/completions."""
    fields = read_json(exchange.call)
    model = check(fields, "chat", fields.get("model"))
    prompt = _read_prompt(fields["messages"])
    ordered = Order(
        exchange.adapter,
        "apertis",
        model.name,
        prompt,
        10.0,
        1280,
        720,
        details={"enhanced_prompt": prompt, "family": "sora"},
    )
    studio = exchange.studio

    def describe(task: Task) -> Answer:
        if not fields.get("stream"):
            return _complete(studio, task)
        faults = studio.find_faults(task)
        kind = {"content-type": "text/event-stream", "cache-control": "no-cache"}
        return Answer(200, _stream(studio, task, odd="odd-stream" in faults), kind)

    return exchange.accept(ordered, make_id(exchange, model.name), describe)


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


def _complete(studio: Studio, task: Task) -> Answer:
    """Return the whole text at once, when the job is done; no page says what this looks like."""
    text = "\n".join(_tell(studio, task))
    return say({"choices": [{"index": 0, "message": {"role": "assistant", "content": text}}]})


def _stream(studio: Studio, task: Task, *, odd: bool) -> Iterator[bytes]:
    """Yield the events, each when its moment has come."""
    end = "\r\n\r\n" if odd else "\n\n"
    for number, fact in enumerate(_tell(studio, task)):
        if number == 2 and "cut-stream" in studio.find_faults(task):
            raise HungUpError
        for text in _tear(fact) if odd else (fact,):
            delta = {"choices": [{"delta": {"content": text}}]}
            yield f"data: {json.dumps(delta, ensure_ascii=False)}{end}".encode()
    yield f"data: [DONE]{end}".encode()


def _tear(fact: str) -> Iterator[str]:
    """Yield a fact in scraps, with a URL as a Markdown link."""
    name, _, value = fact.partition(": ")
    text = f"[{name}]({value})\n" if name == "video_url" else f"{fact}\n"
    for scrap in split(text.encode(), _SCRAP):  # facts are ASCII
        yield scrap.decode()


def _tell(studio: Studio, task: Task) -> Iterator[str]:
    """Yield the facts of a job as it goes on; one that is stuck ends without a URL."""
    yield f"task_id: {task.id}"
    for mark in _MARKS:
        studio.wait_until(task.created_at + studio.pace.ripe * mark / 100)
        state = studio.judge(task)
        if state.phase is Phase.FAILED:
            moderated = "moderated" in studio.find_faults(task)
            why = "content policy violation" if moderated else "internal error"
            yield f"error: video generation failed: {why}"
            return
        yield f"progress: {0 if state.phase is Phase.QUEUED else mark}%"
    if url := studio.file_url(task):
        yield f"video_url: {url}"
