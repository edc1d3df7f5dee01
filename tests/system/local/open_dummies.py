"""Opens a house of dummies: argv is the folder of its checkout and the kind of database."""

import sys
from pathlib import Path

from deploy.local.house import Wish
from deploy.local.opening import open_house
from deploy.local.places import Places
from deploy.local.problems import Problem


def main(root: Path, database: str) -> None:
    try:
        open_house(
            wish=Wish(database=database),
            places=Places(root=root, var=root / "var"),
            say=lambda text: print(text, flush=True),  # noqa: T201 - read by the test
        )
    except Problem as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
