"""Writes every event as a line of JSON, to the file $JSON_LINES_FILE or to standard error.

pip install ./examples/json_lines
"""

import json
import os
import sys

from anyvideo.plugin import Event, hookimpl

anyvideo_api = 1
VARIABLE = "JSON_LINES_FILE"


@hookimpl
def anyvideo_event(event: Event) -> None:
    """Write one line."""
    known = {
        "at": event.at.isoformat(),
        "kind": event.kind,
        "provider": event.provider,
        "model": event.model,
        "task": event.task_id,
        "job": event.ref,
        **event.details,
    }
    line = json.dumps({name: value for name, value in known.items() if value != ""}, default=str)
    if VARIABLE not in os.environ:
        print(line, file=sys.stderr)
        return
    with open(os.environ[VARIABLE], "a", encoding="utf-8") as file:  # noqa: PTH123 (a name is all there is)
        file.write(f"{line}\n")
