"""What is asked of kb."""

from contracts import kb
from contracts.grammar import Nothing
from gateway.clients.calls import Client, Pending, Reply


class KbClient(Client):
    """Articles, search, suggestions and the hotline."""

    def articles(self, question: kb.SearchArticles) -> kb.Hits:
        """Found articles."""
        return self._ask(kb.SEARCH_ARTICLES, question)

    def article(self, question: kb.GetArticle) -> kb.Article:
        """One article."""
        return self._ask(kb.GET_ARTICLE, question)

    def start_article(self, question: kb.GetArticle) -> Pending[kb.Article]:
        """Ask for an article without waiting."""
        return self._start(kb.GET_ARTICLE, question)

    def put_article(self, spec: kb.ArticleSpec, *, key: str) -> Reply[kb.Article]:
        """Save an article."""
        return self._tell(kb.PUT_ARTICLE, spec, key)

    def change_article_status(
        self, command: kb.ChangeArticleStatus, *, key: str
    ) -> Reply[kb.Article]:
        """Move an article through its life."""
        return self._tell(kb.CHANGE_ARTICLE_STATUS, command, key)

    def amend_article(self, command: kb.AmendArticle, *, key: str) -> Reply[kb.Article]:
        """Change who looks after an article, or its next review."""
        return self._tell(kb.AMEND_ARTICLE, command, key)

    def writings(self, question: kb.ListArticles) -> kb.ArticlePage:
        """Articles in any state."""
        return self._ask(kb.LIST_ARTICLES, question)

    def start_writings(self, question: kb.ListArticles) -> Pending[kb.ArticlePage]:
        """Ask for articles in any state, without waiting and not for long."""
        return self._start_part(kb.LIST_ARTICLES, question)

    def problems(self, question: kb.ListProblems) -> kb.KnownProblems:
        """Problems that an article can be linked to."""
        return self._ask(kb.LIST_PROBLEMS, question)

    def start_problems(self, question: kb.ListProblems) -> Pending[kb.KnownProblems]:
        """Ask for problems that an article can be linked to, without waiting and not for long."""
        return self._start_part(kb.LIST_PROBLEMS, question)

    def revisions(self, question: kb.ListRevisions) -> kb.Revisions:
        """The history of an article."""
        return self._ask(kb.LIST_REVISIONS, question)

    def comparison(self, question: kb.CompareRevisions) -> kb.Comparison:
        """Two revisions beside each other."""
        return self._ask(kb.COMPARE_REVISIONS, question)

    def restore_revision(self, command: kb.RestoreRevision, *, key: str) -> Reply[kb.Article]:
        """Let an article say again what it said."""
        return self._tell(kb.RESTORE_REVISION, command, key)

    def put_working_copy(self, spec: kb.WorkingCopySpec, *, key: str) -> Reply[kb.WorkingCopy]:
        """Write the next version of a published article."""
        return self._tell(kb.PUT_WORKING_COPY, spec, key)

    def change_working_copy_status(
        self, command: kb.ChangeWorkingCopyStatus, *, key: str
    ) -> Reply[kb.WorkingCopy]:
        """Move a working copy on."""
        return self._tell(kb.CHANGE_WORKING_COPY_STATUS, command, key)

    def working_copy(self, question: kb.GetWorkingCopy) -> kb.WorkingCopy:
        """The next version of an article."""
        return self._ask(kb.GET_WORKING_COPY, question)

    def start_working_copy(self, question: kb.GetWorkingCopy) -> Pending[kb.WorkingCopy]:
        """The same, as part of a page."""
        return self._start_part(kb.GET_WORKING_COPY, question)

    def working_copy_comparison(self, question: kb.GetWorkingCopy) -> kb.WorkingCopyComparison:
        """A working copy beside the article as it is now."""
        return self._ask(kb.COMPARE_WORKING_COPY, question)

    def complete(self, question: kb.Complete) -> kb.Completions:
        """How a question may go on."""
        return self._ask(kb.COMPLETE, question)

    def words(self, question: kb.GetWords) -> kb.OwnWords:
        """The desk's own words of a language."""
        return self._ask(kb.GET_WORDS, question)

    def text_read(self, question: kb.ReadText) -> kb.TextRead:
        """How a sentence is read."""
        return self._ask(kb.READ_TEXT, question)

    def start_text_read(self, question: kb.ReadText) -> Pending[kb.TextRead]:
        """Ask how a sentence is read, without waiting and not for long."""
        return self._start_part(kb.READ_TEXT, question)

    def put_words(self, spec: kb.WordsSpec, *, key: str) -> Reply[kb.OwnWords]:
        """Save the desk's own words of a language."""
        return self._tell(kb.PUT_WORDS, spec, key)

    def draft_from_ticket(self, command: kb.DraftFromTicket, *, key: str) -> Reply[kb.TicketDraft]:
        """Make a draft of a resolved ticket."""
        return self._tell(kb.DRAFT_FROM_TICKET, command, key)

    def article_use(self, question: kb.GetArticleUse) -> kb.ArticleUse:
        """What became of an article."""
        return self._ask(kb.GET_ARTICLE_USE, question)

    def start_article_use(self, question: kb.GetArticleUse) -> Pending[kb.ArticleUse]:
        """Ask what became of an article, without waiting and not for long."""
        return self._start_part(kb.GET_ARTICLE_USE, question)

    def stale_articles(self, question: kb.ReportStaleArticles) -> kb.StaleArticles:
        """Articles that somebody should look at."""
        return self._ask(kb.REPORT_STALE_ARTICLES, question)

    def put_attachment(self, command: kb.PutAttachment, *, key: str) -> Reply[kb.Attachment]:
        """Keep a file beside an article."""
        return self._tell(kb.PUT_ATTACHMENT, command, key)

    def remove_attachment(self, command: kb.RemoveAttachment, *, key: str) -> Reply[Nothing]:
        """Take a file away from an article."""
        return self._tell(kb.REMOVE_ATTACHMENT, command, key)

    def attachments(self, question: kb.ListAttachments) -> kb.Attachments:
        """The files of an article."""
        return self._ask(kb.LIST_ATTACHMENTS, question)

    def start_attachments(self, question: kb.ListAttachments) -> Pending[kb.Attachments]:
        """Ask for the files of an article, without waiting and not for long."""
        return self._start_part(kb.LIST_ATTACHMENTS, question)

    def attachment(self, question: kb.GetAttachment) -> kb.AttachmentContent:
        """A file of an article."""
        return self._ask(kb.GET_ATTACHMENT, question)

    def start_attachment_list(self, question: kb.ListAttachments) -> Pending[kb.Attachments]:
        """The files of an article, asked beside other questions; none may be missing."""
        return self._start(kb.LIST_ATTACHMENTS, question)

    def start_attachment(self, question: kb.GetAttachment) -> Pending[kb.AttachmentContent]:
        """A file of an article, asked beside other questions."""
        return self._start(kb.GET_ATTACHMENT, question)

    def gaps(self, question: kb.ReportGaps) -> kb.Gaps:
        """What people need and no article answers."""
        return self._ask(kb.REPORT_GAPS, question)

    def open_chat(self, command: kb.OpenChat, *, key: str) -> Reply[kb.Chat]:
        """Begin a conversation with the hotline."""
        return self._tell(kb.OPEN_CHAT, command, key)

    def say_in_chat(self, command: kb.SayInChat, *, key: str) -> Reply[kb.Chat]:
        """Say something to the hotline."""
        return self._tell(kb.SAY_IN_CHAT, command, key)

    def hand_over_chat(self, command: kb.HandOverChat, *, key: str) -> Reply[kb.Chat]:
        """Tell which ticket a conversation became."""
        return self._tell(kb.HAND_OVER_CHAT, command, key)

    def chat(self, question: kb.GetChat) -> kb.Chat:
        """A conversation with the hotline."""
        return self._ask(kb.GET_CHAT, question)

    def start_suggestions(self, question: kb.Suggest) -> Pending[kb.Hits]:
        """Ask for articles that may answer a text, without waiting and not for long."""
        return self._start_part(kb.SUGGEST, question)

    def deflection(self, question: kb.ReportDeflection) -> kb.DeflectionReport:
        """What suggestions spared."""
        return self._ask(kb.REPORT_DEFLECTION, question)

    def suggest(self, question: kb.Suggest) -> kb.Hits:
        """Articles that may answer a text."""
        return self._ask(kb.SUGGEST, question)

    def record_reading(self, command: kb.RecordReading, *, key: str) -> Reply[Nothing]:
        """Remember that an article was read."""
        return self._tell(kb.RECORD_READING, command, key)
