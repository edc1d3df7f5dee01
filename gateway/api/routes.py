"""Every call of the API on one page; the doorkeeper, the reference and the tests read it."""

from dataclasses import dataclass
from typing import Any, Literal

from contracts import intake, kb, routing, sla
from contracts.grammar import Nothing
from gateway import schemas
from gateway.access import ADMINS, AGENTS, EVERYBODY, LEADS, OPEN, AccessTable, Roles

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
BASE = "/api/v1"


@dataclass(frozen=True, kw_only=True)
class Route:
    """One call.

    Attributes:
        name: its name in the reference, an imperative.
        roles: who may.
        body, query, answer: payload dataclasses; None where there is none.
        from_path: fields of the body that the path decides.
        versioned: it heeds `If-Match`.
        media: other forms of the answer than JSON.
    """

    method: Method
    path: str
    name: str
    summary: str
    tag: str
    roles: Roles
    answer: type[Any] | None = None
    body: type[Any] | None = None
    query: type[Any] | None = None
    status: int = 200
    from_path: tuple[str, ...] = ()
    versioned: bool = False
    media: tuple[str, ...] = ()


def _tickets() -> tuple[Route, ...]:
    tag = "tickets"
    one = f"{BASE}/tickets/{{number}}"
    return (
        Route(
            method="GET",
            path=f"{BASE}/tickets",
            name="list_tickets",
            summary="List tickets; requesters see their own.",
            tag=tag,
            roles=EVERYBODY,
            query=schemas.TicketsQuery,
            answer=intake.TicketPage,
        ),
        Route(
            method="POST",
            path=f"{BASE}/tickets",
            name="open_ticket",
            summary="Open a ticket.",
            tag=tag,
            roles=EVERYBODY,
            body=schemas.OpenTicketBody,
            answer=schemas.TicketAnswer,
            status=201,
        ),
        Route(
            method="GET",
            path=one,
            name="get_ticket",
            summary="One ticket with its assignment and clocks.",
            tag=tag,
            roles=EVERYBODY,
            answer=schemas.WholeTicket,
        ),
        Route(
            method="PATCH",
            path=one,
            name="amend_ticket",
            summary="Change impact, urgency or category.",
            tag=tag,
            roles=AGENTS,
            body=schemas.AmendBody,
            answer=schemas.TicketAnswer,
            versioned=True,
        ),
    )


def _conversation() -> tuple[Route, ...]:
    tag = "tickets"
    one = f"{BASE}/tickets/{{number}}"
    return (
        Route(
            method="GET",
            path=f"{one}/messages",
            name="list_messages",
            summary="The conversation; requesters see its public part.",
            tag=tag,
            roles=EVERYBODY,
            answer=intake.Conversation,
        ),
        Route(
            method="POST",
            path=f"{one}/replies",
            name="add_reply",
            summary="Add a message, public or internal.",
            tag=tag,
            roles=EVERYBODY,
            body=schemas.ReplyBody,
            answer=intake.Message,
            status=201,
        ),
        Route(
            method="GET",
            path=f"{one}/timeline",
            name="read_timeline",
            summary="All that happened: log, decisions, escalations, thresholds.",
            tag=tag,
            roles=EVERYBODY,
            answer=schemas.Timeline,
        ),
        Route(
            method="POST",
            path=f"{one}/transitions",
            name="change_status",
            summary="Move a ticket to another status; 409 names the moves allowed.",
            tag=tag,
            roles=EVERYBODY,
            body=schemas.TransitionBody,
            answer=schemas.TicketAnswer,
            versioned=True,
        ),
    )


def _work() -> tuple[Route, ...]:
    tag = "work"
    one = f"{BASE}/tickets/{{number}}"
    return (
        Route(
            method="GET",
            path=f"{one}/assignment",
            name="get_assignment",
            summary="Who has it, why them and why not another.",
            tag=tag,
            roles=AGENTS,
            answer=routing.Assignment,
        ),
        Route(
            method="POST",
            path=f"{one}/assign",
            name="assign",
            summary="Give it to an agent of its group, or back to the queue.",
            tag=tag,
            roles=AGENTS,
            body=schemas.AssignBody,
            answer=routing.Assignment,
        ),
        Route(
            method="POST",
            path=f"{one}/transfer",
            name="transfer",
            summary="Move it to another group, with a reason.",
            tag=tag,
            roles=AGENTS,
            body=schemas.TransferBody,
            answer=routing.Assignment,
        ),
        Route(
            method="POST",
            path=f"{one}/escalate",
            name="escalate",
            summary="Raise it to more skill or more authority.",
            tag=tag,
            roles=AGENTS,
            body=schemas.EscalateBody,
            answer=routing.Assignment,
        ),
        Route(
            method="GET",
            path=f"{one}/clocks",
            name="get_clocks",
            summary="Every clock: due, remaining, thresholds, attribution; now or as of `at`.",
            tag=tag,
            roles=EVERYBODY,
            query=schemas.ClocksQuery,
            answer=sla.TicketClocks,
        ),
        Route(
            method="GET",
            path=f"{one}/clocks/explanation",
            name="explain_clocks",
            summary="What was believed of its clocks, which time counted, and why.",
            tag=tag,
            roles=EVERYBODY,
            query=schemas.ExplanationQuery,
            answer=sla.ClocksExplained,
        ),
    )


def _knowledge() -> tuple[Route, ...]:
    tag = "knowledge"
    articles = f"{BASE}/kb/articles"
    return (
        Route(
            method="GET",
            path=articles,
            name="search_articles",
            summary="Search articles; without words all are listed.",
            tag=tag,
            roles=EVERYBODY,
            query=schemas.ArticlesQuery,
            answer=kb.Hits,
        ),
        Route(
            method="GET",
            path=f"{articles}/{{key}}",
            name="get_article",
            summary="One article, in the wanted language if there is one.",
            tag=tag,
            roles=EVERYBODY,
            query=schemas.ArticleQuery,
            answer=kb.Article,
        ),
        Route(
            method="POST",
            path=f"{articles}/{{key}}/readings",
            name="record_reading",
            summary="Say that an article was read, and whether it helped.",
            tag=tag,
            roles=EVERYBODY,
            body=schemas.ReadingBody,
            status=204,
        ),
        Route(
            method="POST",
            path=f"{BASE}/kb/suggestions",
            name="suggest_articles",
            summary="Articles that may answer a text; changes nothing.",
            tag=tag,
            roles=EVERYBODY,
            body=schemas.SuggestBody,
            answer=kb.Hits,
        ),
        Route(
            method="GET",
            path=f"{BASE}/kb/complete",
            name="complete_question",
            summary="How a question that is being typed may go on.",
            tag=tag,
            roles=EVERYBODY,
            query=schemas.CompleteQuery,
            answer=kb.Completions,
        ),
        Route(
            method="GET",
            path=f"{BASE}/kb/words/{{language}}",
            name="get_words",
            summary="The desk's own words of a language, and those that come with it.",
            tag=tag,
            roles=AGENTS,
            answer=kb.OwnWords,
        ),
        Route(
            method="PUT",
            path=f"{BASE}/kb/words/{{language}}",
            name="put_words",
            summary="Save the desk's own words of a language, as a whole.",
            tag=tag,
            roles=LEADS,
            body=schemas.WordsBody,
            answer=kb.OwnWords,
        ),
    )


def _writing() -> tuple[Route, ...]:
    tag = "knowledge"
    one = f"{BASE}/kb/articles/{{key}}/{{language}}"
    return (
        Route(
            method="GET",
            path=f"{BASE}/kb/writings",
            name="list_articles",
            summary="Articles in any state, for those who write them.",
            tag=tag,
            roles=AGENTS,
            query=schemas.WritingsQuery,
            answer=kb.ArticlePage,
        ),
        Route(
            method="GET",
            path=f"{BASE}/kb/export",
            name="export_articles",
            summary="Articles as a zip of Markdown files with front matter.",
            tag=tag,
            roles=AGENTS,
            query=schemas.ExportQuery,
            media=("application/zip",),
        ),
        Route(
            method="POST",
            path=f"{BASE}/kb/import",
            name="import_articles",
            summary="Save a zip (application/zip) of Markdown files: none, when one is not right.",
            tag=tag,
            roles=LEADS,
            answer=schemas.ImportAnswer,
        ),
        Route(
            method="GET",
            path=f"{BASE}/kb/gaps",
            name="report_gaps",
            summary="Failed searches and tickets without an article, put together and ranked.",
            tag=tag,
            roles=AGENTS,
            query=schemas.GapsQuery,
            answer=kb.Gaps,
        ),
        Route(
            method="POST",
            path=f"{BASE}/tickets/{{number}}/article",
            name="draft_from_ticket",
            summary="Make a draft article of a resolved ticket, without personal data.",
            tag=tag,
            roles=AGENTS,
            body=Nothing,
            answer=kb.TicketDraft,
            status=201,
        ),
        Route(
            method="PUT",
            path=one,
            name="put_article",
            summary="Save an article in one language; agents save drafts.",
            tag=tag,
            roles=AGENTS,
            body=schemas.ArticleBody,
            answer=kb.Article,
            versioned=True,
        ),
        Route(
            method="PATCH",
            path=one,
            name="amend_article",
            summary="Change who looks after an article, or when it is read again.",
            tag=tag,
            roles=AGENTS,
            body=schemas.ArticleAmendBody,
            answer=kb.Article,
            versioned=True,
        ),
        Route(
            method="POST",
            path=f"{one}/transitions",
            name="change_article_status",
            summary="Move an article through its life, now or at a planned instant.",
            tag=tag,
            roles=AGENTS,
            body=schemas.ArticleTransitionBody,
            answer=kb.Article,
            versioned=True,
        ),
        Route(
            method="GET",
            path=f"{one}/revisions",
            name="list_revisions",
            summary="The history of an article.",
            tag=tag,
            roles=AGENTS,
            answer=kb.Revisions,
        ),
        Route(
            method="GET",
            path=f"{one}/attachments",
            name="list_attachments",
            summary="The files of an article.",
            tag=tag,
            roles=EVERYBODY,
            answer=kb.Attachments,
        ),
        Route(
            method="GET",
            path=f"{one}/attachments/{{name}}",
            name="get_attachment",
            summary="A file of an article.",
            tag=tag,
            roles=EVERYBODY,
            media=("application/octet-stream",),
        ),
        Route(
            method="PUT",
            path=f"{one}/attachments/{{name}}",
            name="put_attachment",
            summary="Keep a file (the body, of its own type, 1 MiB) beside an article.",
            tag=tag,
            roles=AGENTS,
            answer=kb.Attachment,
            versioned=True,
        ),
        Route(
            method="DELETE",
            path=f"{one}/attachments/{{name}}",
            name="remove_attachment",
            summary="Take a file away from an article.",
            tag=tag,
            roles=AGENTS,
            status=204,
            versioned=True,
        ),
        Route(
            method="GET",
            path=f"{one}/use",
            name="get_article_use",
            summary="How often an article was read, whether it helped, what readers said.",
            tag=tag,
            roles=AGENTS,
            answer=kb.ArticleUse,
        ),
        Route(
            method="GET",
            path=f"{BASE}/reports/stale-articles",
            name="report_stale_articles",
            summary="Published articles that somebody should look at, and why.",
            tag="reports",
            roles=AGENTS,
            query=schemas.StaleArticlesQuery,
            answer=kb.StaleArticles,
        ),
        Route(
            method="GET",
            path=f"{one}/comparison",
            name="compare_revisions",
            summary="How two revisions of an article differ.",
            tag=tag,
            roles=AGENTS,
            query=schemas.ComparisonQuery,
            answer=kb.Comparison,
        ),
        Route(
            method="POST",
            path=f"{one}/restore",
            name="restore_revision",
            summary="Let an article say again what it said.",
            tag=tag,
            roles=AGENTS,
            body=schemas.RestoreBody,
            answer=kb.Article,
            versioned=True,
        ),
    )


def _deflection() -> tuple[Route, ...]:
    return (
        Route(
            method="GET",
            path=f"{BASE}/reports/deflection",
            name="report_deflection",
            summary="What suggested articles spared, against requesters who were shown none.",
            tag="reports",
            roles=LEADS,
            query=schemas.DeflectionQuery,
            answer=kb.DeflectionReport,
        ),
    )


def _hotline() -> tuple[Route, ...]:
    tag = "hotline"
    return (
        Route(
            method="POST",
            path=f"{BASE}/chat",
            name="begin_chat",
            summary="Begin a conversation that is answered from articles.",
            tag=tag,
            roles=EVERYBODY,
            body=schemas.ChatBody,
            answer=kb.Chat,
            status=201,
        ),
        Route(
            method="GET",
            path=f"{BASE}/chat/{{chat}}",
            name="get_chat",
            summary="A conversation of one's own.",
            tag=tag,
            roles=EVERYBODY,
            answer=kb.Chat,
        ),
        Route(
            method="POST",
            path=f"{BASE}/chat/{{chat}}/messages",
            name="say_in_chat",
            summary="Say something; the answer, or a person, is in the conversation.",
            tag=tag,
            roles=EVERYBODY,
            body=schemas.ChatMessageBody,
            answer=kb.Chat,
        ),
    )


def _shelf(
    noun: str, *, one: str, all_of: type[Any], item: type[Any], spec: type[Any], saved: type[Any]
) -> tuple[Route, ...]:
    tag = "administration"
    path = f"{BASE}/{noun}"
    return (
        Route(
            method="GET",
            path=path,
            name=f"list_{noun}",
            summary=f"All {noun}.",
            tag=tag,
            roles=AGENTS,
            answer=all_of,
        ),
        Route(
            method="GET",
            path=f"{path}/{{key}}",
            name=f"get_{one}",
            summary=f"One {one}.",
            tag=tag,
            roles=AGENTS,
            answer=item,
        ),
        Route(
            method="PUT",
            path=f"{path}/{{key}}",
            name=f"put_{one}",
            summary=f"Save a {one}; saving the same again changes nothing.",
            tag=tag,
            roles=ADMINS,
            body=spec,
            from_path=("key",),
            answer=saved,
        ),
    )


def _administration() -> tuple[Route, ...]:
    return (
        *_shelf(
            "groups",
            one="group",
            all_of=routing.Groups,
            item=routing.Group,
            spec=routing.GroupSpec,
            saved=routing.GroupSpec,
        ),
        *_shelf(
            "agents",
            one="agent",
            all_of=routing.Agents,
            item=routing.Agent,
            spec=routing.AgentSpec,
            saved=routing.AgentSpec,
        ),
        *_shelf(
            "rules",
            one="rule",
            all_of=routing.Rules,
            item=routing.RuleSpec,
            spec=routing.RuleSpec,
            saved=routing.RuleSpec,
        ),
        *_shelf(
            "calendars",
            one="calendar",
            all_of=sla.Calendars,
            item=sla.CalendarVersion,
            spec=sla.CalendarSpec,
            saved=sla.CalendarVersion,
        ),
        *_shelf(
            "policies",
            one="policy",
            all_of=sla.Policies,
            item=sla.PolicyVersion,
            spec=sla.PolicySpec,
            saved=sla.PolicyVersion,
        ),
    )


def _accounts() -> tuple[Route, ...]:
    tag = "accounts"
    return (
        Route(
            method="GET",
            path=f"{BASE}/me",
            name="who_am_i",
            summary="Who asks.",
            tag=tag,
            roles=EVERYBODY,
            answer=schemas.Me,
        ),
        Route(
            method="GET",
            path=f"{BASE}/accounts",
            name="list_accounts",
            summary="All local accounts.",
            tag=tag,
            roles=ADMINS,
            answer=schemas.AccountList,
        ),
        Route(
            method="POST",
            path=f"{BASE}/accounts",
            name="create_account",
            summary="Make a local account.",
            tag=tag,
            roles=ADMINS,
            body=schemas.AccountBody,
            answer=schemas.AccountAnswer,
            status=201,
        ),
        Route(
            method="PATCH",
            path=f"{BASE}/accounts/{{id}}",
            name="change_account",
            summary="Change a local account, or close it.",
            tag=tag,
            roles=ADMINS,
            body=schemas.AccountChangeBody,
            answer=schemas.AccountAnswer,
        ),
        Route(
            method="GET",
            path=f"{BASE}/tokens",
            name="list_tokens",
            summary="All API tokens, without their secrets.",
            tag=tag,
            roles=ADMINS,
            answer=schemas.TokenList,
        ),
        Route(
            method="POST",
            path=f"{BASE}/tokens",
            name="create_token",
            summary="Make an API token; its secret is shown this once.",
            tag=tag,
            roles=ADMINS,
            body=schemas.TokenBody,
            answer=schemas.NewTokenAnswer,
            status=201,
        ),
        Route(
            method="DELETE",
            path=f"{BASE}/tokens/{{id}}",
            name="revoke_token",
            summary="Revoke an API token.",
            tag=tag,
            roles=ADMINS,
            status=204,
        ),
    )


def _reading() -> tuple[Route, ...]:
    return (
        Route(
            method="GET",
            path=f"{BASE}/reports/promises",
            name="report_promises",
            summary="How promises were kept, for tickets opened in a period.",
            tag="reports",
            roles=LEADS,
            query=schemas.PromisesQuery,
            answer=sla.PromiseReport,
            media=("text/csv",),
        ),
        Route(
            method="GET",
            path=f"{BASE}/reports/times",
            name="report_times",
            summary="How much open time clocks took: mean, median, nine in ten.",
            tag="reports",
            roles=LEADS,
            query=schemas.TimesQuery,
            answer=sla.TimesReport,
            media=("text/csv",),
        ),
        Route(
            method="GET",
            path=f"{BASE}/reports/backlog",
            name="report_backlog",
            summary="What waits now, by age, group and priority.",
            tag="reports",
            roles=LEADS,
            query=schemas.BacklogQuery,
            answer=sla.BacklogReport,
            media=("text/csv",),
        ),
        Route(
            method="GET",
            path=f"{BASE}/events",
            name="export_events",
            summary="The desk's event log from an offset: nothing skipped, nothing twice.",
            tag="events",
            roles=AGENTS,
            query=schemas.EventsQuery,
            answer=intake.LogPage,
        ),
        Route(
            method="GET",
            path=f"{BASE}/stream",
            name="stream",
            summary="Hints of what changes, as server-sent events; requesters name their ticket.",
            tag="events",
            roles=EVERYBODY,
            query=schemas.StreamQuery,
            media=("text/event-stream",),
        ),
        Route(
            method="GET",
            path=f"{BASE}/openapi.json",
            name="describe",
            summary="This description.",
            tag="operations",
            roles=OPEN,
            media=("application/json",),
        ),
    )


def _jobs() -> tuple[Route, ...]:
    tag = "sla"
    what_if, rebuild = f"{BASE}/sla/what-if", f"{BASE}/sla/rebuild"
    return (
        Route(
            method="GET",
            path=f"{BASE}/sla/rebase",
            name="preview_rebase",
            summary="What the present calendars and policies would change for running tickets.",
            tag=tag,
            roles=ADMINS,
            query=sla.Rebasing,
            answer=sla.Rebased,
        ),
        Route(
            method="POST",
            path=f"{BASE}/sla/rebase",
            name="rebase_tickets",
            summary="Judge running tickets by the present calendars and policies from now on.",
            tag=tag,
            roles=ADMINS,
            body=sla.Rebasing,
            answer=sla.Rebased,
        ),
        Route(
            method="POST",
            path=what_if,
            name="start_what_if",
            summary="Judge a period again under other policies or calendars; changes no ticket.",
            tag=tag,
            roles=LEADS,
            body=sla.WhatIf,
            answer=sla.Job,
            status=202,
        ),
        Route(
            method="GET",
            path=f"{what_if}/{{key}}",
            name="get_what_if",
            summary="How far a what-if is, and what it found.",
            tag=tag,
            roles=LEADS,
            answer=sla.Job,
        ),
        Route(
            method="DELETE",
            path=f"{what_if}/{{key}}",
            name="cancel_what_if",
            summary="Stop a what-if.",
            tag=tag,
            roles=LEADS,
            answer=sla.Job,
        ),
        Route(
            method="GET",
            path=f"{what_if}/{{key}}/verdicts",
            name="list_verdicts",
            summary="What a what-if judged, ticket by ticket.",
            tag=tag,
            roles=LEADS,
            query=schemas.VerdictsQuery,
            answer=sla.Verdicts,
        ),
        Route(
            method="POST",
            path=rebuild,
            name="start_rebuild",
            summary="Write anew, from the tickets' logs, what reports read.",
            tag=tag,
            roles=ADMINS,
            answer=sla.Job,
            status=202,
        ),
        Route(
            method="GET",
            path=f"{rebuild}/{{key}}",
            name="get_rebuild",
            summary="How far it is.",
            tag=tag,
            roles=ADMINS,
            answer=sla.Job,
        ),
        Route(
            method="DELETE",
            path=f"{rebuild}/{{key}}",
            name="cancel_rebuild",
            summary="Stop it.",
            tag=tag,
            roles=ADMINS,
            answer=sla.Job,
        ),
    )


ROUTES: tuple[Route, ...] = (
    *_tickets(),
    *_conversation(),
    *_work(),
    *_knowledge(),
    *_hotline(),
    *_deflection(),
    *_writing(),
    *_administration(),
    *_accounts(),
    *_reading(),
    *_jobs(),
)

ACCESS: AccessTable = {(route.path, route.method): route.roles for route in ROUTES}
