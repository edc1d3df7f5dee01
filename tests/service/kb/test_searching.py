"""Search and suggestions: found at once, by every replica, by the right people."""

from collections.abc import Iterator
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from chassis.database import Database
from chassis.migrate import upgrade
from contracts import kb as contract
from contracts.errors import WireError
from contracts.grammar import to_plain
from services.kb import handlers
from services.kb.domain.readers import Reader
from services.kb.handlers.showing import CHANGES_BEFORE_A_QUESTION, ask, changes_of
from services.kb.index.engine import Found
from services.kb.models import Base, search_log
from services.kb.store.articles import changes_after, shown
from tests.service.kb.house import DEWI, NOW, House, StoppedClock, keys

BOTH = [
    ("wifi", "Wi-Fi does not connect", "Forget the network and connect again.", "en"),
    ("wifi", "Wi-Fi tidak tersambung", "Lupakan jaringan lalu sambungkan lagi.", "id"),
    ("lambat", "Laptop terasa lambat", "Tutup aplikasi lalu mulai ulang.", "id"),
    ("printer", "Printer jam", "Open the tray and pull the paper out.", "en"),
]


@pytest.fixture
def filled(house: House) -> House:
    for key, title, body, language in BOTH:
        house.put(key, title, body, language=language, category="it")
    return house


def test_who_publishes_finds_at_once(house: House) -> None:
    house.put("vpn", "VPN from home")

    assert keys(house.search("vpn")) == ["vpn"]


def test_informal_indonesian_finds_the_formal_article(filled: House) -> None:
    assert keys(filled.search("laptop lemot bgt", language="id"))[0] == "lambat"
    assert keys(filled.search("gak bisa konek wifi", language="id"))[0] == "wifi"


def test_an_article_in_two_languages_is_one_hit(filled: House) -> None:
    assert keys(filled.search("wifi")) == ["wifi"]


def test_the_wanted_language_only(filled: House) -> None:
    hits = filled.search("wifi", language="en")

    assert [(hit.key, hit.language) for hit in hits] == [("wifi", "en")]


def test_found_words_are_marked_and_everything_else_is_escaped(house: House) -> None:
    house.put("xss", "Script", "A <script>alert(1)</script> & a printer.")

    (hit,) = house.search("printer")

    assert hit.snippet == ("A &lt;script&gt;alert(1)&lt;/script&gt; &amp; a <mark>printer</mark>.")


def test_without_a_question_the_last_changed_articles_are_listed(filled: House) -> None:
    assert sorted(keys(filled.search())) == ["lambat", "printer", "wifi"]
    assert filled.search(category="none") == []
    assert len(filled.search(limit=2)) == 2


def test_a_category_narrows_the_answer(filled: House) -> None:
    filled.put("hr", "Wi-Fi at home", category="hr")

    assert keys(filled.search("wifi", category="hr")) == ["hr"]


@pytest.mark.parametrize(
    "q", ["'; DROP TABLE articles; --", '"*(AND OR', "%", "\u202e\ufffd", "x" * 400]
)
def test_strange_questions_are_only_text(filled: House, q: str) -> None:
    filled.search(q)

    assert keys(filled.search("printer jam"))[0] == "printer"


def test_a_text_gets_suggestions_in_its_own_language(filled: House) -> None:
    indonesian = filled.suggest("Pagi kak, wifi di lantai 3 ngga konek dari tadi")
    english = filled.suggest("Hello, the wifi on my floor does not connect")

    assert [(hit.key, hit.language) for hit in indonesian][:1] == [("wifi", "id")]
    assert [(hit.key, hit.language) for hit in english][:1] == [("wifi", "en")]


def test_where_the_texts_own_language_has_no_article_another_one_is_suggested(
    filled: House,
) -> None:
    text = "Pagi kak, ada paper jam di printer lantai 3"

    assert keys(filled.suggest(text)) == ["printer"]
    assert keys(filled.suggest(text, language="id")) == ["printer"]


def test_a_suggestion_far_behind_the_best_is_left_out(filled: House) -> None:
    filled.put("paper", "Order paper", "For a wifi or any other device, order paper.")

    assert keys(filled.suggest("the printer has a paper jam in the tray"))[0] == "printer"
    assert "wifi" not in keys(filled.suggest("the printer has a paper jam in the tray"))


def test_a_suggestion_reads_the_beginning_of_a_long_text(filled: House) -> None:
    text = "lorem " * 400 + "printer"

    assert len(text) > filled.settings.suggest_characters
    assert filled.suggest(text, language="en") == []


def test_a_mistyped_question_is_answered_and_put_right(filled: House) -> None:
    found = filled.find("Prinetr macet", language="en")

    assert keys(list(found.items)) == ["printer"]
    assert found.did_you_mean == "printer macet"


def test_a_question_without_a_mistake_is_left_alone(filled: House) -> None:
    assert filled.find("printer").did_you_mean is None
    assert filled.find("qqqqqqqq").did_you_mean is None


def test_a_word_of_a_withdrawn_article_is_never_proposed(house: House) -> None:
    house.put("a", "Zanzibar printer")
    house.put("b", "Printer paper")
    house.search("zanzibar")
    house.put("a", "Zanzibar printer", status="archived", role="lead", note="Old.")

    assert house.find("zanzibra printer").did_you_mean is None
    assert house.complete("zan").words == ()


def test_a_tag_narrows_the_answer(filled: House) -> None:
    filled.put("hr", "Wi-Fi at home", tags=("rumah", "wi-fi"))

    assert keys(filled.search("wifi", tag="rumah")) == ["hr"]
    assert keys(filled.search(tag="rumah")) == ["hr"]
    assert filled.search("wifi", tag="rum") == filled.search(tag="rum") == []


def test_the_total_counts_what_is_not_shown(filled: House) -> None:
    for number in range(4):
        filled.put(f"p{number}", f"Printer {number}")

    assert filled.find("printer", limit=2).total == 5
    assert filled.find("printer", limit=9).total == 5


# -- completion ----------------------------------------------------------------------------------


def test_a_word_begun_is_completed_from_the_articles(filled: House) -> None:
    found = filled.complete("laptop lam")

    assert found.words == ("laptop lambat",)
    assert [article.key for article in found.articles] == ["lambat"]


def test_a_finished_word_is_not_completed(filled: House) -> None:
    assert filled.complete("printer ").words == ()
    assert [article.key for article in filled.complete("printer ").articles] == ["printer"]


def test_an_article_in_two_languages_is_proposed_once(filled: House) -> None:
    assert [article.key for article in filled.complete("wi").articles] == ["wifi"]


@pytest.mark.parametrize("q", ["?", " ", "-", "%", "\u202e", "x" * 200])
def test_a_strange_beginning_is_completed_by_nothing(filled: House, q: str) -> None:
    assert filled.complete(q) == contract.Completions(words=(), articles=())


# -- the log of questions ------------------------------------------------------------------------


def test_what_was_asked_is_written_by_the_next_round_without_who_asked(filled: House) -> None:
    filled.search("Printer jam please", language="en")
    filled.search("gimana qqqqqqqq")
    filled.search()

    assert filled.asked.write(filled.database) == 2
    assert filled.asked.write(filled.database) == 0

    with filled.database.read() as tx:
        rows = tx.session.execute(sa.select(search_log).order_by(search_log.c.serial)).all()
    assert [(row.text, row.language, row.hits, row.audience, row.asked_at) for row in rows] == [
        ("Printer jam please", "en", 1, "public", NOW),
        ("gimana qqqqqqqq", "id", 0, "public", NOW),
    ]
    assert rows[1].words == "qqqqqqqq"


def test_what_was_asked_long_ago_is_forgotten(filled: House) -> None:
    filled.search("printer")
    filled.asked.write(filled.database)

    assert handlers.forget_searches(filled.database, days=1) == 0
    assert handlers.forget_searches(filled.database, days=-1) == 1


# -- replicas ------------------------------------------------------------------------------------


def test_another_replica_finds_after_its_next_round(filled: House) -> None:
    other = House(filled.database)

    other.refresh()

    assert len(other.replica.index) == len(BOTH)
    assert keys(other.search("printer")) == ["printer"]


def test_a_large_backlog_is_taken_in_batch_by_batch(house: House) -> None:
    for number in range(30):
        house.put(f"a{number}", f"Article {number}")
    other = House(house.database)

    other.refresh(batch=12)

    assert len(other.replica.index) == 30
    assert other.replica.seen == 30


def test_a_question_takes_in_a_few_changes_and_leaves_a_backlog_to_the_rounds(
    house: House,
) -> None:
    for number in range(30):
        house.put(f"a{number}", f"Article {number}")
    other = House(house.database)

    other.search("article")

    assert len(other.replica.index) == CHANGES_BEFORE_A_QUESTION


def test_a_withdrawn_article_is_not_found_even_by_a_replica_that_has_not_heard(
    filled: House,
) -> None:
    behind = House(filled.database)
    behind.refresh()
    filled.put("printer", "Printer jam", "Secret.", audience="internal")

    with filled.database.read() as tx:
        behind.replica.catch_up = lambda *_args, **_facts: 0  # type: ignore[method-assign]
        question = contract.SearchArticles(q="printer")
        hits = handlers.search_articles(question, tx=tx, replica=behind.replica, asked=behind.asked)

    assert hits.items == ()


def test_a_question_asked_of_an_index_that_is_behind_is_asked_once_more(filled: House) -> None:
    behind = House(filled.database)
    behind.refresh()
    filled.put("toner", "Printer toner")
    filled.put("printer", "Printer jam", status="archived", role="lead", note="Old.")

    assert keys(behind.search("printer")) == ["toner"]
    assert keys(behind.suggest("no toner in the printer")) == ["toner"]
    assert [article.key for article in behind.complete("prin").articles] == ["toner"]


def test_a_question_is_asked_once_more_when_somebody_else_brought_the_index_forward(
    filled: House,
) -> None:
    other = House(filled.database)
    other.refresh()
    filled.put("toner", "Printer toner")
    searched: list[Found] = []

    with filled.database.read() as tx:

        def search() -> Found:
            searched.append(
                other.replica.index.search("toner", audiences=Reader(), languages=["en"])
            )
            other.replica.catch_up(partial(changes_of, tx), limit=10)
            return searched[-1]

        found, read = ask(search, Reader(), tx=tx, replica=other.replica)

    assert [len(each.hits) for each in searched] == [0, 1]
    assert [read[hit.id].key for hit in found.hits] == ["toner"]


READERS = {
    "requester": Reader(),
    "agent": Reader(audience="internal"),
    "network agent": Reader(audience="internal", groups=frozenset({"network"})),
    "agent of two groups": Reader(audience="internal", groups=frozenset({"network", "hr"})),
    "lead": Reader(audience="all"),
}


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_only_what_a_reader_may_read_is_read_for_them(house: House, reader: Reader) -> None:
    house.put("open", "Printer")
    house.put("inner", "Printer", audience="internal")
    house.put("network", "Printer", audience="group", groups=("network",))
    house.put("hr", "Printer", audience="group", groups=("hr", "payroll"))
    house.put("draft", "Printer", status="draft")
    with house.database.read() as tx:
        every = changes_after(tx.connection, 0, limit=99)
        newest, read = shown(tx.connection, ids=[each.id for each in every], reader=reader)
        nothing = shown(tx.connection, ids=[], reader=reader)

    expected = {each.key for each in every if each.is_published and each.label in reader}
    assert {article.key for article in read.values()} == expected
    assert newest == every[-1].change_number
    assert nothing == (newest, {})


def test_without_articles_there_is_no_change_to_take_in(house: House) -> None:
    with house.database.read() as tx:
        assert shown(tx.connection, ids=["x"], reader=Reader()) == (0, {})


def test_a_rebuild_answers_from_the_old_index_until_the_new_one_is_equal(filled: House) -> None:
    filled.refresh()
    old = filled.replica.index

    filled.replica.rebuild()
    with filled.database.read() as tx:
        changes = partial(changes_after, tx.connection)
        filled.replica.rebuild_further(lambda after, limit: changes(after, limit=limit), limit=2)
    assert filled.replica.index is old
    assert keys(filled.search("printer")) == ["printer"]
    filled.put("new", "Printer driver")
    filled.refresh(batch=2)

    assert filled.replica.index is not old
    assert sorted(keys(filled.search("printer"))) == ["new", "printer"]


# -- who may read what ---------------------------------------------------------------------------

PUBLIC = [
    (f"p{number}", f"Printer model {number}", f"Install driver {number}, then restart.")
    for number in range(6)
]
HIDDEN = [
    ("h1", "Printer admin password", "The printer vault is zanzibar.", {"audience": "internal"}),
    ("h2", "Firewall rules", "Printer driver restart install.", {"audience": "internal"}),
    ("h3", "Printer draft", "Zanzibar printer driver.", {"status": "draft"}),
    ("h4", "Printer past", "Old printer driver.", {"status": "archived"}),
    (
        "h5",
        "Printer vault of security",
        "Zanzibar printer restart.",
        {"audience": "group", "groups": ("security",)},
    ),
]
# What agents may not read; the rest of the hidden articles stand in both houses.
RESTRICTED = ("h5",)
QUESTIONS = [
    *("", "printer", "driver restart", "zanzibar", "zanzi", "zanzibra"),
    *("firewall", "firewal", "pri", "old vault"),
]


@pytest.fixture
def twins(house: House, tmp_path: Path) -> Iterator[tuple[House, House]]:
    """The same desk with and without articles that requesters may not read."""
    url = f"sqlite:///{tmp_path / 'twin.db'}"
    upgrade("services.kb", url)
    plain = House(Database(url, Base.metadata, timekeeper=StoppedClock()))
    for hidden, article in zip_longest(HIDDEN, PUBLIC):
        if hidden:
            key, title, body, facts = hidden
            house.put(key, title, body, **facts)
        for each in (house, plain):
            each.put(*article)
        rewrite(house, article[0])
    yield house, plain
    plain.database.close()


def rewrite(house: House, key: str) -> None:
    """Let a next version of a published article be written, full of words of its own."""
    spec = contract.WorkingCopySpec(
        key=key,
        language="en",
        title="Printer vault zanzibar",
        body="Firewall printer driver, zanzibar restart.",
        tags=("firewall", "vault"),
        category="hidden",
        actor=DEWI,
        role="agent",
    )
    house.do(handlers.put_working_copy, spec)
    file = {"name": "zanzibar.txt", "media_type": "text/plain", "content": "emFuemliYXI="}
    where = {"key": key, "language": "en", "actor": DEWI, "role": "agent", "working_copy": True}
    house.do(handlers.put_attachment, contract.PutAttachment(**where, **file))


@pytest.fixture
def agents_twins(twins: tuple[House, House]) -> tuple[House, House]:
    """The same, but agents may read all that one house has more, except what is for a group."""
    for key, title, body, facts in HIDDEN:
        if key not in RESTRICTED:
            twins[1].put(key, title, body, **facts)
    return twins


def test_hidden_articles_leave_no_trace_in_what_requesters_are_told(
    twins: tuple[House, House],
) -> None:
    with_hidden, without = twins

    for q in QUESTIONS:
        # In a list of equally old articles the ids, which differ, decide the order.
        assert by_key(with_hidden.search(q)) == by_key(without.search(q)), q
    for q in QUESTIONS[1:]:
        assert keys(with_hidden.search(q)) == keys(without.search(q)), q
        assert with_hidden.suggest(q) == without.suggest(q), q


def test_articles_of_a_group_leave_no_trace_in_what_other_agents_are_told(
    agents_twins: tuple[House, House],
) -> None:
    with_group, without = agents_twins
    reader = {"audience": "internal", "groups": ("network",)}

    for q in QUESTIONS:
        assert by_key(with_group.search(q, **reader)) == by_key(without.search(q, **reader)), q
    for q in QUESTIONS[1:]:
        assert with_group.suggest(q, **reader) == without.suggest(q, **reader), q
    lists = [house.ask(handlers.list_articles, LIST) for house in (with_group, without)]
    assert lists[0].counts == lists[1].counts
    assert {line.key for line in lists[0].items} == {line.key for line in lists[1].items}


LIST = contract.ListArticles(audience="internal", groups=("network",))


def test_hidden_articles_leave_no_trace_in_corrections_completions_and_counts(
    twins: tuple[House, House],
) -> None:
    with_hidden, without = twins

    for q in QUESTIONS[1:]:
        one, other = with_hidden.find(q), without.find(q)
        assert (one.total, one.did_you_mean) == (other.total, other.did_you_mean), q
        assert with_hidden.find(q, limit=1).total == without.find(q, limit=1).total, q
        assert with_hidden.complete(q) == without.complete(q), q


def test_hidden_articles_leave_no_trace_in_what_the_hotline_says(
    twins: tuple[House, House],
) -> None:
    with_hidden, without = twins

    for q in QUESTIONS[1:]:
        assert said(with_hidden.chat(q, "no", "1", q)) == said(without.chat(q, "no", "1", q)), q


READING_QUESTIONS = {
    "get_article": (handlers.get_article, contract.GetArticle, {}),
    "list_attachments": (handlers.list_attachments, contract.ListAttachments, {}),
    "its files": (handlers.list_attachments, contract.ListAttachments, {"working_copy": True}),
    "get_attachment": (
        handlers.get_attachment,
        contract.GetAttachment,
        {"name": "zanzibar.txt"},
    ),
    "its file": (
        handlers.get_attachment,
        contract.GetAttachment,
        {"name": "zanzibar.txt", "working_copy": True},
    ),
    "get_working_copy": (
        handlers.get_working_copy,
        contract.GetWorkingCopy,
        {"audience": "public"},
    ),
    "compare_working_copy": (
        handlers.compare_working_copy,
        contract.GetWorkingCopy,
        {"audience": "public"},
    ),
    "list_revisions": (handlers.list_revisions, contract.ListRevisions, {"audience": "public"}),
    "compare_revisions": (
        handlers.compare_revisions,
        contract.CompareRevisions,
        {"audience": "public"},
    ),
    "get_article_use": (handlers.get_article_use, contract.GetArticleUse, {"audience": "public"}),
}


@pytest.mark.parametrize("name", READING_QUESTIONS)
def test_hidden_articles_and_working_copies_leave_no_trace_for_who_knows_the_key(
    twins: tuple[House, House], name: str
) -> None:
    handler, kind, facts = READING_QUESTIONS[name]

    for key in [*(each[0] for each in HIDDEN), *(each[0] for each in PUBLIC), "nothing"]:
        asked = kind(key=key, language="en", **facts)
        one, other = (answer_or_refusal(house, handler, asked) for house in twins)
        assert one == other, key


def test_lists_and_reports_of_writers_are_closed_to_requesters(
    twins: tuple[House, House],
) -> None:
    for handler, asked in (
        (handlers.list_articles, contract.ListArticles(audience="public")),
        (handlers.list_articles, contract.ListArticles(audience="public", working_copy=("draft",))),
        (handlers.report_stale_articles, contract.ReportStaleArticles(audience="public")),
    ):
        one, other = (answer_or_refusal(house, handler, asked) for house in twins)
        assert one == other
        assert one[0] == "invalid"


def test_working_copies_leave_no_trace_in_what_agents_are_told_either(
    agents_twins: tuple[House, House],
) -> None:
    """One house has working copies of all that is public, and what is for another group."""
    with_copies, without = agents_twins
    reader = {"audience": "internal", "groups": ("network",)}

    for q in QUESTIONS[1:]:
        one, other = with_copies.find(q, **reader), without.find(q, **reader)
        assert (one.total, one.did_you_mean) == (other.total, other.did_you_mean), q
        one, other = with_copies.complete(q, **reader), without.complete(q, **reader)
        assert set(one.words) == set(other.words), q
        assert set(one.articles) == set(other.articles), q


def answer_or_refusal(house: House, handler: Any, asked: Any) -> Any:
    try:
        answer = house.ask(handler, asked)
    except WireError as refused:
        return refused.code, refused.facts
    # What differs between two houses of the same kind.
    return {
        name: value for name, value in to_plain(answer).items() if name not in {"version", "owner"}
    }


def said(chat: contract.Chat) -> list[tuple[object, ...]]:
    return [
        (each.kind, each.text, each.articles, each.excerpt, each.confidence)
        for each in chat.messages
    ]


def by_key(hits: list[contract.Hit]) -> dict[str, contract.Hit]:
    return {hit.key: hit for hit in hits}


def test_agents_are_told_of_internal_articles(twins: tuple[House, House]) -> None:
    assert "h1" in keys(twins[0].search("zanzibar", audience="internal"))
    assert "h1" in keys(twins[0].suggest("admin password", audience="internal"))
