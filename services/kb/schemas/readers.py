"""Who asks, and who writes."""

from typing import Protocol

from contracts import kb as contract
from services.kb.domain.readers import ALL, INTERNAL, Reader


class Asks(Protocol):
    """A question that says who asks."""

    @property
    def audience(self) -> contract.ReaderAudience:
        """As what they read."""

    @property
    def groups(self) -> tuple[str, ...]:
        """The support groups they work in."""


def reader_of(question: Asks) -> Reader:
    """Who asks."""
    return Reader(audience=question.audience, groups=frozenset(question.groups))


def writer_of(
    command: contract.ArticleSpec
    | contract.ChangeArticleStatus
    | contract.AmendArticle
    | contract.PutAttachment
    | contract.RemoveAttachment
    | contract.RestoreRevision
    | contract.WorkingCopySpec
    | contract.ChangeWorkingCopyStatus
    | contract.DraftFromTicket,
) -> Reader:
    """What the writer may read: leads all, agents what their groups may."""
    audience = ALL if command.role == "lead" else INTERNAL
    return Reader(audience=audience, groups=frozenset(command.reader_groups))
