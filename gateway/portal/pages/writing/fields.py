"""What the forms of articles send, and what they are filled with."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from contracts import kb
from contracts.errors import invalid_field
from contracts.grammar import from_plain, to_plain
from gateway.house import House
from gateway.portal.forms import Fields, local_instant
from gateway.portal.visit import Visit

FIELDS = (
    *("title", "body", "key", "language", "category", "tags", "audience", "problem", "owner"),
    *("review_on", "note", "publish_at"),
)
GROUP = "group."
RENAMED = {"review_at": "review_on"}
_NOT_IN_A_KEY = re.compile(r"[^a-z0-9]+")
_LONGEST_KEY = 48
_LONGEST_NUMBER = 15


@dataclass(frozen=True, kw_only=True)
class Target:
    """The article that a form writes; without a key a new one."""

    key: str | None = None
    language: str | None = None
    now: kb.Article | None = None


def question_of(visit: Visit, house: House, **more: Any) -> dict[str, Any]:
    """What every question about articles says of the reader."""
    reader = house.readers.of(visit.principal)
    return {"audience": reader.audience, "groups": list(reader.groups)} | more


def command_of(visit: Visit, house: House, **more: Any) -> dict[str, Any]:
    """What every change of an article says of the writer."""
    reader = house.readers.of(visit.principal)
    writer = {"role": reader.role, "reader_groups": list(reader.groups)}
    return writer | {"actor": to_plain(visit.principal.actor)} | more


def slug(title: str) -> str:
    """A key for a title: its letters without accents, its words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return _NOT_IN_A_KEY.sub("-", plain)[:_LONGEST_KEY].strip("-") or "article"


def article_fields(article: kb.Article, visit: Visit) -> dict[str, str]:
    """An article as the form's fields."""
    zone = visit.speech.zone
    fields = {
        "title": article.title,
        "body": article.body,
        "category": article.category or "",
        "tags": ", ".join(article.tags),
        "audience": article.audience,
        "problem": article.problem or "",
        "owner": article.owner,
        "review_on": f"{article.review_at.astimezone(zone):%Y-%m-%d}" if article.review_at else "",
    }
    return fields | {f"{GROUP}{group}": "yes" for group in article.groups}


def copy_of_article(found: kb.Article | kb.WorkingCopy) -> dict[str, str]:
    """What a working copy's form is filled with: its own words, or the article's at first."""
    if isinstance(found, kb.WorkingCopy):
        note, based_on = found.note, found.based_on
    else:
        note, based_on = "", found.revision
    return {
        "title": found.title,
        "body": found.body,
        "category": found.category or "",
        "tags": ", ".join(found.tags),
        "problem": found.problem or "",
        "note": note,
        "based_on": str(based_on),
    }


def copy_question(house: House, visit: Visit, *, key: str, language: str) -> kb.GetWorkingCopy:
    """What is asked about a working copy."""
    reader = house.readers.of(visit.principal)
    plain = to_plain(reader) | {"key": key, "language": language}
    return from_plain(kb.GetWorkingCopy, plain)


def words_of(fields: Fields) -> dict[str, Any]:
    """What the form of a working copy says."""
    given = {
        name: fields[name].strip()
        for name in ("title", "category", "problem", "note")
        if fields.get(name, "").strip()
    }
    tags = [tag.strip() for tag in fields.get("tags", "").split(",")]
    return given | {"body": fields.get("body", ""), "tags": [tag for tag in tags if tag]}


def spec_of(fields: Fields, visit: Visit, house: House, article: Target) -> dict[str, Any]:
    """The article that the form asks for, in plain words."""
    given = {
        name: fields[name].strip()
        for name in ("title", "category", "audience", "problem", "owner", "note")
        if fields.get(name, "").strip()
    }
    is_for_groups = fields.get("audience") == "group"
    groups = [name.removeprefix(GROUP) for name in fields if name.startswith(GROUP)]
    tags = [tag.strip() for tag in fields.get("tags", "").split(",")]
    plain = command_of(visit, house, **given)
    return (
        plain
        | instants_of(fields, visit)
        | {
            "key": article.key or fields.get("key", "").strip() or slug(given.get("title", "")),
            "language": article.language or fields.get("language", visit.speech.language),
            "body": fields.get("body", ""),
            "tags": [tag for tag in tags if tag],
            "groups": groups if is_for_groups else [],
            "status": article.now.status if article.now else "draft",
            "version": int(version_of(fields).get("version") or 0) if article.now else 0,
        }
    )


def instants_of(fields: Fields, visit: Visit) -> dict[str, str]:
    """The instants of the form: a day is meant from its first minute on the page's clock."""
    found = {}
    for field, name in (("review_on", "review_at"), ("publish_at", "publish_at")):
        if not (text := fields.get(field, "").strip()):
            continue
        at = local_instant(text, speech=visit.speech)
        if at is None:
            raise invalid_field(name, "Not a valid datetime.")
        found[name] = at.isoformat()
    return found


def version_of(fields: Fields) -> dict[str, int | None]:
    """The version that the form was shown with, if it says so."""
    return {"version": whole(fields.get("version"))} if "version" in fields else {}


def whole(text: str | None) -> int | None:
    """A whole number; anything else is none."""
    is_number = text is not None and text.isascii() and text.isdigit()
    return int(text) if text and is_number and len(text) <= _LONGEST_NUMBER else None
