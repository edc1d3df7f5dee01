"""Files beside articles, and the contents that former revisions and working copies name."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.kb.domain.attachments import File, hash_of
from services.kb.models import attachments, file_contents, revisions, working_copies

_FACTS = tuple(attachments.c[name] for name in File.__dataclass_fields__)


def of_article(session: Session, *, article_id: str) -> list[File]:
    """Return the files of an article, by name."""
    found = (
        sa.select(*_FACTS)
        .where(attachments.c.article_id == article_id)
        .order_by(attachments.c.name)
    )
    rows = session.execute(found).mappings().all()
    return [
        File(**dict(row) | {"sha256": row["sha256"] or _counted(session, article_id, row["name"])})
        for row in rows
    ]


def content_of(session: Session, *, article_id: str, name: str) -> tuple[str, bytes] | None:
    """Return the media type and the content of a file."""
    found = sa.select(attachments.c.media_type, attachments.c.content).where(
        attachments.c.article_id == article_id, attachments.c.name == name
    )
    row = session.execute(found).one_or_none()
    return (row.media_type, bytes(row.content)) if row else None


def bytes_of(session: Session, *, article_id: str, sha256: str) -> bytes | None:
    """Return a content by its hash, wherever it is kept; None when it is no longer there."""
    kept = sa.select(file_contents.c.content).where(
        file_contents.c.article_id == article_id, file_contents.c.sha256 == sha256
    )
    found = session.execute(kept).scalar_one_or_none()
    if found is not None:
        return bytes(found)
    for file in of_article(session, article_id=article_id):
        if file.sha256 == sha256:
            held = content_of(session, article_id=article_id, name=file.name)
            return held[1] if held else None
    return None


def keep_content(session: Session, content: bytes, *, article_id: str, sha256: str) -> None:
    """Keep a content that the article itself does not have, once."""
    this = (file_contents.c.article_id == article_id, file_contents.c.sha256 == sha256)
    if session.execute(sa.select(file_contents.c.sha256).where(*this)).one_or_none() is None:
        values = {"article_id": article_id, "sha256": sha256, "content": content}
        session.execute(sa.insert(file_contents).values(values))


def replace(session: Session, file: File, *, article_id: str, content: bytes) -> None:
    """Keep a file beside an article, in place of one of the same name."""
    remove(session, article_id=article_id, name=file.name)
    values = {**vars(file), "article_id": article_id, "content": content}
    session.execute(sa.insert(attachments).values(values))


def remove(session: Session, *, article_id: str, name: str) -> None:
    """Take a file away from an article; its content stays for the revisions that name it."""
    held = content_of(session, article_id=article_id, name=name)
    if held is None:
        return
    keep_content(session, held[1], article_id=article_id, sha256=hash_of(held[1]))
    session.execute(
        sa.delete(attachments).where(
            attachments.c.article_id == article_id, attachments.c.name == name
        )
    )


def stand(session: Session, wanted: Sequence[File], *, article_id: str) -> tuple[str, ...]:
    """Let these and no other files stand beside an article.

    Returns:
        The names of those whose content is no longer there.
    """
    missing = []
    there = {file.name: file for file in of_article(session, article_id=article_id)}
    for name in there.keys() - {file.name for file in wanted}:
        remove(session, article_id=article_id, name=name)
    for file in wanted:
        if file.name in there and there[file.name].says == file.says:
            continue
        # What was taken away a line before is among the kept contents.
        content = bytes_of(session, article_id=article_id, sha256=file.sha256)
        if content is None:
            missing.append(file.name)
            remove(session, article_id=article_id, name=file.name)
        else:
            replace(session, file, article_id=article_id, content=content)
    return tuple(missing)


def sweep(session: Session, *, article_id: str) -> None:
    """Forget contents that no revision and no working copy names, or that stand beside it."""
    named: set[str] = set()
    for table in (revisions, working_copies):
        found = sa.select(table.c.files).where(table.c.article_id == article_id)
        for files in session.execute(found).scalars():
            named |= {each["sha256"] for each in files or ()}
    named -= {file.sha256 for file in of_article(session, article_id=article_id)}
    session.execute(
        sa.delete(file_contents).where(
            file_contents.c.article_id == article_id, file_contents.c.sha256.not_in(named)
        )
    )


def kept_hashes(session: Session, *, article_id: str) -> set[str]:
    """Return the hashes of all contents that are there."""
    found = sa.select(file_contents.c.sha256).where(file_contents.c.article_id == article_id)
    standing = {file.sha256 for file in of_article(session, article_id=article_id)}
    return set(session.execute(found).scalars()) | standing


def row_of(files: Iterable[File]) -> list[dict[str, Any]]:
    """What revisions and working copies keep of files."""
    return [vars(file) | {"added_at": file.added_at.isoformat()} for file in files]


def files_from(row: Iterable[Mapping[str, Any]]) -> tuple[File, ...]:
    """Read what they kept."""
    return tuple(
        File(**{**each, "added_at": datetime.fromisoformat(each["added_at"])}) for each in row
    )


def _counted(session: Session, article_id: str, name: str) -> str:
    held = content_of(session, article_id=article_id, name=name)
    return hash_of(held[1]) if held else ""
