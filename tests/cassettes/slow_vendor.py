"""A vendor with one key, which takes its time, and which says the caller's key back wherever it can."""

import json
from itertools import pairwise

from anyvideo import ProviderError, VideoJob
from anyvideo.testing import answer, make_film
from tests.cassettes.scenario import WRONG_KEY, Raises, Scenario

# With the characters that JSON and URLs escape.
KEY = 'sk-sub-live"\\/7-0123456789abcdef'
OTHER_KEY = "sk-sub-of-the-gateway-0123456789"
TAKES = 30.0
ROW = {
    "provider": "gateway",
    "model": "slow",
    "source": "https://gateway.example/docs",
    "required": ["seconds"],
    "seconds": [4],
    "price": {"amount": "0.10", "per": "second"},
}


class SlowVendor:
    """Answers as a gateway does; a job is done half a minute after it was sent."""

    def __init__(self, clock):
        self.clock = clock
        self.jobs, self.polls, self.broken = [], [], False

    @property
    def pauses(self):
        """The seconds between the polls."""
        return [later - earlier for earlier, later in pairwise(self.polls)]

    def respond(self, call):
        said = {"note": f"your key is {call.key}", "user": {"token": call.key, "user_id": 17}}
        headers = {"set-cookie": f"key={call.key}", "x-request-id": f"req-{call.key}"}
        if call.key != KEY:
            return answer({"error": {"message": "invalid key", **said}}, 401, headers)
        if call.path.endswith("/content"):
            return answer(make_film(), headers={"content-type": "video/mp4", **headers})
        if self.broken:
            return answer({"error": {"message": "out of order", **said}}, 500, headers)
        if call.method == "POST":
            self.jobs.append((self.clock.now(), json.loads(call.body)))
        else:
            self.polls.append(self.clock.now())
        done = self.clock.now() - self.jobs[-1][0] >= TAKES
        state = {"status": "completed" if done else "in_progress", "upstream": OTHER_KEY}
        return answer({"id": f"video_{len(self.jobs)}", **state, **said}, headers=headers)


def configure(url, **provider):
    providers = {"gateway": {"adapter": "openai-videos", "base_url": url, **provider}}
    return {"providers": providers, "offers": [ROW]}


def generate(client, folder):
    return client.generate(VideoJob("a fox", seconds=4), folder / "fox.mp4", "gateway/slow")


def is_home(video):
    assert video.path.stat().st_size


def list_scenarios(url):
    """One story that can be recorded, one with a key that nobody gave out, one of a fault."""
    refused = Raises(ProviderError, {"kind": "auth", "status": 401})
    return [
        Scenario("openai-videos", "slow", generate, is_home, "", configure(url), live=True),
        Scenario(
            "openai-videos",
            "wrong-key",
            generate,
            refused,
            "",
            configure(url, api_key=WRONG_KEY),
            live=True,
        ),
        Scenario("openai-videos", "failed", generate, refused, "", configure(url)),
    ]
