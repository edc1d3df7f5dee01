"""What is asked of routing."""

from contracts import routing
from contracts.grammar import Nothing
from gateway.clients.calls import Client, Pending, Reply


class RoutingClient(Client):
    """Who works on a ticket, and who is told."""

    def start_assignment(self, *, number: str) -> Pending[routing.Assignment]:
        """Ask who has a ticket, without waiting and not for long."""
        return self._start_part(routing.GET_ASSIGNMENT, routing.GetAssignment(number=number))

    def assignment(self, *, number: str) -> routing.Assignment:
        """Who has a ticket, and why."""
        return self._ask(routing.GET_ASSIGNMENT, routing.GetAssignment(number=number))

    def assign(self, command: routing.Assign, *, key: str) -> Reply[routing.Assignment]:
        """Give a ticket to an agent of its group."""
        return self._tell(routing.ASSIGN, command, key)

    def transfer(self, command: routing.Transfer, *, key: str) -> Reply[routing.Assignment]:
        """Move a ticket to another group."""
        return self._tell(routing.TRANSFER, command, key)

    def escalate(self, command: routing.Escalate, *, key: str) -> Reply[routing.Assignment]:
        """Raise a ticket."""
        return self._tell(routing.ESCALATE, command, key)

    def start_groups(self) -> Pending[routing.Groups]:
        """Ask for all groups, without waiting and not for long."""
        return self._start_part(routing.LIST_GROUPS, Nothing())

    def groups(self) -> routing.Groups:
        """All groups."""
        return self._ask(routing.LIST_GROUPS, Nothing())

    def put_group(self, spec: routing.GroupSpec, *, key: str) -> Reply[routing.GroupSpec]:
        """Save a group."""
        return self._tell(routing.PUT_GROUP, spec, key)

    def start_agents(self) -> Pending[routing.Agents]:
        """Ask for all agents, without waiting and not for long."""
        return self._start_part(routing.LIST_AGENTS, Nothing())

    def agents(self) -> routing.Agents:
        """All agents."""
        return self._ask(routing.LIST_AGENTS, Nothing())

    def put_agent(self, spec: routing.AgentSpec, *, key: str) -> Reply[routing.AgentSpec]:
        """Save an agent."""
        return self._tell(routing.PUT_AGENT, spec, key)

    def rules(self) -> routing.Rules:
        """All routing rules."""
        return self._ask(routing.LIST_RULES, Nothing())

    def put_rule(self, spec: routing.RuleSpec, *, key: str) -> Reply[routing.RuleSpec]:
        """Save a routing rule."""
        return self._tell(routing.PUT_RULE, spec, key)

    def start_notices(self, question: routing.ListNotices) -> Pending[routing.NoticePage]:
        """Ask for what somebody was told, without waiting and not for long."""
        return self._start_part(routing.LIST_NOTICES, question)

    def notices(self, question: routing.ListNotices) -> routing.NoticePage:
        """What somebody was told."""
        return self._ask(routing.LIST_NOTICES, question)

    def acknowledge(
        self, command: routing.AcknowledgeNotices, *, key: str
    ) -> Reply[routing.NoticesAcknowledged]:
        """Somebody knows."""
        return self._tell(routing.ACKNOWLEDGE_NOTICES, command, key)
