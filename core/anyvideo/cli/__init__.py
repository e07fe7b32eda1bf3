"""The command line; the module of a command loads when the command is called.

`anyvideo.cli.main` is the function that runs the program, not the module of that name.
"""

from anyvideo.cli.main import main

__all__ = ["main"]
