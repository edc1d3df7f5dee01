"""The shelves: kb's tables, and the query each index serves (named as in `store`)."""

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase

from chassis.database import SERIAL, Instant, tables


class Base(DeclarativeBase):
    """Kb's metadata."""

    metadata = sa.MetaData(
        naming_convention={
            "pk": "%(table_name)s_pkey",
            "fk": "%(table_name)s_%(column_0_name)s_fkey",
            "uq": "%(table_name)s_%(column_0_N_name)s_key",
            "ck": "%(table_name)s_%(constraint_name)s_check",
        }
    )


tables(Base.metadata)

ID = sa.String(36)
KEY = sa.String(64)
ADDRESS = sa.String(254)
STATUS = sa.String(16)
LANGUAGE = sa.String(8)
TITLE = sa.String(200)
NUMBER = sa.String(32)

articles = sa.Table(
    "articles",
    Base.metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("key", KEY, nullable=False),
    sa.Column("language", LANGUAGE, nullable=False),
    sa.Column("status", STATUS, nullable=False),
    sa.Column("audience", STATUS, nullable=False),
    sa.Column("category", KEY),
    sa.Column("owner", ADDRESS, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    # Given out in commit order: a reader that has seen n has seen every change up to n.
    sa.Column("change_number", sa.BigInteger, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    sa.Column("title", TITLE, nullable=False),
    sa.Column("tags", sa.JSON, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("groups", sa.JSON, nullable=False),
    sa.Column("problem", NUMBER),
    sa.Column("review_at", Instant),
    sa.Column("publish_at", Instant),
    sa.Column("published_at", Instant),
    sa.Column("ticket", NUMBER),
    sa.Column("reviewed_at", Instant),
    sa.Column("reviewed_by", ADDRESS),
    # versions: one article in each language
    sa.UniqueConstraint("key", "language"),
    # changes_after
    sa.Index("articles_by_change", "change_number", unique=True),
    # latest, page
    sa.Index("articles_by_update", "status", "updated_at"),
    # of_ticket, unanswered
    sa.Index("articles_by_ticket", "ticket"),
    # count_review_due
    sa.Index("articles_by_review", "status", "review_at"),
    # known_errors, page of one problem
    sa.Index("articles_by_problem", "problem"),
    sa.CheckConstraint("revision >= 1", name="revision"),
)

revisions = sa.Table(
    "revisions",
    Base.metadata,
    sa.Column("article_id", ID, sa.ForeignKey("articles.id"), primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True),
    sa.Column("author", ADDRESS, nullable=False),
    sa.Column("written_at", Instant, nullable=False),
    sa.Column("status", STATUS, nullable=False),
    sa.Column("audience", STATUS, nullable=False),
    sa.Column("category", KEY),
    sa.Column("title", TITLE, nullable=False),
    sa.Column("tags", sa.JSON, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("groups", sa.JSON, nullable=False),
    sa.Column("problem", NUMBER),
    sa.Column("note", sa.String(500), nullable=False),
    sa.Column("reviewer", ADDRESS),
    # null: from before files were remembered
    sa.Column("files", sa.JSON(none_as_null=True)),
)

# The next version of a published article; `of_article` and `states` go by the primary key.
working_copies = sa.Table(
    "working_copies",
    Base.metadata,
    sa.Column("article_id", ID, sa.ForeignKey("articles.id"), primary_key=True),
    sa.Column("status", STATUS, nullable=False),
    sa.Column("change_number", sa.BigInteger, nullable=False),
    sa.Column("based_on", sa.Integer, nullable=False),
    sa.Column("author", ADDRESS, nullable=False),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("written_by", ADDRESS, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    sa.Column("title", TITLE, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("category", KEY),
    sa.Column("tags", sa.JSON, nullable=False),
    sa.Column("problem", NUMBER),
    sa.Column("files", sa.JSON, nullable=False),
    sa.Column("note", sa.String(500), nullable=False),
    sa.Column("returned_by", ADDRESS),
    sa.Column("returned_note", sa.String(500), nullable=False),
    sa.Column("publish_at", Instant),
)

# For which support groups an article with the audience `group` is.
article_groups = sa.Table(
    "article_groups",
    Base.metadata,
    sa.Column("article_id", ID, sa.ForeignKey("articles.id"), primary_key=True),
    sa.Column("group_key", KEY, primary_key=True),
)

# Files beside an article; `of_article` and `content_of` go by the primary key.
attachments = sa.Table(
    "attachments",
    Base.metadata,
    sa.Column("article_id", ID, sa.ForeignKey("articles.id"), primary_key=True),
    sa.Column("name", sa.String(80), primary_key=True),
    sa.Column("media_type", sa.String(100), nullable=False),
    sa.Column("bytes", sa.Integer, nullable=False),
    sa.Column("added_by", ADDRESS, nullable=False),
    sa.Column("added_at", Instant, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    # null: written by a process of the version before; whoever reads it counts it anew
    sa.Column("sha256", sa.String(64)),
)

# What former revisions and working copies name and the article itself does not have (now); by
# the primary key.
file_contents = sa.Table(
    "file_contents",
    Base.metadata,
    sa.Column("article_id", ID, sa.ForeignKey("articles.id"), primary_key=True),
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

# One row. Whoever changes an article takes the next number first and so holds the row until the
# commit: changes are numbered in the order in which they can be seen.
change_counter = sa.Table(
    "change_counter",
    Base.metadata,
    sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, nullable=False),
)

readings = sa.Table(
    "readings",
    Base.metadata,
    sa.Column("serial", SERIAL, primary_key=True, autoincrement=True),
    sa.Column("article_id", ID, sa.ForeignKey("articles.id"), nullable=False),
    sa.Column("reader", ADDRESS, nullable=False),
    sa.Column("read_at", Instant, nullable=False),
    sa.Column("helpful", sa.Boolean),
    sa.Column("reason", STATUS),
    sa.Column("comment", sa.String(1000), nullable=False),
    # what a reader read before asking
    sa.Index("readings_of_reader", "reader", "read_at"),
    # how often an article was read
    sa.Index("readings_of_article", "article_id", "read_at"),
)

# What readings add up to; `heat` is explained in `domain.use`.
article_use = sa.Table(
    "article_use",
    Base.metadata,
    sa.Column("article_id", ID, sa.ForeignKey("articles.id"), primary_key=True),
    sa.Column("reads", sa.Integer, nullable=False),
    sa.Column("helpful", sa.Integer, nullable=False),
    sa.Column("unhelpful", sa.Integer, nullable=False),
    sa.Column("heat", sa.Double),
    sa.Column("last_read_at", Instant),
)

# How tickets ended, as far as knowledge is concerned: with an article that helped, or without one.
resolutions = sa.Table(
    "resolutions",
    Base.metadata,
    sa.Column("ticket_id", ID, primary_key=True),
    sa.Column("number", NUMBER, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("resolved_at", Instant, nullable=False),
    sa.Column("article_key", KEY),
    sa.Column("minutes", sa.Integer, nullable=False),
    # tickets an article helped with, or (no key) those that no article helped with
    sa.Index("resolutions_by_article", "article_key", "resolved_at"),
)

# The desk's own words, a row for each language that has some.
own_words = sa.Table(
    "own_words",
    Base.metadata,
    sa.Column("language", LANGUAGE, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("spellings", sa.JSON, nullable=False),
    sa.Column("stop_words", sa.JSON, nullable=False),
    sa.Column("updated_by", ADDRESS, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
)

# What tickets are about; the words are kept as stems with how they were written.
cases = sa.Table(
    "cases",
    Base.metadata,
    sa.Column("ticket_id", ID, primary_key=True),
    sa.Column("number", NUMBER, nullable=False),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("subject", TITLE, nullable=False),
    sa.Column("language", LANGUAGE, nullable=False),
    sa.Column("category", KEY),
    sa.Column("words", sa.JSON, nullable=False),
    # is_other_ticket
    sa.Index("cases_by_number", "number"),
)

# Problems that were heard of, whose known errors articles are; `seq` is that of their last state.
# A desk has few, so lists of them need no index.
problems = sa.Table(
    "problems",
    Base.metadata,
    sa.Column("number", NUMBER, primary_key=True),
    sa.Column("subject", TITLE, nullable=False),
    sa.Column("state", STATUS, nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("opened_at", Instant, nullable=False),
)

# Texts that somebody began to write and that articles fit, one row for each sitting.
asks = sa.Table(
    "asks",
    Base.metadata,
    sa.Column("serial", SERIAL, primary_key=True, autoincrement=True),
    sa.Column("asker", ADDRESS, nullable=False),
    # the ticket beside which an agent was shown them; none for a requester
    sa.Column("beside", sa.String(32)),
    sa.Column("is_held_out", sa.Boolean, nullable=False),
    sa.Column("shown", sa.JSON, nullable=False),
    sa.Column("asked_at", Instant, nullable=False),
    sa.Column("last_at", Instant, nullable=False),
    # the requester's next ticket
    sa.Column("ticket", sa.String(32)),
    sa.Column("ticket_at", Instant),
    # open_ask, and asks that a ticket followed
    sa.Index("asks_of_asker", "asker", "asked_at"),
    # asks of a period
    sa.Index("asks_by_time", "asked_at"),
)

# Conversations with the hotline.
chats = sa.Table(
    "chats",
    Base.metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("requester", ADDRESS, nullable=False),
    sa.Column("state", STATUS, nullable=False),
    sa.Column("language", LANGUAGE, nullable=False),
    sa.Column("subject", TITLE, nullable=False),
    sa.Column("failed", sa.Integer, nullable=False),
    sa.Column("has_asked_back", sa.Boolean, nullable=False),
    sa.Column("ticket", sa.String(32)),
    sa.Column("opened_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
)

chat_messages = sa.Table(
    "chat_messages",
    Base.metadata,
    sa.Column("chat_id", ID, sa.ForeignKey("chats.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", STATUS, nullable=False),
    sa.Column("language", LANGUAGE, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("said_at", Instant, nullable=False),
    sa.Column("articles", sa.JSON, nullable=False),
    sa.Column("excerpt", sa.Text, nullable=False),
    sa.Column("confidence", sa.Float),
    sa.Column("reason", STATUS),
)

# What was asked of the search, and how much it found. Who asked is not kept.
search_log = sa.Table(
    "search_log",
    Base.metadata,
    sa.Column("serial", SERIAL, primary_key=True, autoincrement=True),
    sa.Column("text", sa.String(400), nullable=False),
    sa.Column("language", LANGUAGE),
    # the text's telling words, stemmed, in alphabetical order: equal questions are equal here
    sa.Column("words", sa.String(400), nullable=False),
    sa.Column("hits", sa.Integer, nullable=False),
    sa.Column("audience", STATUS, nullable=False),
    sa.Column("asked_at", Instant, nullable=False),
    # failed searches of a period
    sa.Index("search_log_by_hits", "hits", "asked_at"),
)
