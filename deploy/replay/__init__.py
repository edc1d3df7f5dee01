"""Replay: a past desk's event log, read and told again with its own times."""
