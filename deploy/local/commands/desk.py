"""`token`: what an administrator of a standing desk does from its own machine."""

import subprocess
import sys

import click

from deploy.local import environment, opening
from deploy.local.places import here

_ROLES = ("requester", "agent", "lead", "admin")


@click.group()
def token() -> None:
    """Manage API tokens."""


@token.command()
@click.option("--role", type=click.Choice(_ROLES), required=True, help="What it may do.")
@click.option("--name", required=True, help="Whom or what it is for.")
def create(*, role: str, name: str) -> None:
    """Print a new API token, and nothing else."""
    places = here()
    standing = opening.standing(places)
    if standing is None:
        raise opening.NotOpen
    words = ("-m", "gateway.accounts", "token", "create", "--role", role, "--name", name)
    done = subprocess.run(
        (sys.executable, "-P", *words),
        cwd=places.root,
        env=environment.inherited() | {"PYTHONPATH": str(places.root)} | dict(standing.environment),
        check=False,
    )
    sys.exit(done.returncode)
