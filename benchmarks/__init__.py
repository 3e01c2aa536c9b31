"""Benchmarks: how well and how fast, against what else one could pick. Run `python -m benchmarks --help`."""
