"""Log files of the processes: bounded, read from the end, followed."""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

BYTES_PER_FILE = 10_000_000
FILES_KEPT = 3


def rotate(log: Path, *, limit: int = BYTES_PER_FILE, kept: int = FILES_KEPT) -> None:
    """Shorten a log that has passed its limit, keeping its past in `.1` and `.2`.

    The process keeps its file open, so the file is copied and emptied in place. What it writes in
    the instant between the two is lost: a log may lose a line where the house itself may not.
    """
    try:
        if log.stat().st_size < limit:
            return
    except FileNotFoundError:
        return
    for number in range(kept - 1, 1, -1):
        older = log.with_name(f"{log.name}.{number - 1}")
        if older.exists():
            older.replace(log.with_name(f"{log.name}.{number}"))
    shutil.copyfile(log, log.with_name(f"{log.name}.1"))
    os.truncate(log, 0)


def tail(log: Path, *, lines: int) -> list[str]:
    """Give the last lines of a log; none when it does not exist."""
    if not log.exists():
        return []
    with log.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 400 * lines - 4096))
        text = file.read().decode("utf-8", errors="replace")
    return text.splitlines()[-lines:]


def follow(logs: list[Path]) -> Iterator[tuple[Path, str]]:
    """Give new lines of several logs for ever, as they are written; survives rotation."""
    places = {log: log.stat().st_size if log.exists() else 0 for log in logs}
    while True:
        for log, place in places.items():
            fresh, places[log] = read_from(log, place)
            for line in fresh:
                yield log, line
        time.sleep(0.3)


def read_from(log: Path, place: int) -> tuple[list[str], int]:
    """Give the whole lines written since `place`, and the place after them."""
    if not log.exists():
        return [], 0
    if log.stat().st_size < place:  # it was rotated
        place = 0
    with log.open("rb") as file:
        file.seek(place)
        text = file.read()
    whole = text[: text.rfind(b"\n") + 1]
    return whole.decode("utf-8", errors="replace").splitlines(), place + len(whole)
