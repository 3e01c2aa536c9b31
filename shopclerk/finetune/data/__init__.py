"""Training data: invented shops, conversations in them, queries from a catalogue's own texts, logs in JSONL."""
