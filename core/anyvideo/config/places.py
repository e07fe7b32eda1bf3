"""Where the config file and the state folder are."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

_FILE = "anyvideo.toml"


def find_config(environ: Mapping[str, str]) -> Path | None:
    """Return the config file: `$ANYVIDEO_CONFIG`, or that of the first usual place that has one."""
    if named := environ.get("ANYVIDEO_CONFIG"):
        return Path(named)
    import platformdirs  # noqa: PLC0415 (not needed where a config is named)

    places = (Path(_FILE), Path(platformdirs.user_config_dir("anyvideo")) / _FILE)
    return next((place for place in places if place.is_file()), None)


def find_journal(named: str | None) -> str:
    """Return where the journal is: what the config names, or the usual file of this user."""
    if named is None:
        return str(find_home() / "journal.sqlite")
    return named if "://" in named else str(Path(named).expanduser())


def find_home(environ: Mapping[str, str] | None = None) -> Path:
    """Return the folder that holds the journal: `$ANYVIDEO_HOME`, or the user's state folder."""
    environ = os.environ if environ is None else environ
    if named := environ.get("ANYVIDEO_HOME"):
        return Path(named)
    import platformdirs  # noqa: PLC0415 (not needed where a folder is named)

    return Path(platformdirs.user_state_dir("anyvideo"))
