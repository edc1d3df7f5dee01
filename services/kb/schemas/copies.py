"""Working copies."""

from collections.abc import Sequence
from typing import cast

from contracts import kb as contract
from contracts.intake import Language
from services.kb.domain.articles import Article
from services.kb.domain.copies import TRANSITIONS as COPY_TRANSITIONS
from services.kb.domain.copies import WorkingCopy
from services.kb.domain.life import moves_allowed
from services.kb.schemas.articles import attachment_of


def working_copy_of(
    copy: WorkingCopy, article: Article, *, outdated: Sequence[str], role: str
) -> contract.WorkingCopy:
    """The next version of an article, with where it can go."""
    moves = moves_allowed(was=copy.status, role=role, moves=COPY_TRANSITIONS)
    return contract.WorkingCopy(
        key=article.key,
        language=cast("Language", article.language),
        **vars(copy.words),
        files=tuple(map(attachment_of, copy.files)),
        status=cast("contract.WorkingCopyStatus", copy.status),
        author=copy.author,
        opened_at=copy.opened_at,
        written_by=copy.written_by,
        updated_at=copy.updated_at,
        based_on=copy.based_on,
        outdated=tuple(outdated),
        article_revision=article.revision,
        article_status=cast("contract.ArticleStatus", article.content.status),
        note=copy.note,
        returned_by=copy.returned_by,
        returned_note=copy.returned_note,
        publish_at=copy.publish_at,
        version=copy.change_number,
        transitions=cast("tuple[contract.WorkingCopyStatus, ...]", moves),
    )
