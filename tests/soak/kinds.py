"""The kinds of rounds by name."""

from collections.abc import Mapping

from tests.soak import answers, commands, disk, kills, signals
from tests.soak.round import Play

KINDS: Mapping[str, Play] = {
    "kills": kills.play,
    "signals": signals.play,
    "disk": disk.play,
    "answers": answers.play,
    "commands": commands.play,
}
