"""Rounds that show what a violation comes to; processes of their own import them from here."""

from collections.abc import Mapping

from tests.soak.round import Play, Round


def play_well(round_: Round) -> None:
    round_.check(holds=True, violation="")


def play_badly(round_: Round) -> None:
    round_.check(holds=False, violation="a planted one")


def play_wrongly(round_: Round) -> None:
    raise ZeroDivisionError


PLANTED: Mapping[str, Play] = {"well": play_well, "badly": play_badly, "wrongly": play_wrongly}
