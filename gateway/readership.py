"""Who may read which articles: what kb is told of a reader.

Requesters read public articles, agents also internal ones and those of their groups, leads and
admins all, for they decide who reads what. The groups of an agent are routing's to know; they are
asked for at most once in `FRESH_SECONDS`. While routing is away the last answer holds, and where
there is none the agent belongs to no group.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chassis.rpc_client import RemoteFault
from contracts import kb
from contracts.errors import WireError
from gateway.access import LEADS, Principal
from gateway.clients import Clients

FRESH_SECONDS = 15.0


@dataclass(frozen=True, kw_only=True)
class Readership:
    """What kb is told of a reader.

    Attributes:
        role: what they may write.
    """

    audience: kb.ReaderAudience
    groups: tuple[str, ...]
    role: kb.WriterRole


class Readers:
    """Knows the readership of everybody who asks; safe to use from many threads."""

    def __init__(
        self, clients: Clients, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._clients = clients
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._groups: Mapping[str, tuple[str, ...]] = {}
        self._fresh_until = float("-inf")

    def of(self, principal: Principal) -> Readership:
        """The readership of somebody."""
        if principal.is_requester:
            return Readership(audience="public", groups=(), role="agent")
        if principal.role in LEADS:
            return Readership(audience="all", groups=(), role="lead")
        return Readership(audience="internal", groups=self._groups_of(principal), role="agent")

    def _groups_of(self, principal: Principal) -> tuple[str, ...]:
        if principal.agent_key is None:
            return ()
        with self._lock:
            if self._monotonic() >= self._fresh_until:
                self._fresh_until = self._monotonic() + FRESH_SECONDS
                self._groups = self._asked() or self._groups
            return self._groups.get(principal.agent_key, ())

    def _asked(self) -> Mapping[str, tuple[str, ...]] | None:
        try:
            agents = self._clients.start_agents().result()
        except (WireError, RemoteFault):
            return None
        return {agent.spec.key: agent.spec.groups for agent in agents.items}
