"""Giving a file to a browser: to be kept and not to be run."""

from falcon import Response

from chassis.files import PICTURES

_POLICY = "default-src 'none'; sandbox"


def give(
    resp: Response,
    content: bytes,
    *,
    name: str,
    media_type: str,
    in_place: bool = False,
    cached: str = "private, no-cache",
) -> None:
    """Answer with a file.

    Args:
        resp: the answer.
        content: what is in it.
        name: what it is saved as.
        media_type: of what kind it is.
        in_place: a picture may be shown where it is asked for; all else is saved.
        cached: for how long the reader's own browser may keep it; nobody between may.
    """
    resp.content_type = media_type
    if in_place and media_type in PICTURES:
        resp.viewable_as = name
    else:
        resp.downloadable_as = name
    resp.set_header("Content-Security-Policy", _POLICY)
    resp.set_header("Cache-Control", cached)
    resp.data = content


def give_of_message(
    resp: Response, content: bytes, *, name: str, media_type: str, in_place: bool = False
) -> None:
    """Answer with a file of a message.

    It never changes, and who may read it once may read it later; so a browser asks once an hour,
    and anew for another session.
    """
    give(
        resp,
        content,
        name=name,
        media_type=media_type,
        in_place=in_place,
        cached="private, max-age=3600, immutable",
    )
    resp.set_header("Vary", "Cookie, Authorization")
