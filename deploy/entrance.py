"""Going in to a standing house as an administrator, with the same token every time."""

from pathlib import Path

from deploy.api import Desk, Refused
from deploy.local.places import Places, write_private
from deploy.local.record import Record
from deploy.local.tokens import create_token

_UNAUTHORIZED = 401


def enter(standing: Record, *, name: str, file: Path, places: Places) -> Desk:
    """The desk as an administrator sees it, through the token that `file` keeps.

    The token stays the same because the desk knows idempotency keys by who sent them: a run that
    was interrupted is only recognised when it goes on under the same name.
    """
    url = standing.url or ""
    if file.exists():
        desk = Desk(url, file.read_text("utf-8"))
        if _is_welcome(desk):
            return desk
    token = create_token(role="admin", name=name, standing=standing, places=places)
    write_private(file, token)
    return Desk(url, token)


def _is_welcome(desk: Desk) -> bool:
    try:
        desk.get("/me")
    except Refused as refused:
        if refused.status != _UNAUTHORIZED:
            raise
        return False
    return True
