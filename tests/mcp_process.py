"""An MCP server as a process of its own: `python -m tests.mcp_process CATALOG`, with stand-ins for models.

Looking at a picture writes to standard output, as a careless library would.
"""

import os
import sys
from pathlib import Path

from PIL import Image

from shopclerk.mcp_server import serve_stdio
from shopclerk.models.picture_space import Look
from shopclerk.shop import Shop
from tests.fakes import FakeEye, HashEncoder


class NoisyEye(FakeEye):
    """Says what it does where nobody should."""

    def look_at(self, image: Image.Image) -> Look:
        """Look, and chatter."""
        print("looking")  # noqa: T201  # what the test is about
        os.write(1, b"looking closely\n")
        return super().look_at(image)


if __name__ == "__main__":
    with Shop.open(Path(sys.argv[1]), encoder=HashEncoder(), eye=NoisyEye()) as shop:
        serve_stdio(shop)
