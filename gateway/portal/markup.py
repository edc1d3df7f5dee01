"""Text that people wrote, made safe for a page."""

import re

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

_LINK = re.compile(r"https?://[^\s<>\"'`\x00-\x20]+", re.IGNORECASE)
_AFTER_LINK = ".,;:!?)]}»”’…"
_LINK_RELATION = "noopener noreferrer nofollow"

_ARTICLE_TAGS = {
    *("h2", "h3", "h4", "p", "br", "hr", "strong", "em", "del", "code", "pre", "blockquote"),
    *("ul", "ol", "li", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def message_body(text: str) -> Markup:
    """A message as it was typed: nothing in it is HTML, line breaks stay, web addresses link."""
    pieces: list[Markup] = []
    end = 0
    for found in _LINK.finditer(text):
        address = _without_tail(found.group())
        pieces += [escape(text[end : found.start()]), _link(address)]
        end = found.start() + len(address)
    pieces.append(escape(text[end:]))
    return Markup().join(pieces)


def _link(address: str) -> Markup:
    return Markup('<a href="{0}" rel="{1}">{0}</a>').format(address, _LINK_RELATION)


def _without_tail(address: str) -> str:
    """A web address without the punctuation of the sentence it stands in."""
    while address[-1] in _AFTER_LINK:
        if address[-1] == ")" and address.count("(") >= address.count(")"):
            break
        address = address[:-1]
    return address


def article_body(markdown: str) -> Markup:
    """An article's Markdown as HTML: no raw HTML, no pictures, links only to the web and mail.

    Headings go one level down, for the page's own heading is the article's title.
    """
    tokens = _MARKDOWN.parse(markdown)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + 1, 4)}"
    raw = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    clean = nh3.clean(
        raw,
        tags=_ARTICLE_TAGS,
        attributes={"a": {"href", "title"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=_LINK_RELATION,
    )
    return Markup(clean)  # noqa: S704 - sanitised on the line above


def snippet(html: str) -> Markup:
    """A search hit's excerpt; whatever the search answered, only <mark> is left in it."""
    return Markup(nh3.clean(html, tags={"mark"}, attributes={}))  # noqa: S704 - sanitised
