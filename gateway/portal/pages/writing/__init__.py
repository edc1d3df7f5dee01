"""Writing articles: the list, the editor, history, and an article's life."""

from gateway.portal.pages.writing.copies import CompareCopy, CopyLife, WriteCopy
from gateway.portal.pages.writing.editor import NewArticle, Preview, WriteArticle
from gateway.portal.pages.writing.life import Care, History, Life, Restore
from gateway.portal.pages.writing.lists import StaleArticles, Writings
from gateway.portal.pages.writing.words import Words

__all__ = [
    "Care",
    "CompareCopy",
    "CopyLife",
    "History",
    "Life",
    "NewArticle",
    "Preview",
    "Restore",
    "StaleArticles",
    "Words",
    "WriteArticle",
    "WriteCopy",
    "Writings",
]
