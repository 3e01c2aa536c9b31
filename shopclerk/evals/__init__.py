"""One file a task of docs/formats.md."""
