"""Batch work: rows of a file in, the same rows with new columns out, in one process, several, or on a cluster."""
