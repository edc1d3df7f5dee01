"""Calls about knowledge: search, suggestions, chat."""

from contracts import kb
from gateway import schemas
from gateway.access import AGENTS, EVERYBODY, LEADS
from gateway.api.routes.route import BASE, Route


def knowledge() -> tuple[Route, ...]:
    """Articles as they are found and read."""
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
        Route(
            method="GET",
            path=f"{BASE}/kb/words/{{language}}/reading",
            name="read_text",
            summary="How a sentence is read: respelt, stemmed, its stop words.",
            tag=tag,
            roles=AGENTS,
            query=schemas.ReadTextQuery,
            answer=kb.TextRead,
        ),
    )


def deflection() -> tuple[Route, ...]:
    """What suggestions spared the desk."""
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


def hotline() -> tuple[Route, ...]:
    """Conversations that articles answer."""
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
