"""A mutant: one small mistake in an adapter, or in what its wire goes through."""

from collections.abc import Callable
from pathlib import Path

from attrs import frozen

ROOT = Path(__file__).parents[2]
_ROW = "[[offers]]\n"


@frozen
class Mutant:
    """A file below the root, a text that it holds once, what stands there instead, and what breaks.

    Where `model` is given, the text must occur once in the row of that offer.
    """

    file: str
    old: str
    new: str
    breaks: str
    adapters: tuple[str, ...]
    model: str = ""

    def apply(self, root: Path) -> None:
        """Make the mistake in a copy of the tree.

        Raises:
            ValueError: the text does not occur exactly once.
        """
        path = root / self.file
        rows = path.read_text("utf-8").split(_ROW)
        places = [place for place, row in enumerate(rows) if self._is_meant(row)]
        if (count := sum(rows[place].count(self.old) for place in places)) != 1:
            message = f"{self.file} {self.model} holds {self.old!r} {count} times, and not once"
            raise ValueError(message)
        for place in places:
            rows[place] = rows[place].replace(self.old, self.new)
        path.write_text(_ROW.join(rows), "utf-8")

    def _is_meant(self, row: str) -> bool:
        return not self.model or f'model = "{self.model}"\n' in row


def mutate(file: str, *adapters: str) -> Callable[[str, str, str], Mutant]:
    """Return what makes the mutants of one file: from the old text, the new one and what breaks."""
    return lambda old, new, breaks: Mutant(file, old, new, breaks, adapters)


def mutate_rows(file: str, adapter: str) -> Callable[[str, str, str, str], Mutant]:
    """Return what makes the mutants of a file of offers: the model comes first."""
    return lambda model, old, new, breaks: Mutant(file, old, new, breaks, (adapter,), model)
