"""The one folder that a server for agents reads from and writes to."""

from __future__ import annotations

import re
from pathlib import Path

from attrs import evolve, frozen

from anyvideo.errors import ConfigError, JobError
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Image
from anyvideo.printable import make_line

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_LONGEST = 80


@frozen
class Folder:
    """A folder, with every link in its own path resolved."""

    path: Path

    @classmethod
    def open(cls, name: str) -> Folder:
        """Return the folder of a name, or raise a ConfigError if there is none."""
        path = Path(name).expanduser()  # no shell reads the settings of an agent's program
        if not path.is_dir():
            message = f"--folder {name}: there is no such folder; make it, or name another one"
            raise ConfigError(message)
        return cls(path.resolve())

    def reserve(self, name: str) -> None:
        """Check that a folder in this one is no way out of it; it may be missing.

        Raises:
            ConfigError: it is a link to another place.
        """
        if not self.holds((self.path / name).resolve()):
            message = (
                f"{self.path / name} leads out of the folder; remove it, or name another folder"
            )
            raise ConfigError(message)

    def admit(self, job: VideoJob) -> VideoJob:
        """Return a job whose images are URLs or files in this folder, by their real paths.

        Raises:
            JobError: an image is anything else; whether it exists is not said.
        """
        return evolve(job, images=tuple(map(self._admit_image, job.images)))

    def _admit_image(self, image: Image) -> Image:
        if image.is_url:
            return image
        source = image.source if isinstance(image.source, str) else "data:"
        path = None if _SCHEME.match(source) else self._find(source)
        if path is None:
            shown = make_line(source[:_LONGEST])
            message = (
                f"image {shown!r} is neither an http(s) URL nor a file in the folder of this server;"
                " name a file relative to that folder, without '..'"
            )
            raise JobError(message)
        return evolve(image, source=str(path))

    def _find(self, source: str) -> Path | None:
        """Return the real path of a file in this folder; None for any other place."""
        written = Path(source)
        if ".." in written.parts:
            return None
        try:
            real = (self.path / written).resolve()
        except (OSError, ValueError, RuntimeError):  # links in a circle, or a zero byte
            return None
        return real if self.holds(real) else None

    def holds(self, path: Path) -> bool:
        """Say whether a real path is below this folder."""
        return path != self.path and path.is_relative_to(self.path)
