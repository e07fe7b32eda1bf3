"""The conformance kit: a subclass in pytest checks an adapter.

    class TestAcme(Conformance):
        adapter = Acme()
        accepted = answer({"id": "clip-1"})
        running = answer({"id": "clip-1", "state": "running"})
        succeeded = answer({"id": "clip-1", "state": "done", "url": "https://acme.example/1.mp4"})
        failed = answer({"id": "clip-1", "state": "failed", "error": {"message": "no foxes"}})

Record what the vendor really answers, or copy it from its documentation. An attribute may also be a
list of answers of its kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import ClassVar, TypeAlias

from anyvideo.adapters.checks import describe_error
from anyvideo.model.wire import Response
from anyvideo.plugin import Adapter
from anyvideo.testing.checks import answers, journey, orders, purity, shape
from anyvideo.testing.checks.case import Case
from anyvideo.testing.flows import adapter as find_adapter

Recorded: TypeAlias = Response | Sequence[Response]
_REQUIRED = ("accepted", "running", "succeeded", "failed")


class Conformance:
    """What holds for every adapter; each failing test says what to change.

    `accepted`, `running`, `succeeded` and `failed` are recorded answers and required; the others
    are optional:

    `refused`   errors that the vendor documents
    `uploaded`  the answers to what comes before the paid request, if not their `rehearsal`
    `results`   the answers to what `status` asks after its first answer, once the job has ended
    `located`   the answers to what `locate` asks before it has the file
    `words`     the vendor's status words, each with ours: {"排队中": "queued"}
    `key`       a key that `authorize` can sign with
    """

    adapter: ClassVar[Adapter | str]
    accepted: ClassVar[Recorded]
    running: ClassVar[Recorded]
    succeeded: ClassVar[Recorded]
    failed: ClassVar[Recorded]
    refused: ClassVar[Recorded] = ()
    uploaded: ClassVar[Recorded] = ()
    results: ClassVar[Recorded] = ()
    located: ClassVar[Recorded] = ()
    words: ClassVar[Mapping[str, str]] = {}
    key: ClassVar[str] = "kit-key"

    def make_case(self) -> Case:
        """Return what the checks run on.

        Raises:
            AssertionError: an attribute is missing; says which.
        """
        missing = [name for name in ("adapter", *_REQUIRED) if not hasattr(self, name)]
        if missing:
            message = (
                f"{type(self).__name__} needs {', '.join(missing)}; see {Conformance.__module__}"
            )
            raise AssertionError(message)
        adapter = find_adapter(self.adapter) if isinstance(self.adapter, str) else self.adapter
        kinds = (*_REQUIRED, "refused", "uploaded", "results", "located")
        recorded = {kind: _list(getattr(self, kind)) for kind in kinds}
        return Case(adapter, words=self.words, key=self.key, **recorded)

    def hold(self, check: Callable[[Case], Iterator[str]]) -> None:
        """Run one check.

        Raises:
            AssertionError: with one line of advice for each thing that is wrong.
        """
        __tracebackhide__ = True
        case, problems, cause = self.make_case(), list[str](), None
        try:
            problems.extend(check(case))
        except Exception as error:  # noqa: BLE001 (every error is shown to the author)
            cause = error
            problems.append(f"the check cannot go on: {describe_error(error)}")
        if problems:
            lines = "".join(f"\n  - {problem}" for problem in dict.fromkeys(problems))
            name = getattr(case.adapter, "name", case.adapter)
            message = f"the adapter {name} is not right yet:{lines}"
            raise AssertionError(message) from cause

    def test_form(self) -> None:
        """It has the attributes and operations of an adapter."""
        self.hold(shape.check_form)

    def test_offers(self) -> None:
        """Its offers can be read, and say where they are documented."""
        self.hold(shape.check_offers)

    def test_requests(self) -> None:
        """Its requests are well formed; one of a submit is the paid one."""
        self.hold(shape.check_requests)

    def test_claims(self) -> None:
        """Every value in its offers reaches the vendor."""
        self.hold(orders.check_values)

    def test_falsy_values(self) -> None:
        """seed=0 and watermark=False are values, and arrive."""
        self.hold(orders.check_falsy)

    def test_options(self) -> None:
        """The caller's own options for this vendor arrive as they are."""
        self.hold(orders.check_options)

    def test_answers(self) -> None:
        """The recorded answers are read as what they are."""
        self.hold(answers.check_answers)

    def test_status_words(self) -> None:
        """Every status word is understood; an unknown one counts as running."""
        self.hold(answers.check_words)

    def test_refusals(self) -> None:
        """Errors of the vendor are errors of the call, and never make a client pay twice."""
        self.hold(answers.check_refusals)

    def test_failed_polls(self) -> None:
        """A poll that fails does not fail the job."""
        self.hold(answers.check_polls)

    def test_broken_answers(self) -> None:
        """Every broken answer ends in a report or in an anyvideo error."""
        self.hold(answers.check_mutations)

    def test_imports(self) -> None:
        """It does no I/O and reads no clock, no environment and no randomness."""
        self.hold(purity.check_imports)

    def test_repeatable(self) -> None:
        """The same plan always results in the same requests."""
        self.hold(purity.check_repeatable)

    def test_key(self) -> None:
        """It keeps no key and sends none."""
        self.hold(purity.check_key)

    def test_sync_client(self) -> None:
        """Plan, submit, poll and download work over HTTP with the sync client."""
        self.hold(journey.check_sync)

    def test_async_client(self) -> None:
        """Plan, submit, poll and download work over HTTP with the async client."""
        self.hold(journey.check_async)

    def test_clients_agree(self) -> None:
        """Both clients send the same requests and end in the same state."""
        self.hold(journey.check_agreement)


def _list(recorded: Recorded) -> tuple[Response, ...]:
    return (recorded,) if isinstance(recorded, Response) else tuple(recorded)
