"""`python -m anyvideo.cli`: the program, where its script is not on the path."""

from anyvideo.cli.program import main

main()
