"""The command line; one module for each command, loaded when it is called."""

from anyvideo.cli.program import main

__all__ = ["main"]
