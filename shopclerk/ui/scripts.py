"""The pages' own scripts, one file each beside this module."""

from importlib.resources import files


def script(name: str) -> str:
    """Return the text of `name.js`."""
    return files(__package__).joinpath(f"{name}.js").read_text(encoding="utf-8")
