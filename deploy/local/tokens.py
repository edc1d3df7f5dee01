"""API tokens of a standing house, made from its own machine."""

import subprocess
import sys

from deploy.local import environment
from deploy.local.places import Places
from deploy.local.problems import Problem
from deploy.local.record import Record


class TokenRefused(Problem):
    """The desk did not make a token; the message is its own."""


def create_token(*, role: str, name: str, standing: Record, places: Places) -> str:
    """Make a token and give its secret, which is shown this once.

    Raises:
        TokenRefused: with the desk's reason.
    """
    words = ("-m", "gateway.accounts", "token", "create", "--role", role, "--name", name)
    done = subprocess.run(
        (sys.executable, "-P", *words),
        cwd=places.root,
        env=environment.inherited() | {"PYTHONPATH": str(places.root)} | dict(standing.environment),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise TokenRefused(done.stderr.strip() or "the token could not be made")
    return done.stdout.strip()
