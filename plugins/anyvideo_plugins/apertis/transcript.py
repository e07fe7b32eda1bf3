"""What the text of a chat stream says about its job: the id, the progress, the URL, a failure.

    task_id: sora-2:1234567890-abcdefgh
    progress: 25%                                   also 进度, a wide colon, decimals
    video_url: https://storage.example.com/a.mp4    also [watch](https://...), or a bare .mp4 URL
    ❌ 生成失败 · Video generation failed: ... · Error: ... · {"error": {"message": ...}}

The first three lines are the page's own; the rest was seen at vendors with the same wire. A text
may be cut anywhere, so an id or a URL counts only when something follows that is no part of it,
when the stream has ended, or, for an id, when it looks whole. Prose that merely has such words in
it must not count: markers need their colon, a failure stands at the start of a line, and nothing
that is part of the prompt is believed, because models repeat their prompts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import define, field

_KEPT = 1 << 16
# Longer than a fact with its marker: the URL has 4000 characters at most.
_OVERLAP = 4500
_FLAGS = re.ASCII | re.IGNORECASE
_COLON = r"[:\uff1a]"
_GAP = r"[\"'*`\s]*"
_URL_PART = r"[\w\-.~:/?#@!$&'+,;=%]"
# Possessive, so that hostile text costs no backtracking; never at the very end, see above.
_URL = rf"(https?://{_URL_PART}{{3,4000}}+)(?!{_URL_PART})(?!\Z)"
_ID = re.compile(
    rf"(?:task[_ ]?id|任务\s?id){_GAP}{_COLON}{_GAP}([\w.:-]{{1,200}}+)(?![\w.:-])", _FLAGS
)
# An id that looks whole is believed at once, so that a stream that breaks right after it loses
# nothing: model:seconds-random as on the page, a UUID, or a gateway's task_....
_WHOLE_ID = re.compile(
    r"[\w.-]+:\d{10}-[a-z0-9]{8,}|\w+[_:-][0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?:[\w.-]+:)?task_\w{26,}",
    _FLAGS,
)
_PROGRESS = re.compile(
    rf"(?:progress|进度){_GAP}{_COLON}{_GAP}(\d{{1,3}}(?:\.\d{{1,9}})?)\s?[%\n]", _FLAGS
)
_MARKED = re.compile(rf"video_?url{_GAP}{_COLON}{_GAP}[(<]?{_URL}", _FLAGS)
_BARE = re.compile(_URL, _FLAGS)
_LINKED = re.compile(rf"(?:(?<!!)\[[^\[\]\n]{{0,300}}|\))\]\(\s?{_URL}\s?\)", _FLAGS)
_NO_VIDEO = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".svg", ".html", ".htm", ".md", ".pdf")
_SUBJECT = r"(?:(?:the|your|a|sora|video|task|job|request|generation|creation|has|was|is) ){0,6}"
_FAILURE = re.compile(
    r"(?:^|(?<=%))[ \t>*#_`-]*+(?:❌|error\s?[:\uff1a]|(?:视频|任务|生成|创建|请求|处理|提交| )*+失败"
    r"|status\s?[:\uff1a][ \"'*`]*(?:failed|failure|error|cancell?ed)\b"
    rf"|{_SUBJECT}failed(?:\s?[:\uff1a.!]|[ \t]*$| +(?:to|because|due)\b))",
    _FLAGS | re.MULTILINE,
)
_JSON_ERROR = re.compile(r"\{\s*\"error\"\s*:")
# A delta may end with a value, and what cannot continue that value begins a fact of its own.
_VALUE = re.compile(rf"{_COLON}{_GAP}\S+\Z")
_FRESH = re.compile(
    r"(?i:task[_ ]?id|video_?url|progress|进度|status|error)\s?[:\uff1a]"
    r"|[A-Za-z][A-Za-z_ ]{1,24}[:\uff1a]\s"
    r"|(?i:pending|queued|processing|completed|succeeded|failed|done)\b|[A-Z][a-z]{3,}(?:[\s.!,…]|\Z)"
    r"|https?://|#+\s|-\s|❌",
    re.ASCII,
)


@define
class Transcript:
    """The text of one stream so far, and the facts in it; the first id and URL count."""

    prompt: str = ""
    text: str = field(default="", init=False)
    id: str = field(default="", init=False)
    progress: str | None = field(default=None, init=False)
    video_url: str | None = field(default=None, init=False)
    _channel: str = field(default="", init=False)
    _new: str = field(default="", init=False)
    _dropped: int = field(default=0, init=False)
    _place: int = field(default=-1, init=False)

    def add(self, piece: str, channel: str = "content") -> None:
        """Add one delta; another channel, or what starts a fact of its own, starts a line.

        `read` finds the facts in it.
        """
        before = (self.text[-300:] + self._new)[-300:]
        glued = _FRESH.match(piece) and _VALUE.search(before)
        gap = "\n" if glued or channel != self._channel else ""
        self._channel = channel
        self._new += gap + piece
        if len(self._new) > _OVERLAP:
            self.read()

    def close(self) -> None:
        """Take the text as complete: what stands at its end counts now."""
        self._new += "\n"
        self.read()
        if self.video_url is None:
            self.video_url = next(self._find_links(), None)

    def read(self) -> None:
        """Find the facts in what was added, and in as much before it as a fact may be long."""
        start = max(0, len(self.text) - _OVERLAP)
        self.text, self._new = self.text + self._new, ""
        for place, value in self._find_ids(start):
            if place == self._place or not self.id:
                self.id, self._place = value, place
        for found in _PROGRESS.finditer(self.text, start):
            self.progress = found[1]
        if self.video_url is None:
            self.video_url = next(self._find_urls(start), None)
        self._dropped += max(0, len(self.text) - _KEPT)
        self.text = self.text[-_KEPT:]

    def _find_ids(self, start: int) -> Iterator[tuple[int, str]]:
        """Yield the ids from a place on, each with its place in all that was added."""
        for found in _ID.finditer(self.text, start):
            value = found[1].rstrip(".:-")
            ended = found.end() < len(self.text) or _WHOLE_ID.fullmatch(value)
            # chatcmpl-... and foaicmpl-... name the chat's answer, not the task.
            named = re.search(r"\d", value) and "cmpl-" not in value
            if ended and named and value not in self.prompt:
                yield self._dropped + found.start(1), value

    def _find_urls(self, start: int) -> Iterator[str]:
        """Yield the URLs that say by themselves that they are the video's."""
        for found in _MARKED.finditer(self.text, start):
            yield from self._clean(found[1])
        for found in _BARE.finditer(self.text, start):
            yield from (url for url in self._clean(found[1]) if _path(url).endswith(".mp4"))

    def _find_links(self) -> Iterator[str]:
        """Yield the links that may be the video's if nothing better came and nothing failed."""
        if self.failure is None:
            for found in _LINKED.finditer(self.text):
                yield from (
                    url for url in self._clean(found[1]) if not _path(url).endswith(_NO_VIDEO)
                )

    def _clean(self, url: str) -> Iterator[str]:
        url = url.rstrip(".,;:!?'")
        if url not in self.prompt:
            yield url

    @property
    def failure(self) -> str | Mapping[str, Any] | None:
        """What the text says went wrong, as text or as decoded JSON; None if it says nothing."""
        if found := _JSON_ERROR.search(self.text):
            try:
                document: Mapping[str, Any] = json.JSONDecoder().raw_decode(
                    self.text[found.start() :]
                )[0]
            except (ValueError, RecursionError):
                return self.text[found.start() :].strip()
            if document["error"]:
                return document
        for found in _FAILURE.finditer(self.text):
            line = self.text[found.start() :].strip()
            if line.partition("\n")[0].strip() not in self.prompt:
                return line
        return None


def _path(url: str) -> str:
    return re.split(r"[?#]", url, maxsplit=1)[0].lower()
