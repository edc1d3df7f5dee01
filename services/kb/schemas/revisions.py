"""Revisions, and how two texts differ."""

from collections.abc import Container, Iterable, Sequence
from typing import cast

from contracts import kb as contract
from services.kb.domain.articles import Revision
from services.kb.domain.revisions import FieldChange, Line


def diff_fields(fields: Iterable[FieldChange]) -> tuple[contract.DiffField, ...]:
    """Fields that differ."""
    return tuple(contract.DiffField(**vars(field)) for field in fields)


def diff_lines(lines: Iterable[Line]) -> tuple[contract.DiffLine, ...]:
    """Lines that differ."""
    return tuple(contract.DiffLine(**vars(line)) for line in lines)


def revision_of(revision: Revision, *, kept: Container[str] = ()) -> contract.RevisionLine:
    """A revision in an article's history; `kept` are the hashes of contents that are there."""
    files = None
    if revision.files is not None:
        files = tuple(
            contract.RevisionFile(
                name=file.name,
                media_type=file.media_type,
                bytes=file.bytes,
                sha256=file.sha256,
                is_kept=file.sha256 in kept,
            )
            for file in revision.files
        )
    return contract.RevisionLine(
        revision=revision.number,
        author=revision.author,
        written_at=revision.written_at,
        status=cast("contract.ArticleStatus", revision.content.status),
        title=revision.content.title,
        note=revision.note,
        reviewer=revision.reviewer,
        files=files,
    )


def comparison_of(
    was: Revision | None,
    now: Revision,
    *,
    fields: Sequence[FieldChange],
    lines: Sequence[Line],
    kept: Container[str],
) -> contract.Comparison:
    """Two revisions beside each other."""
    return contract.Comparison(
        was=revision_of(was, kept=kept) if was else None,
        now=revision_of(now, kept=kept),
        fields=diff_fields(fields),
        lines=diff_lines(lines),
        body=now.content.body,
    )
