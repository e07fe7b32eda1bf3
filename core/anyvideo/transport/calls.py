"""One HTTP request of a step, and the redirects that it follows."""

from __future__ import annotations

from urllib.parse import urljoin

from attrs import evolve, frozen

from anyvideo.config.provider import Provider
from anyvideo.errors import DownloadError
from anyvideo.limits import MOST_REDIRECTS
from anyvideo.model.wire import Response
from anyvideo.secret import Secret
from anyvideo.transport.steps import Send, Transfer

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@frozen
class HttpCall:
    """One HTTP request of a step; its URL is that of the step, or of a redirect."""

    step: Send | Transfer
    url: str
    key: Secret | None
    redirects: int = MOST_REDIRECTS

    @property
    def provider(self) -> Provider:
        """The account that the request is for."""
        return self.step.provider

    @property
    def fetches(self) -> bool:
        """Whether the answer is a file, which may take longer than a request."""
        return isinstance(self.step, Transfer)

    @property
    def paid(self) -> bool:
        """Whether the request may create a job that costs money."""
        return not self.fetches and self.step.request.paid

    def opens_stream(self, head: Response) -> bool:
        """Say whether later steps read the body piece by piece."""
        return not self.fetches and self.step.request.expects == "events" and head.ok

    def is_redirect(self, head: Response) -> bool:
        """Say whether the answer only names another URL of a file."""
        return self.fetches and head.status in _REDIRECTS and "location" in head.headers

    def reads_body(self, head: Response) -> bool:
        """Say whether the body belongs to the answer: not that of a stream or a redirect."""
        return not self.opens_stream(head) and not self.is_redirect(head)

    def follow(self, response: Response) -> HttpCall | None:
        """Return the request that a redirect asks for, or None if the answer is final."""
        if not self.is_redirect(response):
            return None
        if not self.redirects:
            most, alias = MOST_REDIRECTS, self.provider.alias
            message = f"{alias}: the video's URL leads through more than {most} redirects"
            raise DownloadError(message)
        try:
            url = urljoin(self.url, response.headers["location"])
        except ValueError as error:
            message = f"the video's URL leads to one that cannot be read ({error})"
            message += "; nothing was sent there"
            raise DownloadError(message) from error
        return evolve(self, url=url, redirects=self.redirects - 1)


def start_call(step: Send | Transfer) -> HttpCall:
    """Return the first request of a step."""
    return HttpCall(step, step.provider.resolve(step.request.url), step.provider.find_key())
