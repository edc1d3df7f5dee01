"""The door of routing: what is heard, what is asked and what falls due."""

from chassis.bus import on_timer, rpc, subscribe
from chassis.database import Timer, Transaction
from chassis.providers import Desk
from contracts import catalogue
from contracts import routing as contract
from contracts.grammar import Nothing
from contracts.intake import (
    TicketCategorised,
    TicketClosed,
    TicketMerged,
    TicketOpened,
    TicketReopened,
    TicketReprioritised,
    TicketResolved,
    TicketUnmerged,
)
from contracts.kb import ArticleReviewDue
from contracts.sla import TargetAtRisk, TargetBreached
from services.routing.handlers import (
    acknowledging,
    asking,
    climbing,
    life,
    noticing,
    opening,
    serving,
    staffing,
    working,
)
from services.routing.models import Base
from services.routing.settings import RoutingSettings

# A decision locks agents beside its ticket. Several in one transaction would lock them in the order
# in which tickets came, and two such transactions could wait for each other. Openings, of which
# there are most, queue for a lock of their own instead.
ONE = 1


class RoutingService:
    """Who works on a ticket, and why."""

    name = "routing"
    desk = Desk(
        Base.metadata,
        services=catalogue.SERVICES,
        subscriptions=catalogue.SUBSCRIPTIONS,
        settings=RoutingSettings,
    )

    @subscribe(TicketOpened)
    def on_ticket_opened(self, event: TicketOpened, tx: Transaction) -> None:
        """Decide who gets a new ticket."""
        opening.on_ticket_opened(event, tx=tx, settings=self.desk.settings)

    @subscribe(TicketCategorised, batch=ONE)
    def on_ticket_categorised(self, event: TicketCategorised, tx: Transaction) -> None:
        """Remember the category."""
        life.on_ticket_categorised(event, tx=tx)

    @subscribe(TicketReprioritised, batch=ONE)
    def on_ticket_reprioritised(self, event: TicketReprioritised, tx: Transaction) -> None:
        """Remember the priority."""
        life.on_ticket_reprioritised(event, tx=tx)

    @subscribe(TicketResolved, batch=ONE)
    def on_ticket_resolved(self, event: TicketResolved, tx: Transaction) -> None:
        """Free the agent."""
        life.on_ticket_done(event, tx=tx)

    @subscribe(TicketClosed, batch=ONE)
    def on_ticket_closed(self, event: TicketClosed, tx: Transaction) -> None:
        """Free the agent."""
        life.on_ticket_done(event, tx=tx)

    @subscribe(TicketReopened, batch=ONE)
    def on_ticket_reopened(self, event: TicketReopened, tx: Transaction) -> None:
        """Give the ticket back to whoever had it."""
        life.on_ticket_reopened(event, tx=tx, settings=self.desk.settings)

    @subscribe(TicketMerged)
    def on_ticket_merged(self, event: TicketMerged, tx: Transaction) -> None:
        """Free its agent."""
        life.on_ticket_done(event, tx=tx)

    @subscribe(TicketUnmerged, batch=ONE)
    def on_ticket_unmerged(self, event: TicketUnmerged, tx: Transaction) -> None:
        """Give the ticket back to whoever had it."""
        life.on_ticket_unmerged(event, tx=tx, settings=self.desk.settings)

    @subscribe(TargetAtRisk, batch=ONE)
    def on_target_at_risk(self, event: TargetAtRisk, tx: Transaction) -> None:
        """Warn before it is too late."""
        climbing.on_target_crossed(event, tx=tx, settings=self.desk.settings)

    @subscribe(TargetBreached, batch=ONE)
    def on_target_breached(self, event: TargetBreached, tx: Transaction) -> None:
        """Let the ticket climb."""
        climbing.on_target_crossed(event, tx=tx, settings=self.desk.settings)

    @subscribe(ArticleReviewDue, batch=ONE)
    def on_article_review_due(self, event: ArticleReviewDue, tx: Transaction) -> None:
        """Tell whoever looks after the article."""
        noticing.on_article_review_due(event, tx=tx, settings=self.desk.settings)

    @on_timer
    def on_timer(self, timer: Timer, tx: Transaction) -> None:
        """Give out what waits."""
        serving.on_timer(timer, tx=tx, settings=self.desk.settings)

    @rpc(contract.GET_ASSIGNMENT)
    def get_assignment(self, query: contract.GetAssignment, tx: Transaction) -> contract.Assignment:
        """Who has a ticket and why."""
        return asking.get_assignment(query, tx=tx)

    @rpc(contract.ASSIGN)
    def assign(self, command: contract.Assign, tx: Transaction) -> contract.Assignment:
        """Give a ticket to an agent, or back to the queue."""
        return working.assign(command, tx=tx)

    @rpc(contract.TRANSFER)
    def transfer(self, command: contract.Transfer, tx: Transaction) -> contract.Assignment:
        """Move a ticket to another group."""
        return working.transfer(command, tx=tx, settings=self.desk.settings)

    @rpc(contract.ESCALATE)
    def escalate(self, command: contract.Escalate, tx: Transaction) -> contract.Assignment:
        """Raise a ticket by hand."""
        return climbing.escalate(command, tx=tx, settings=self.desk.settings)

    @rpc(contract.PUT_GROUP)
    def put_group(self, spec: contract.GroupSpec, tx: Transaction) -> contract.GroupSpec:
        """Save a group."""
        return staffing.put_group(spec, tx=tx)

    @rpc(contract.PUT_AGENT)
    def put_agent(self, spec: contract.AgentSpec, tx: Transaction) -> contract.AgentSpec:
        """Save an agent."""
        return staffing.put_agent(spec, tx=tx)

    @rpc(contract.PUT_RULE)
    def put_rule(self, spec: contract.RuleSpec, tx: Transaction) -> contract.RuleSpec:
        """Save a rule."""
        return staffing.put_rule(spec, tx=tx)

    @rpc(contract.LIST_GROUPS)
    def list_groups(self, _query: Nothing, tx: Transaction) -> contract.Groups:
        """All groups."""
        return staffing.list_groups(tx=tx)

    @rpc(contract.LIST_AGENTS)
    def list_agents(self, _query: Nothing, tx: Transaction) -> contract.Agents:
        """All agents."""
        return staffing.list_agents(tx=tx)

    @rpc(contract.LIST_RULES)
    def list_rules(self, _query: Nothing, tx: Transaction) -> contract.Rules:
        """All rules."""
        return staffing.list_rules(tx=tx)

    @rpc(contract.LIST_NOTICES)
    def list_notices(self, query: contract.ListNotices, tx: Transaction) -> contract.NoticePage:
        """What somebody was told."""
        return acknowledging.list_notices(query, tx=tx)

    @rpc(contract.ACKNOWLEDGE_NOTICES)
    def acknowledge_notices(
        self, command: contract.AcknowledgeNotices, tx: Transaction
    ) -> contract.NoticesAcknowledged:
        """Somebody says that they know."""
        return acknowledging.acknowledge_notices(command, tx=tx)
