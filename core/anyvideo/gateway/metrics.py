"""What the gateway counts, in the text format of Prometheus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from attrs import define, field

from anyvideo.adapters.events import Event
from anyvideo.adapters.hooks import hookimpl

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Labels = tuple[tuple[str, str], ...]
_HELP: Mapping[str, tuple[str, str]] = {
    "anyvideo_http_requests_total": ("counter", "Requests that were answered."),
    "anyvideo_http_seconds_total": ("counter", "How long their answers took."),
    "anyvideo_vendor_requests_total": ("counter", "Requests to vendors, paid ones apart."),
    "anyvideo_jobs_total": ("counter", "Changes of jobs, by the state that they are in then."),
    "anyvideo_retries_total": ("counter", "Operations that ran again."),
    "anyvideo_downloaded_bytes_total": ("counter", "The bytes of the files that were fetched."),
    "anyvideo_jobs": ("gauge", "Jobs that this process works on."),
}


@define(eq=False)
class Metrics:
    """The counts of one gateway, which listens to the events of its client."""

    _counts: Counter[tuple[str, Labels]] = field(factory=Counter[tuple[str, Labels]], init=False)

    def count(self, name: str, amount: float = 1, **labels: str) -> None:
        """Add to a counter."""
        self._counts[name, tuple(sorted(labels.items()))] += amount  # type: ignore[assignment]  # a Counter holds any number

    @hookimpl
    def anyvideo_event(self, event: Event) -> None:
        """Count an event of a job."""
        details = event.details
        provider = event.provider
        if event.kind == "request":
            status, paid = str(details.get("status") or "none"), "yes" if details["paid"] else "no"
            self.count(
                "anyvideo_vendor_requests_total", provider=provider, paid=paid, status=status
            )
        elif event.kind == "state":
            state = str(details["status"])
            self.count("anyvideo_jobs_total", provider=provider, model=event.model, state=state)
        elif event.kind == "retry":
            self.count("anyvideo_retries_total", provider=provider)
        else:
            size = float(details["bytes"])
            self.count("anyvideo_downloaded_bytes_total", size, provider=provider)

    def render(self, jobs: int) -> str:
        """Return all counts as text."""
        known = {**self._counts, ("anyvideo_jobs", ()): jobs}
        lines = list[str]()
        for name, (kind, told) in _HELP.items():
            samples = sorted(
                (labels, value) for (own, labels), value in known.items() if own == name
            )
            lines += [f"# HELP {name} {told}", f"# TYPE {name} {kind}"]
            lines += [f"{name}{_write(labels)} {value:.10g}" for labels, value in samples]
        return "\n".join(lines) + "\n"


def _write(labels: Iterable[tuple[str, str]]) -> str:
    written = ",".join(f'{name}="{_escape(value)}"' for name, value in labels)
    return f"{{{written}}}" if written else ""


def _escape(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
