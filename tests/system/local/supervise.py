"""Runs a supervisor over dummies, as `up` does: argv is a folder and any number of port:manner."""

import sys
from pathlib import Path

from deploy.local.children import Process
from deploy.local.supervisor import Stopped, Supervisor

DUMMY = Path(__file__).with_name("dummy.py")


def main(folder: Path, wishes: list[str]) -> None:
    supervisor = Supervisor(
        record_file=folder / "house.json",
        logs_folder=folder / "log",
        patience_seconds=2,
        say=lambda text: print(text, flush=True),  # noqa: T201 - read by the test
    )
    with supervisor:
        for wish in wishes:
            port, manner = wish.split(":")
            supervisor.keep(
                Process(
                    name=f"{manner}-{port}",
                    argv=(sys.executable, str(DUMMY), port, manner),
                    cwd=folder,
                    ready_url=f"http://127.0.0.1:{port}/",
                )
            )
        try:
            supervisor.wait_until_ready(timeout_seconds=20)
            supervisor.note(state="ready")
            supervisor.watch()
        except Stopped:
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
