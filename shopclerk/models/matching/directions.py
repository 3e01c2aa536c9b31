"""Which way a feature of a pair points: for one product or against it."""

from collections.abc import Iterable
from importlib.resources import files

import yaml


def feature_directions(names: Iterable[str]) -> dict[str, int]:
    """Return feature to 1 (more of it speaks for one product) or -1; those that point neither way are left out.

    What is listed counts for a feature of that name, and for those that end or begin with it.
    """
    text = files("shopclerk.models.matching").joinpath("directions.yaml").read_text("utf-8")
    listed = yaml.safe_load(text)
    ways = {name: way for side, way in (("more", 1), ("less", -1)) for name in listed[side]}
    found = {}
    for name in names:
        parts = (name, "_".join(name.rsplit("_", 2)[-2:]), name.split("_", 1)[0])
        way = next((ways[part] for part in parts if part in ways), 0)
        if way:
            found[name] = way
    return found
