"""Writes the reference that can be read off the code: `python -m docs.generate [--check]`.

With `--check` nothing is written; the status is 1 when a page would change.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from docs.pages import calls, events, measures, settings, states

REFERENCE = Path(__file__).parent / "reference"
PAGES: dict[str, Callable[[], str]] = {
    "events.md": events.page,
    "rpc.md": calls.page,
    "settings.md": settings.page,
    "metrics.md": measures.page,
    "ticket-states.md": states.page,
}


def stale() -> dict[Path, str]:
    """The pages that are not what the code says, with what they should be."""
    fresh = {REFERENCE / name: page() for name, page in PAGES.items()}
    return {
        path: text for path, text in fresh.items() if not path.is_file() or path.read_text() != text
    }


def main(*, check: bool) -> int:
    """Write the stale pages, or only name them."""
    found = stale()
    for path, text in found.items():
        if not check:
            path.write_text(text)
        print(f"{'stale' if check else 'written'}: {path.name}")
    return 1 if check and found else 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
