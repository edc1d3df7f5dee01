"""The door: calls and events come in here, and nothing is decided here."""

from chassis.bus import every, on_timer, rpc, subscribe
from chassis.database import Database, Timer, Transaction
from chassis.providers import Desk
from contracts import kb as contract
from contracts.catalogue import SERVICES, SUBSCRIPTIONS
from contracts.grammar import Nothing
from contracts.intake import TicketClosed, TicketOpened, TicketReopened, TicketResolved
from services.kb import handlers, models
from services.kb.index.replica import Replica, replica_of
from services.kb.schemas import REFUSALS
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

    @rpc(contract.PUT_ARTICLE, refusals=REFUSALS)
    def put_article(self, command: contract.ArticleSpec, tx: Transaction) -> contract.Article:
        """Write an article or its next revision."""
        return handlers.put_article(command, tx=tx, settings=self.desk.settings)

    @rpc(contract.CHANGE_ARTICLE_STATUS, refusals=REFUSALS)
    def change_article_status(
        self, command: contract.ChangeArticleStatus, tx: Transaction
    ) -> contract.Article:
        """Move an article through its life."""
        return handlers.change_article_status(command, tx=tx, settings=self.desk.settings)

    @rpc(contract.AMEND_ARTICLE, refusals=REFUSALS)
    def amend_article(self, command: contract.AmendArticle, tx: Transaction) -> contract.Article:
        """Change who looks after an article, or its next review."""
        return handlers.amend_article(command, tx=tx, settings=self.desk.settings)

    @rpc(contract.PUT_WORKING_COPY, refusals=REFUSALS)
    def put_working_copy(
        self, command: contract.WorkingCopySpec, tx: Transaction
    ) -> contract.WorkingCopy:
        """Write the next version of a published article."""
        return handlers.put_working_copy(command, tx=tx)

    @rpc(contract.CHANGE_WORKING_COPY_STATUS, refusals=REFUSALS)
    def change_working_copy_status(
        self, command: contract.ChangeWorkingCopyStatus, tx: Transaction
    ) -> contract.WorkingCopy:
        """Move a working copy on: to review and back, on air, away."""
        return handlers.change_working_copy_status(command, tx=tx, settings=self.desk.settings)

    @rpc(contract.GET_WORKING_COPY)
    def get_working_copy(
        self, question: contract.GetWorkingCopy, tx: Transaction
    ) -> contract.WorkingCopy:
        """The next version of an article."""
        return handlers.get_working_copy(question, tx=tx)

    @rpc(contract.COMPARE_WORKING_COPY)
    def compare_working_copy(
        self, question: contract.GetWorkingCopy, tx: Transaction
    ) -> contract.WorkingCopyComparison:
        """A working copy beside the article as it is now."""
        return handlers.compare_working_copy(question, tx=tx)

    @rpc(contract.LIST_ARTICLES)
    def list_articles(
        self, question: contract.ListArticles, tx: Transaction
    ) -> contract.ArticlePage:
        """Articles in any state, for those who write them."""
        return handlers.list_articles(question, tx=tx)

    @rpc(contract.LIST_REVISIONS)
    def list_revisions(
        self, question: contract.ListRevisions, tx: Transaction
    ) -> contract.Revisions:
        """The history of an article."""
        return handlers.list_revisions(question, tx=tx)

    @rpc(contract.COMPARE_REVISIONS)
    def compare_revisions(
        self, question: contract.CompareRevisions, tx: Transaction
    ) -> contract.Comparison:
        """How two revisions differ."""
        return handlers.compare_revisions(question, tx=tx)

    @rpc(contract.RESTORE_REVISION, refusals=REFUSALS)
    def restore_revision(
        self, command: contract.RestoreRevision, tx: Transaction
    ) -> contract.Article:
        """Let an article say again what it said."""
        return handlers.restore_revision(command, tx=tx)

    @rpc(contract.GET_ARTICLE)
    def get_article(self, question: contract.GetArticle, tx: Transaction) -> contract.Article:
        """One article."""
        return handlers.get_article(question, tx=tx)

    @rpc(contract.SEARCH_ARTICLES)
    def search_articles(self, question: contract.SearchArticles, tx: Transaction) -> contract.Hits:
        """Articles that answer a question, best first."""
        return handlers.search_articles(
            question, tx=tx, replica=self.replica, asked=handlers.asked_here()
        )

    @rpc(contract.COMPLETE)
    def complete(self, question: contract.Complete, tx: Transaction) -> contract.Completions:
        """How a question may go on."""
        return handlers.complete(question, tx=tx, replica=self.replica)

    @rpc(contract.GET_WORDS)
    def get_words(self, question: contract.GetWords, tx: Transaction) -> contract.OwnWords:
        """The desk's own words."""
        return handlers.get_words(question, tx=tx, replica=self.replica)

    @rpc(contract.PUT_WORDS)
    def put_words(self, command: contract.WordsSpec, tx: Transaction) -> contract.OwnWords:
        """Change the desk's own words."""
        return handlers.put_words(command, tx=tx, replica=self.replica)

    @rpc(contract.READ_TEXT)
    def read_text(self, question: contract.ReadText, tx: Transaction) -> contract.TextRead:
        """How a sentence is read."""
        return handlers.read_text(question, tx=tx, replica=self.replica)

    @rpc(contract.SUGGEST)
    def suggest(self, question: contract.Suggest, tx: Transaction) -> contract.Hits:
        """Articles that may already answer a text."""
        return handlers.suggest(
            question,
            tx=tx,
            replica=self.replica,
            settings=self.desk.settings,
            asked=handlers.asked_here(),
        )

    @rpc(contract.REPORT_DEFLECTION)
    def report_deflection(
        self, question: contract.ReportDeflection, tx: Transaction
    ) -> contract.DeflectionReport:
        """What suggestions spared."""
        return handlers.report_deflection(question, tx=tx, settings=self.desk.settings)

    @rpc(contract.PUT_ATTACHMENT, refusals=REFUSALS)
    def put_attachment(
        self, command: contract.PutAttachment, tx: Transaction
    ) -> contract.Attachment:
        """Keep a file beside an article."""
        return handlers.put_attachment(command, tx=tx)

    @rpc(contract.REMOVE_ATTACHMENT, refusals=REFUSALS)
    def remove_attachment(self, command: contract.RemoveAttachment, tx: Transaction) -> Nothing:
        """Take a file away from an article."""
        return handlers.remove_attachment(command, tx=tx)

    @rpc(contract.LIST_ATTACHMENTS)
    def list_attachments(
        self, question: contract.ListAttachments, tx: Transaction
    ) -> contract.Attachments:
        """The files of an article."""
        return handlers.list_attachments(question, tx=tx)

    @rpc(contract.GET_ATTACHMENT)
    def get_attachment(
        self, question: contract.GetAttachment, tx: Transaction
    ) -> contract.AttachmentContent:
        """A file of an article."""
        return handlers.get_attachment(question, tx=tx)

    @rpc(contract.LIST_PROBLEMS)
    def list_problems(
        self, question: contract.ListProblems, tx: Transaction
    ) -> contract.KnownProblems:
        """Problems that an article can be linked to."""
        return handlers.list_problems(question, tx=tx)

    @rpc(contract.DRAFT_FROM_TICKET)
    def draft_from_ticket(
        self, command: contract.DraftFromTicket, tx: Transaction
    ) -> contract.TicketDraft:
        """Make a draft of a resolved ticket."""
        return handlers.draft_from_ticket(command, tx=tx, replica=self.replica)

    @rpc(contract.REPORT_GAPS)
    def report_gaps(self, question: contract.ReportGaps, tx: Transaction) -> contract.Gaps:
        """What people need and no article answers."""
        return handlers.report_gaps(question, tx=tx, replica=self.replica)

    @rpc(contract.GET_ARTICLE_USE)
    def get_article_use(
        self, question: contract.GetArticleUse, tx: Transaction
    ) -> contract.ArticleUse:
        """What became of an article."""
        return handlers.get_article_use(question, tx=tx)

    @rpc(contract.REPORT_STALE_ARTICLES)
    def report_stale_articles(
        self, question: contract.ReportStaleArticles, tx: Transaction
    ) -> contract.StaleArticles:
        """Articles that somebody should look at."""
        return handlers.report_stale_articles(question, tx=tx)

    @rpc(contract.RECORD_READING)
    def record_reading(self, command: contract.RecordReading, tx: Transaction) -> Nothing:
        """Remember that an article was read."""
        return handlers.record_reading(command, tx=tx)

    @subscribe(TicketOpened)
    def on_ticket_opened(self, event: TicketOpened, tx: Transaction) -> None:
        """A ticket was opened: somebody needs something."""
        handlers.keep_problem(event, tx=tx)
        handlers.keep_opening(event, tx=tx, replica=self.replica)
        handlers.keep_what_followed(event, tx=tx, settings=self.desk.settings)

    @rpc(contract.OPEN_CHAT)
    def open_chat(self, command: contract.OpenChat, tx: Transaction) -> contract.Chat:
        """Begin a conversation with the hotline."""
        return handlers.open_chat(command, tx=tx)

    @rpc(contract.SAY_IN_CHAT)
    def say_in_chat(self, command: contract.SayInChat, tx: Transaction) -> contract.Chat:
        """Say something to the hotline."""
        return handlers.say_in_chat(command, tx=tx, replica=self.replica)

    @rpc(contract.HAND_OVER_CHAT)
    def hand_over_chat(self, command: contract.HandOverChat, tx: Transaction) -> contract.Chat:
        """A conversation became a ticket."""
        return handlers.hand_over_chat(command, tx=tx)

    @rpc(contract.GET_CHAT)
    def get_chat(self, question: contract.GetChat, tx: Transaction) -> contract.Chat:
        """A conversation."""
        return handlers.get_chat(question, tx=tx)

    @subscribe(TicketResolved)
    def on_ticket_resolved(self, event: TicketResolved, tx: Transaction) -> None:
        """A ticket was resolved, with an article or without."""
        handlers.keep_problem_state(event, tx=tx)
        handlers.keep_resolution(event, tx=tx)

    @subscribe(TicketReopened)
    def on_ticket_reopened(self, event: TicketReopened, tx: Transaction) -> None:
        """A problem came back."""
        handlers.keep_problem_state(event, tx=tx)

    @subscribe(TicketClosed)
    def on_ticket_closed(self, event: TicketClosed, tx: Transaction) -> None:
        """A problem ended."""
        handlers.keep_problem_state(event, tx=tx)

    @on_timer
    def on_article_due(self, timer: Timer, tx: Transaction) -> None:
        """A planned publication or a review falls due."""
        handlers.look_at_article(timer, tx=tx, settings=self.desk.settings)

    @every(seconds=0.5)
    def refresh_index(self, database: Database) -> None:
        """Other replicas publish too."""
        handlers.asked_here().write(database)
        handlers.refresh_index(database, replica=self.replica, batch=self.desk.settings.index_batch)

    @every(seconds=3600)
    def forget_searches(self, database: Database) -> None:
        """What was asked long ago is nobody's business."""
        handlers.forget_searches(database, days=self.desk.settings.search_log_days)
