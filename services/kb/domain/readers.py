"""Who may read which articles.

An article carries the label of the shelf it stands on: `public`, `internal`, or `group:` with the
keys of the support groups it is for. A reader opens some shelves and knows of no other.
"""

from collections.abc import Collection
from dataclasses import dataclass

PUBLIC, INTERNAL, GROUP = "public", "internal", "group"
ALL = "all"
_GROUPS = f"{GROUP}:"


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Somebody who reads; `label in reader` says whether they may.

    Attributes:
        audience: `public` for requesters, `internal` for agents, `all` for who looks after the
            knowledge base.
        groups: The support groups they work in.
    """

    audience: str = PUBLIC
    groups: frozenset[str] = frozenset()

    def __contains__(self, label: object) -> bool:
        text = str(label)
        if not text.startswith(_GROUPS):
            return text in self.plain
        if self.audience == INTERNAL:
            return not self.groups.isdisjoint(text.removeprefix(_GROUPS).split("+"))
        return self.audience == ALL

    @property
    def plain(self) -> frozenset[str]:
        """The audiences they belong to, groups aside."""
        return frozenset({PUBLIC}) if self.audience == PUBLIC else frozenset({PUBLIC, INTERNAL})

    @property
    def works_here(self) -> bool:
        """Whether they see more than what is published."""
        return self.audience != PUBLIC


def label_of(*, audience: str, groups: Collection[str]) -> str:
    """Return the label of the shelf for an audience."""
    return _GROUPS + "+".join(sorted(groups)) if audience == GROUP else audience
