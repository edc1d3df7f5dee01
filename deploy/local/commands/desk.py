"""`token`: what an administrator of a standing desk does from its own machine."""

import click

from deploy.local import opening
from deploy.local.places import here
from deploy.local.tokens import create_token

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
    click.echo(create_token(role=role, name=name, standing=standing, places=places))
