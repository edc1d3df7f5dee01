"""The door: calls and events come in here, and nothing is decided here."""

from chassis.bus import every, rpc, subscribe
from chassis.database import Database, Transaction
from chassis.providers import Desk
from contracts import kb as contract
from contracts.catalogue import SERVICES, SUBSCRIPTIONS
from contracts.grammar import Nothing
from contracts.intake import TicketResolved
from services.kb import handlers, models
from services.kb.index.replica import Replica, replica_of
from services.kb.settings import KbSettings


class KbService:
    """Knowledge: articles, search and suggestions."""

    name = "kb"
    desk: Desk[KbSettings] = Desk(
        models.Base.metadata,
        services=SERVICES,
        subscriptions=SUBSCRIPTIONS,
        settings=KbSettings,
    )

    @property
    def replica(self) -> Replica:
        """This process's search index."""
        return replica_of(self.desk.settings.lexicon_folder)

    @rpc(contract.PUT_ARTICLE)
    def put_article(self, command: contract.ArticleSpec, tx: Transaction) -> contract.Article:
        """Write an article or its next revision."""
        return handlers.put_article(command, tx=tx)

    @rpc(contract.GET_ARTICLE)
    def get_article(self, question: contract.GetArticle, tx: Transaction) -> contract.Article:
        """One article."""
        return handlers.get_article(question, tx=tx)

    @rpc(contract.SEARCH_ARTICLES)
    def search_articles(self, question: contract.SearchArticles, tx: Transaction) -> contract.Hits:
        """Articles that answer a question, best first."""
        return handlers.search_articles(question, tx=tx, replica=self.replica)

    @rpc(contract.SUGGEST)
    def suggest(self, question: contract.Suggest, tx: Transaction) -> contract.Hits:
        """Articles that may already answer a text."""
        return handlers.suggest(question, tx=tx, replica=self.replica, settings=self.desk.settings)

    @rpc(contract.RECORD_READING)
    def record_reading(self, command: contract.RecordReading, tx: Transaction) -> Nothing:
        """Remember that an article was read."""
        return handlers.record_reading(command, tx=tx)

    @subscribe(TicketResolved)
    def on_ticket_resolved(self, event: TicketResolved, tx: Transaction) -> None:
        """A ticket was resolved, with an article or without."""
        handlers.keep_resolution(event, tx=tx)

    @every(seconds=0.5)
    def refresh_index(self, database: Database) -> None:
        """Other replicas publish too."""
        handlers.refresh_index(database, replica=self.replica, batch=self.desk.settings.index_batch)
