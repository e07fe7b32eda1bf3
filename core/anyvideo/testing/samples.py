"""Small images and films for tests, drawn on demand."""

from __future__ import annotations

from functools import lru_cache

from anyvideo.sandbox.film.pictures import draw_picture

__all__ = ["draw_picture", "make_film"]


@lru_cache(maxsize=8)
def make_film(caption: str = "anyvideo", seconds: float = 1.0) -> bytes:
    """Return a small MP4 that plays."""
    from anyvideo.sandbox.film.render import render  # noqa: PLC0415 (loads on first use)

    return render(caption, seconds=seconds, width=320, height=180, fps=8)
