"""How the sandbox misbehaves on request.

A word in a prompt, `[fault:429]` or `[fault:fail-at=80]`, switches a fault on for that job alone.
`Sandbox.misbehave` switches a fault on for every job, until it is switched off.

    name                 what happens                                                  how often
    ── the order: no job is created ──────────────────────────────────────────────────────────────
    429[=TIMES]          rate limited, without Retry-After                             1 time
    429-retry-after=S    rate limited, with Retry-After                                1 time
    503[=TIMES]          out of service                                                1 time
    no-money[=429]       the account is empty; =429 where a vendor can say so with 429 always
    moderated            the prompt is refused; `moderated=80` accepts and fails later always
    html                 a web page with status 200, as from a wrong base URL          always
    ── the order: a job is created ───────────────────────────────────────────────────────────────
    slow-accept=S        the answer takes so many seconds                              always
    drop-after-accept    the connection closes without an answer                       always
    502-after-accept     a proxy answers 502                                           always
    truncated            the answer is cut in half                                     always
    ── the job ───────────────────────────────────────────────────────────────────────────────────
    stuck                it never leaves the queue                                     always
    fail-at=PERCENT      it fails when its progress is this percentage                 always
    unknown-status       while it runs, its status is an unknown word                  always
    no-url               it completes, and there is no file                            always
    ── a status call ─────────────────────────────────────────────────────────────────────────────
    poll-429[=TIMES]     rate limited, without Retry-After                             1 time
    poll-503[=TIMES]     out of service                                                1 time
    poll-drop[=TIMES]    the connection closes without an answer                       1 time
    poll-html[=TIMES]    a web page with status 200                                    1 time
    poll-truncated[=TIMES]  the answer is cut in half                                  1 time
    ── the stream of a vendor that streams ───────────────────────────────────────────────────────
    cut-stream           the connection breaks after the first progress                always
    odd-stream           text comes in small pieces, the URL as a Markdown link, CRLF  always
    ── the file ──────────────────────────────────────────────────────────────────────────────────
    content-400[=TIMES]  /content says 400 although the job is complete                2 times
    expired              the vendor no longer has the file                             always
    expired-url          the first URL is dead; a later status call gives another      first URL
    foreign-url          the URL is on another origin: localhost, not 127.0.0.1        always
    redirect             the file is behind a redirect to that other origin            always
    wrong-size           the film has fewer pixels than ordered                        always
    slow-download[=S]    a pause (0.1 s) after every 16 KiB                            always
    cut-download[=BYTES] the connection breaks after this many bytes (16384)           always

"1 time" counts for each job; before the job exists, for each prompt at each adapter.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from threading import Lock

from attrs import frozen

_WORD = re.compile(r"\[fault:([^\]]*)\]")


@frozen
class Fault:
    """One way to misbehave.

    Attributes:
        name: the word that switches it on.
        argument: the default argument; None where an argument is required.
        times: how often it triggers; None for always.
        counts: whether the argument replaces `times`.
        takes_argument: whether an argument may be given.
    """

    name: str
    argument: float | None = 0.0
    times: int | None = None
    counts: bool = False
    takes_argument: bool = False


def _counted(name: str, times: int = 1) -> Fault:
    return Fault(name, times, times, counts=True, takes_argument=True)


def _with(name: str, argument: float | None = None, times: int | None = None) -> Fault:
    return Fault(name, argument, times, takes_argument=True)


_ALL = (
    _counted("429"),
    _with("429-retry-after", times=1),
    _counted("503"),
    _with("no-money", 0),
    _with("moderated", 0),
    Fault("html"),
    _with("slow-accept"),
    Fault("drop-after-accept"),
    Fault("502-after-accept"),
    Fault("truncated"),
    Fault("stuck"),
    _with("fail-at"),
    Fault("unknown-status"),
    Fault("no-url"),
    _counted("poll-429"),
    _counted("poll-503"),
    _counted("poll-drop"),
    _counted("poll-html"),
    _counted("poll-truncated"),
    Fault("cut-stream"),
    Fault("odd-stream"),
    _counted("content-400", 2),
    Fault("expired"),
    Fault("expired-url", times=1),
    Fault("foreign-url"),
    Fault("redirect"),
    Fault("wrong-size"),
    _with("slow-download", 0.1),
    _with("cut-download", 16384),
)
FAULTS: Mapping[str, Fault] = {fault.name: fault for fault in _ALL}
"""Every word that makes the sandbox misbehave."""


def read_words(words: Iterable[str]) -> dict[str, float]:
    """Return the faults that words such as "stuck" and "fail-at=80" name, with their arguments.

    Raises:
        ValueError: a fault is unknown, or its argument is missing, not allowed or not a number.
    """
    return dict(_read_word(word) for word in words)


def _read_word(word: str) -> tuple[str, float]:
    name, given, text = word.partition("=")
    fault = FAULTS.get(name)
    if fault is None:
        message = f"unknown fault {name!r}; known: {', '.join(FAULTS)}"
        raise ValueError(message)
    if given and not fault.takes_argument:
        message = f"the fault {name} takes no argument"
        raise ValueError(message)
    if not given and fault.argument is not None:
        return name, fault.argument
    if not re.fullmatch(r"\d+(\.\d+)?", text):
        message = f"the fault {name} needs a number, such as {name}=80, not {text!r}"
        raise ValueError(message)
    return name, float(text)


def find_words(prompt: str) -> list[str]:
    """Return the words in a prompt that switch on a fault."""
    return _WORD.findall(prompt)


class Faults:
    """The faults that are switched on, and how often each has triggered."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._lock = Lock()
        self.switch(words)

    def switch(self, words: Iterable[str]) -> None:
        """Switch on these faults and no others, and reset their counts.

        Raises:
            ValueError: a fault is unknown, or its argument is wrong.
        """
        words = tuple(words)
        switched = read_words(words)
        with self._lock:
            self.words, self._switched, self._triggered = words, switched, Counter[str]()

    def list(self, prompt: str) -> dict[str, float]:
        """Return the faults that hold for a job, and their arguments.

        Raises:
            ValueError: the prompt names an unknown fault, or an argument is wrong.
        """
        return {**self._switched, **read_words(find_words(prompt))}

    def triggers(self, name: str, scope: str, active: Mapping[str, float]) -> bool:
        """Say whether a fault triggers now, and count it; `scope` is the job it is counted for."""
        if name not in active:
            return False
        fault = FAULTS[name]
        times = active[name] if fault.counts else fault.times
        with self._lock:
            count = self._triggered[f"{name} {scope}"]
            if times is not None and count >= times:
                return False
            self._triggered[f"{name} {scope}"] = count + 1
        return True

    def has_triggered(self, name: str, scope: str) -> bool:
        """Say whether a fault has triggered for this job."""
        return self._triggered[f"{name} {scope}"] > 0
