"""What the site needs beside its pages: links to files that are not pages become their names."""

import re

_OUTSIDE = re.compile(r"\[([^\]]+)\]\((\.\./[^)\s]+)\)")


def on_page_markdown(markdown: str, **_: object) -> str:
    """Return a page whose links out of this folder are told as paths in the repository."""
    return _OUTSIDE.sub(_told, markdown)


def _told(link: re.Match[str]) -> str:
    path = link[2].removeprefix("../")
    return f"`{path}`" if link[1].strip("`") in path else f"{link[1]} (`{path}`)"
