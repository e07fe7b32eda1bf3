"""`python -m anyvideo`: the program, where its script is not on the path."""

from anyvideo.cli.main import main

main()
