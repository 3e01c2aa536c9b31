"""`python -m shopclerk`."""

from shopclerk.cli import run

run()
