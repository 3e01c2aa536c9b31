"""Draws docs/demo.svg: what `shopclerk demo` prints, as a picture of a terminal.

Run it from the project's folder: `.venv/bin/python docs/make_demo_picture.py`.
"""

import io
import re
from pathlib import Path

from rich.console import Console

from shopclerk.settings import quiet_libraries
from shopclerk.shop import Shop
from shopclerk.terminal import DEMO, play_demo, show_listing

PICTURE = Path(__file__).with_name("demo.svg")
WIDTH = 104
WEB_FONTS = re.compile(r"@font-face\s*\{[^}]*\}\s*")


def main() -> None:
    """Play the demo into a recording console and write the picture."""
    quiet_libraries()
    console = Console(record=True, width=WIDTH, file=io.StringIO(), highlight=False)
    console.print("[green]$[/green] [bold]make demo[/bold]")
    with Shop.open("sample") as shop:
        show_listing(shop, console)
        play_demo(shop, console, DEMO)
    picture = console.export_svg(title="shopclerk", unique_id="shopclerk")
    # The picture must not fetch fonts from anywhere: any monospaced one will do.
    lines = WEB_FONTS.sub("", picture).splitlines()
    PICTURE.write_text("\n".join(line.rstrip() for line in lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
