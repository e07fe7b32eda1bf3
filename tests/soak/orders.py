"""Random jobs for a worker, and what must hold of them whatever happened."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from anyvideo import Client, VideoJob
from anyvideo.errors import JournalError
from anyvideo.journal.database import Journal
from anyvideo.journal.entry import Entry
from anyvideo.sandbox import Sandbox
from anyvideo.tasks.status import Status
from tests.soak.round import Round, count_posts, count_tasks
from tests.soak.settings import SETTINGS

# It makes a video anew and needs one: without it, each submit is refused.
REFUSED = "apimart/minimax-h3-regeneration"
# Half of the jobs go well.
WORDS = (
    *("poll-503", "poll-drop", "poll-truncated", "poll-html", "slow-accept=0.3", "redirect"),
    *("drop-after-accept", "502-after-accept", "truncated", "429", "503", "fail-at=50"),
)


class Orders:
    """The jobs of one round at one sandbox."""

    def __init__(self, play: Round, sandbox: Sandbox, count: int, words: tuple[str, ...]) -> None:
        self.play, self.sandbox = play, sandbox
        self.journal = play.home / "journal.sqlite"
        with Client(SETTINGS, sandbox, journal=None) as client:
            plans = client.compare(VideoJob("a red fox")).plans
            models = [f"{plan.provider}/{plan.offer.model}" for plan in plans]
            models.remove(REFUSED)
        self.orders = [
            {
                "key": f"job-{number}-",
                "model": play.rng.choice(models),
                "prompt": f"job-{number}- a red fox{self._choose(words)}",
            }
            for number in range(count)
        ]
        self.kind = play.rng.choice(("sync", "async"))

    def _choose(self, words: tuple[str, ...]) -> str:
        goes_well = self.play.rng.random() < 0.5
        return "" if goes_well or not words else f" [fault:{self.play.rng.choice(words)}]"

    def launch(
        self, offset: float = 0.0, prefix: Sequence[str] = (), **given: Any
    ) -> subprocess.Popen[str]:
        """Start a worker over the jobs."""
        path = self.play.folder / "orders.json"
        defaults = {
            "adapters": self.sandbox.adapters,
            "at_once": 4,
            "journal": str(self.journal),
            "kind": self.kind,
            "most_bytes": None,
            "offset": offset,
            "orders": self.orders,
            "resume": False,
            "url": self.sandbox.url,
        }
        path.write_text(json.dumps(defaults | given), "utf-8")
        return self.play.launch("-m", "tests.soak.worker", str(path), prefix=prefix)

    def finish(self, worker: subprocess.Popen[str], codes: tuple[int, ...] = (0,)) -> list[Any]:
        """Return what a worker said of each job."""
        code, out, err = self.play.finish(worker)
        self.play.check(code in codes, f"the worker ended with {code}: {err[-600:]}")
        return [json.loads(line) for line in out.splitlines() if line.endswith("}")]

    def check_paid_once(self) -> None:
        """Check that no job was made twice, nor asked for again without proof."""
        for order in self.orders:
            key, prompt = order["key"], order["prompt"]
            made, posts = count_tasks(self.sandbox, key), count_posts(self.sandbox, key)
            self.play.check(len(made) <= 1, f"{key} was made as {made}")
            proven = 1 if "fault:429" in prompt else 0
            self.play.check(posts <= 1 + proven, f"{key} was posted {posts} times: {order}")

    def check_known(self, said: list[Any]) -> None:
        """Check that each job at the vendor is in the journal, or was said, or is ambiguous."""
        rows = read_journal(self.journal)
        for order in self.orders:
            key = order["key"]
            row = rows.get(key)
            words = [line for line in said if line.get("key") == key]
            for number in count_tasks(self.sandbox, key):
                in_journal = row is not None and (
                    row.task.id == number or (row.sent and row.state == Status.AMBIGUOUS)
                )
                in_words = any(
                    line["id"] == number or line["said"] == "AmbiguousSubmitError" for line in words
                )
                self.play.check(
                    in_journal or in_words, f"{key} is {number}; {row and row.task}; {words}"
                )


def read_journal(path: Path) -> dict[str, Entry]:
    """Return the rows of a journal by ref; none if there is no journal, or one that is empty."""
    if not path.is_file() or not path.stat().st_size:
        return {}
    try:
        journal = Journal(path)
    except JournalError:
        return {}
    rows = {entry.ref: entry for entry in journal.entries()}
    journal.close()
    return rows
