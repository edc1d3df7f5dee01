"""What kb says and answers: articles, search and suggestions."""

from contracts.kb import articles, search
from contracts.kb.articles import (
    GET_ARTICLE,
    PUT_ARTICLE,
    RECORD_READING,
    Article,
    ArticlePublished,
    ArticleSpec,
    ArticleStatus,
    Audience,
    GetArticle,
    RecordReading,
    Tag,
)
from contracts.kb.search import (
    SEARCH_ARTICLES,
    SUGGEST,
    Hit,
    Hits,
    SearchArticles,
    Suggest,
)

EVENTS = articles.EVENTS
OPERATIONS = (*articles.OPERATIONS, *search.OPERATIONS)

__all__ = [
    "EVENTS",
    "GET_ARTICLE",
    "OPERATIONS",
    "PUT_ARTICLE",
    "RECORD_READING",
    "SEARCH_ARTICLES",
    "SUGGEST",
    "Article",
    "ArticlePublished",
    "ArticleSpec",
    "ArticleStatus",
    "Audience",
    "GetArticle",
    "Hit",
    "Hits",
    "RecordReading",
    "SearchArticles",
    "Suggest",
    "Tag",
]
