"""apertis-chat: Sora through /v1/chat/completions, with progress as the answer streams in.

    POST /v1/chat/completions        server-sent events, one fact in each text delta
    GET  /v1/video/query?id=...      the state of the task once the stream is over or broken

The wire carries the prompt and nothing else; the vendor advises /v1/video/create for the rest.

Source: https://github.com/apertis-ai/docs, api/audio-video/video, "Sora-2 Chat Completions API".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from attrs import define, field

from anyvideo.dialects.reports import read_report
from anyvideo.dialects.sse import Decoder
from anyvideo.plugin import (
    Flow,
    Offer,
    Plan,
    ProviderError,
    Report,
    Request,
    Response,
    Status,
    Stream,
    Task,
    TaskError,
    diagnose,
    diagnose_failure,
    is_list,
    is_object,
    load_offers,
)
from anyvideo_plugins.apertis.create import BASE_URL, KEY_ENV, locate, query

if TYPE_CHECKING:
    from anyvideo_plugins.apertis.transcript import Transcript

_KEPT = 1 << 20
_MOST_DOCUMENTS = 100  # in one event
_WORD = re.compile(r"\S")
# Errors that say more about the stream than about the job.
_DOUBTFUL = frozenset({"timeout", "rate_limited"})


class Chat:
    """The wire for a prompt alone, which streams its progress."""

    name = "apertis-chat"
    base_url = BASE_URL
    key_env = KEY_ENV

    def offers(self) -> Sequence[Offer]:
        """Return the offers of this wire."""
        return load_offers("anyvideo_plugins.apertis", self.name)

    def submit(self, plan: Plan) -> Flow[Report]:
        """Create the job and read the whole answer."""
        reader = Reader(plan.job.prompt)
        reader.feed((yield encode(plan)))
        return reader.finish()

    def stream(self, plan: Plan) -> Stream:
        """Create the job and report what is known after every piece of the answer.

        Send b"" when the stream ends, also when it breaks: what is known by then is returned.
        """
        reader = Reader(plan.job.prompt)
        received = yield encode(plan)
        while received:
            reader.feed(received)
            if reader.done:
                break
            received = yield reader.report()
        return reader.finish()

    def status(self, task: Task) -> Flow[Report]:
        """Ask for the state of a task, on the wire of apertis-create, which uses the same ids."""
        return query(task)

    def locate(self, task: Task) -> Flow[Request]:
        """Find the file at the URL that the task carries."""
        return locate(task)


def encode(plan: Plan) -> Request:
    """Return the request that creates the job; the message is the prompt as it is."""
    words = plan.parameters()
    body = {
        "model": words.pop("model"),
        "stream": True,
        "messages": [{"role": "user", "content": words.pop("prompt")}],
        **words,
    }
    return Request("POST", "/v1/chat/completions", json=body, expects="events", paid=True)


@define
class Reader:
    """Reads one answer, as events or as a single JSON body, whole or in pieces."""

    prompt: str = ""
    done: bool = field(default=False, init=False)
    _head: Response = field(factory=lambda: Response(200), init=False)
    _raw: bytes = field(default=b"", init=False, repr=False)
    _events: int = field(default=0, init=False)
    _decoder: Decoder = field(factory=Decoder, init=False)
    _error: Mapping[str, Any] | None = field(default=None, init=False)
    _script: Transcript = field(init=False)

    def __attrs_post_init__(self) -> None:
        # Its patterns take time to compile, and only a stream needs them.
        from anyvideo_plugins.apertis.transcript import Transcript  # noqa: PLC0415 (as said above)

        self._script = Transcript(self.prompt)

    def feed(self, received: Response | bytes) -> None:
        """Take the response with what it holds of the body, or the next bytes of the body.

        Raises:
            ProviderError: the response is an error.
        """
        if isinstance(received, Response):
            if not received.ok:
                raise diagnose(received, paid=True)
            self._head, received = received, received.body
        if not self._events and len(self._raw) < _KEPT:
            self._raw += received
        for event in self._decoder.feed(received):
            self._read_event(event)

    def report(self) -> Report | None:
        """Return what is known so far, or None while that is nothing."""
        script = self._script
        script.read()
        if not (script.id or script.progress or script.video_url):
            return None
        status = Status.SUCCEEDED if script.video_url else Status.RUNNING
        return Report(script.id, status, script.progress, script.video_url)

    def finish(self) -> Report:
        """Return what the whole answer says.

        A task whose stream ends early is `running`: the query wire knows its state.

        Raises:
            ProviderError: the answer is an error, or names neither a task nor a video.
        """
        for event in self._decoder.finish():
            self._read_event(event)
        if not self._events:
            whole = Response(self._head.status, self._head.headers, self._raw)
            document = _decode_chat(whole)
            if document is None:
                return read_report(whole, paid=True)
            self._read_document(document)
        self._script.close()
        known = self.report()
        return known if known is not None and known.video_url else self._conclude()

    def _conclude(self) -> Report:
        """Return the report of an answer that ended without a video."""
        script, failure = self._script, self._error or self._script.failure
        running = Report(script.id, Status.RUNNING, script.progress)
        if failure is None and script.id:
            return running
        if failure is None:
            said = " ".join(script.text.split())[:200] or "nothing"
            message = f"the stream ended without a task id and without a video; it said: {said}"
            raise ProviderError(kind="malformed", message=message, status=self._head.status)
        error = diagnose_failure(failure) or TaskError("server", None, "failed without a reason")
        kind = error.kind or "server"
        if not script.id:
            raise ProviderError(
                kind,
                error.message or str(error.code),
                status=self._head.status,
                code=error.code,
                request_id=self._head.headers.get("x-request-id"),
            )
        # A frame may break off the stream and not the job; what the text says is about the job.
        if kind in _DOUBTFUL or (kind == "server" and not isinstance(failure, str)):
            return running
        return Report(script.id, Status.FAILED, script.progress, error=error)

    def _read_event(self, event: str) -> None:
        """Read the data of one event: JSON documents, each on its line, or text."""
        self._events += 1
        event = event.strip()
        start, decode = 0, json.JSONDecoder().raw_decode
        for _ in range(_MOST_DOCUMENTS):
            self.done = self.done or event.startswith("[DONE]", start)
            if self.done or start == len(event):
                break
            try:
                document, end = decode(event, start)
            except (ValueError, RecursionError):
                self._script.add(f"{event[start:]}\n", "data")
                break
            further = _WORD.search(event, end)
            start = len(event) if further is None else further.start()
            if is_object(document):
                self._read_document(document)

    def _read_document(self, document: Mapping[str, Any]) -> None:
        if self._error is None and document.get("error"):
            self._error = document
        for channel, piece in _find_pieces(document):
            self._script.add(piece, channel)
        for name in ("task_id", "progress", "video_url"):
            if isinstance(value := document.get(name), str | int | float):
                self._script.add(f"{name}: {value}\n", "fields")


def _decode_chat(response: Response) -> Mapping[str, Any] | None:
    """Return the body if it is the one JSON document of a chat that was not streamed."""
    document = response.find()
    if is_object(document) and ("choices" in document or "cmpl-" in str(document.get("id"))):
        return document
    return None


def _find_pieces(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the texts of a chat document with the channel that each is on."""
    choices = document.get("choices")
    for choice in filter(is_object, choices if is_list(choices) else ()):
        for part in filter(is_object, (choice.get("delta"), choice.get("message"))):
            for channel in ("reasoning_content", "content"):
                if isinstance(text := part.get(channel), str) and text:
                    yield channel, text
