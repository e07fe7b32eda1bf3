"""Makes the pictures of the README and the docs from the sandbox: `make pictures`.

The commands are run as a reader would run them, and what they write is what is drawn.
"""

import os
import re
import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

IMAGES = Path(__file__).parents[1] / "images"
PROMPT = "A red fox runs through fresh snow at dawn"
COMPARE = ("compare", PROMPT, "--seconds", "5", "--resolution", "720p", "-m", "kling-v3,wan2.7")
BAKEOFF = (
    *("bakeoff", PROMPT, "--sandbox", "--seconds", "5", "--resolution", "720p"),
    *("-m", "kling-v3,kling-v3-omni,wan2.7", "--html", "report.html", "-o", "clips"),
)
WIDTH = 112
FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def run(arguments: tuple[str, ...], folder: str) -> str:
    """What a command writes, in colours."""
    keys = {name: value for name, value in os.environ.items() if not name.startswith("ANYVIDEO_")}
    shown = {"ANYVIDEO_HOME": folder, "COLUMNS": str(WIDTH), "FORCE_COLOR": "1"}
    command = [str(Path(sys.executable).with_name("anyvideo")), *arguments]
    return subprocess.run(  # noqa: S603 (the command is this project's own)
        command, cwd=folder, env=keys | shown, check=True, capture_output=True, text=True
    ).stdout


def draw(arguments: tuple[str, ...], output: str, name: str) -> None:
    """Write a picture of a terminal."""
    console = Console(record=True, width=WIDTH, file=StringIO())
    quoted = " ".join(f'"{word}"' if " " in word else word for word in arguments)
    console.print(Text(f"$ anyvideo {quoted}", "bold"))
    console.print(Text.from_ansi(output), no_wrap=True, crop=True)
    svg = console.export_svg(title="anyvideo", theme=MONOKAI, unique_id=name)
    # Its fonts are on a server that a picture should not ask; the reader's own will do.
    (IMAGES / f"{name}.svg").write_text(FONTS.sub("", svg), "utf-8")


def photograph(page: Path) -> None:
    """Write a picture of a page in a browser."""
    program = next(filter(None, map(shutil.which, BROWSERS)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        shown = browser.new_page(viewport={"width": 1200, "height": 860}, color_scheme="light")
        shown.goto(page.as_uri())
        shown.wait_for_timeout(500)
        shown.screenshot(path=IMAGES / "page.png")
        browser.close()


def main() -> None:
    """Run the commands and draw what they write."""
    with TemporaryDirectory() as folder:
        draw(COMPARE, run(COMPARE, folder), "compare")
        draw(BAKEOFF, run(BAKEOFF, folder), "bakeoff")
        photograph(Path(folder, "report.html"))


if __name__ == "__main__":
    main()
