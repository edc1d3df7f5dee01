"""The environment the launcher was called with: the one file of the launcher that reads it."""

import os


def inherited() -> dict[str, str]:
    """Give a copy of the caller's environment, for a child that adds to it."""
    return dict(os.environ)


def read(name: str) -> str | None:
    """Give one variable; an empty one counts as not set, as a shell user would expect."""
    return os.environ.get(name) or None
