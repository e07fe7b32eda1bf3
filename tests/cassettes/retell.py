"""Writes the requests of cassettes anew and keeps their answers: after a deliberate change of one.

python -m tests.cassettes.retell [apimart apiyi/done ...]
"""

import os
import sys
import tempfile
from copy import deepcopy
from pathlib import Path
from typing import Any

import httpx
import vcr
import yaml

from anyvideo.testing.clock import VirtualClock
from tests.cassettes.scenario import FOLDER, KEYS, Pieces, Scenario, open_client, run_scenario
from tests.cassettes.scenarios import SCENARIOS
from tests.cassettes.storage import Mask


class Retelling(httpx.MockTransport):
    """Answers with a cassette's own answers in their order, and keeps the requests that came."""

    def __init__(self, path: Path, mask: Mask) -> None:
        self.path, self.mask = path, mask
        self.story: Any = yaml.safe_load(path.read_text("utf-8"))
        self.answers = [item["response"] for item in self.story["interactions"]]
        self.told: list[Any] = []
        super().__init__(self.answer)

    def take_answer(self) -> Any:
        """Return the next answer; where all are the same, there are as many as are asked for."""
        if len(self.told) < len(self.answers):
            return self.answers[len(self.told)]
        if any(answer != self.answers[0] for answer in self.answers):
            message = f"{self.path} has {len(self.answers)} answers, and more requests came"
            raise ValueError(message)
        return deepcopy(self.answers[0])

    def answer(self, request: httpx.Request) -> httpx.Response:
        answer = self.take_answer()
        asked = self.mask.keep_request(
            vcr.request.Request(
                request.method, str(request.url), request.read(), dict(request.headers)
            )
        )
        stored = {
            "body": read_text(asked.body) if asked.body else None,
            "headers": {name: [value] for name, value in asked.headers.items()},
            "method": request.method,
            "uri": asked.uri,
        }
        self.told.append({"request": stored, "response": answer})
        string = answer["body"]["string"]
        content = string.encode() if isinstance(string, str) else string
        flat = [(name, value) for name, values in answer["headers"].items() for value in values]
        return httpx.Response(answer["status"]["code"], headers=flat, stream=Pieces(content))

    def save(self) -> None:
        self.story["interactions"] = self.told
        self.path.write_text(yaml.safe_dump(self.story, allow_unicode=True, width=120), "utf-8")


def read_text(body: bytes) -> str | bytes:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body


def retell(scenario: Scenario) -> None:
    mask = Mask((*scenario.literal_keys, *KEYS.values()))
    transport = Retelling(FOLDER / f"{scenario.title}.yaml", mask)
    clock = VirtualClock(1_704_067_200.0)
    client = open_client(scenario, "sync", transport=transport, clock=clock, journal=None)
    with tempfile.TemporaryDirectory() as folder:
        run_scenario(scenario, client, Path(folder))
    transport.save()


def main(names: list[str]) -> None:
    os.environ.update(KEYS)
    for scenario in SCENARIOS:
        if not names or scenario.adapter in names or scenario.title in names:
            retell(scenario)
            print(scenario.title)


if __name__ == "__main__":
    main(sys.argv[1:])
