"""The desk: one function for each call and event. Load, decide, save, announce; one transaction."""

from services.kb.handlers.articles import get_article, put_article
from services.kb.handlers.search import refresh_index, search_articles
from services.kb.handlers.suggestions import suggest
from services.kb.handlers.use import keep_resolution, record_reading

__all__ = [
    "get_article",
    "keep_resolution",
    "put_article",
    "record_reading",
    "refresh_index",
    "search_articles",
    "suggest",
]
