"""Where each resource of the API answers."""

from typing import Any

import falcon
from falcon import Request, Response

from contracts.grammar import Nothing
from gateway.api import (
    accounts,
    administration,
    attachments,
    chat,
    conversation,
    copies,
    files,
    gaps,
    jobs,
    knowledge,
    message_files,
    notices,
    reference,
    reports,
    stream,
    tickets,
    work,
    writing,
)
from gateway.api.routes import BASE, ROUTES
from gateway.house import House
from gateway.reading import query_of

_COPY = "/kb/articles/{key}/{language}/working-copy"


def install(app: "falcon.App[Request, Response]", house: House) -> None:
    """Put the API's resources into `app`."""
    resources: dict[str, object] = {
        "/tickets": tickets.Tickets(house),
        "/tickets/{number}": tickets.Ticket(house),
        "/tickets/{number}/messages": conversation.Messages(house),
        "/tickets/{number}/replies": conversation.Replies(house),
        "/attachments": message_files.Uploads(house),
        "/tickets/{number}/attachments": message_files.Uploads(house),
        "/tickets/{number}/attachments/{attachment}": message_files.MessageFile(house),
        "/tickets/{number}/timeline": conversation.Timeline(house),
        "/tickets/{number}/transitions": conversation.Transitions(house),
        "/tickets/{number}/assignment": work.Assignment(house),
        "/tickets/{number}/assign": work.Assign(house),
        "/tickets/{number}/transfer": work.Transfer(house),
        "/tickets/{number}/merge": work.Merge(house),
        "/tickets/{number}/unmerge": work.Unmerge(house),
        "/tickets/{number}/split": work.Split(house),
        "/tickets/{number}/escalate": work.Escalate(house),
        "/tickets/{number}/clocks": work.Clocks(house),
        "/tickets/{number}/clocks/explanation": work.Explanation(house),
        "/notices": notices.Notices(house),
        "/notices/{id}/acknowledge": notices.Acknowledgement(house),
        "/kb/articles": knowledge.Articles(house),
        "/kb/articles/{key}": knowledge.Article(house),
        "/kb/articles/{key}/{language}": writing.ArticleInLanguage(house),
        "/kb/articles/{key}/{language}/transitions": writing.ArticleTransitions(house),
        "/kb/articles/{key}/{language}/revisions": writing.Revisions(house),
        "/kb/articles/{key}/{language}/use": writing.ArticleUse(house),
        "/reports/stale-articles": writing.StaleArticles(house),
        "/kb/articles/{key}/{language}/attachments": attachments.Attachments(house),
        "/kb/articles/{key}/{language}/attachments/{name}": attachments.Attachment(house),
        f"{_COPY}": copies.WorkingCopy(house),
        f"{_COPY}/transitions": copies.WorkingCopyTransitions(house),
        f"{_COPY}/comparison": copies.WorkingCopyComparison(house),
        f"{_COPY}/attachments": attachments.Attachments(house, working_copy=True),
        f"{_COPY}/attachments/{{name}}": attachments.Attachment(house, working_copy=True),
        "/kb/articles/{key}/{language}/comparison": writing.Comparison(house),
        "/kb/articles/{key}/{language}/restore": writing.Restoring(house),
        "/kb/gaps": gaps.Gaps(house),
        "/tickets/{number}/article": gaps.TicketArticle(house),
        "/kb/export": files.Export(house),
        "/kb/import": files.Import(house),
        "/kb/writings": writing.Writings(house),
        "/kb/problems": writing.Problems(house),
        "/kb/articles/{key}/readings": knowledge.Readings(house),
        "/kb/suggestions": knowledge.Suggestions(house),
        "/reports/deflection": knowledge.Deflection(house),
        "/kb/complete": knowledge.Completion(house),
        "/kb/words/{language}": knowledge.OwnWords(house),
        "/kb/words/{language}/reading": knowledge.TextRead(house),
        "/chat": chat.Chats(house),
        "/chat/{chat}": chat.Chat(house),
        "/chat/{chat}/messages": chat.ChatMessages(house),
        "/me": accounts.WhoAmI(),
        "/accounts": accounts.Accounts(house),
        "/accounts/{id}": accounts.Account(house),
        "/tokens": accounts.Tokens(house),
        "/tokens/{id}": accounts.Token(house),
        **{f"/reports/{name}": reports.Report(house, name=name) for name in reports.KINDS},
        "/sla/rebase": jobs.Rebase(house),
        "/sla/what-if": jobs.WhatIfs(house),
        "/sla/what-if/{key}": jobs.Job(house),
        "/sla/what-if/{key}/verdicts": jobs.Verdicts(house),
        "/sla/rebuild": jobs.Rebuilds(house),
        "/sla/rebuild/{key}": jobs.Job(house),
        "/events": reports.Events(house),
        "/stream": stream.Stream(house),
        "/openapi.json": reference.Description(),
        **administration.resources(house),
    }
    for path, resource in resources.items():
        app.add_route(BASE + path, resource)


class NoStrayParameters:
    """Refuses query parameters where a call has none, naming them."""

    _without = frozenset((route.path, route.method) for route in ROUTES if route.query is None)

    def process_resource(
        self, req: Request, _resp: Response, _resource: object, _params: dict[str, Any]
    ) -> None:
        """Look at the query string."""
        if req.query_string and (req.uri_template, req.method) in self._without:
            query_of(req, Nothing)
