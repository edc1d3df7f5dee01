"""What is found, and in which order."""

import threading

import pytest

from services.kb import lexicon
from services.kb.index.engine import Found, SearchIndex
from services.kb.index.shelf import Document

LEXICONS = lexicon.load()


def document(name: str, title: str, body: str = "", **facts: object) -> Document:
    given = {"language": "en", "audience": "public"} | facts
    return Document(id=name, title=title, body=body, **given)


def index(*documents: Document) -> SearchIndex:
    made = SearchIndex(LEXICONS)
    for each in documents:
        made.put(each)
    return made


def ask(made: SearchIndex, text: str, **facts: object) -> Found:
    given = {"audiences": {"public"}, "languages": ["en"]} | facts
    return made.search(text, **given)


def ids(found: Found) -> list[str]:
    return [hit.id for hit in found.hits]


def test_a_word_in_the_title_beats_it_in_tags_and_that_beats_it_in_the_body() -> None:
    made = index(
        document("body", "Other", "all about vpn today"),
        document("tags", "Other", tags=("vpn",)),
        document("title", "VPN"),
    )

    assert ids(ask(made, "vpn")) == ["title", "tags", "body"]


def test_question_words_tell_titles_apart() -> None:
    made = index(
        document("what", "What is a proxy", "proxy"),
        document("where", "Where is the proxy", "proxy"),
    )

    assert ids(ask(made, "where is the proxy"))[0] == "where"


def test_a_stop_word_alone_finds_titles_only() -> None:
    made = index(document("a", "Printer", "how where the"), document("b", "How to scan"))

    assert ids(ask(made, "how")) == ["b"]


def test_a_mistyped_word_finds_what_was_meant_and_says_so() -> None:
    made = index(document("a", "Reset your password"), document("b", "Printer"))

    found = ask(made, "pasword")

    assert ids(found) == ["a"]
    assert found.corrections == {"pasword": "password"}


def test_a_known_word_is_never_corrected() -> None:
    made = index(document("a", "Form"), document("b", "From printer to fork"))

    assert ask(made, "form").corrections == {}


def test_a_word_of_the_other_language_is_no_mistake() -> None:
    made = index(
        document("en", "Printer queue"), document("id", "Cara mengatur layar", language="id")
    )

    found = ask(made, "layar printer", languages=["id", "en"])

    assert found.corrections == {}
    assert sorted(ids(found)) == ["en", "id"]


def test_the_beginning_of_a_word_finds_while_it_is_typed() -> None:
    made = index(document("a", "Projector in meeting rooms"), document("b", "Printer"))

    assert ids(ask(made, "proj", is_typing=True)) == ["a"]
    assert ids(ask(made, "proj")) == []


def test_a_mistyped_last_word_is_corrected_when_nothing_begins_so() -> None:
    made = index(document("a", "Reset your password"))

    assert ids(ask(made, "pasword", is_typing=True)) == ["a"]


def test_only_articles_named_for_it_when_that_is_asked() -> None:
    made = index(
        document("title", "Printer jam"),
        document("tags", "Paper", tags=("printer",)),
        document("body", "How to pay", "how to pay for a printer"),
    )

    assert sorted(ids(ask(made, "how to printer", must_be_named=True))) == ["tags", "title"]


def test_a_finished_word_is_not_completed() -> None:
    made = index(document("a", "Printers"), document("b", "Printmaking"))

    assert ids(ask(made, "printers ", is_typing=True)) == ["a"]


def test_an_article_put_again_is_found_by_its_new_words_only() -> None:
    made = index(document("a", "Old title"), document("a", "New title"))

    assert ids(ask(made, "old")) == []
    assert ids(ask(made, "new")) == ["a"]
    assert len(made) == 1


def test_an_article_can_change_its_audience_and_language() -> None:
    made = index(document("a", "Printer"), document("a", "Printer", audience="internal"))

    assert ids(ask(made, "printer")) == []
    assert ids(ask(made, "printer", audiences={"public", "internal"})) == ["a"]


def test_a_removed_article_is_gone_and_removing_it_again_is_fine() -> None:
    made = index(document("a", "Printer"))

    made.remove("a")
    made.remove("a")

    assert ask(made, "printer") == Found((), 0, {}, {})


def test_only_the_wanted_category_is_found() -> None:
    made = index(
        document("a", "Printer", category="printing"), document("b", "Printer", category="other")
    )

    found = ask(made, "printer", category="printing")

    assert (ids(found), found.total) == (["a"], 1)


def test_equal_scores_are_ordered_by_id_whatever_came_first() -> None:
    titles = [document(name, "Printer") for name in "cab"]

    assert ids(ask(index(*titles), "printer", limit=2)) == ["a", "b"]


def test_the_total_counts_all_matches_not_only_those_shown() -> None:
    found = ask(index(*(document(str(n), "Printer") for n in range(30))), "printer", limit=3)

    assert (len(found.hits), found.total) == (3, 30)


@pytest.mark.parametrize("text", ["", "   ", "?!", "🙂", "zzzzqqqq", "\x00"])
def test_a_text_that_says_nothing_finds_nothing(text: str) -> None:
    assert ids(ask(index(document("a", "Printer")), text, is_typing=True)) == []


def test_a_long_text_is_searched_by_its_rarest_words() -> None:
    common = " ".join(f"word{number}" for number in range(80))
    made = index(document("a", "Kerberos"), *(document(str(n), common) for n in range(20)))

    assert ids(ask(made, f"{common} kerberos", most_words=1)) == ["a"]


def twin(*, was_changed: bool) -> SearchIndex:
    made = SearchIndex(LEXICONS)
    if was_changed:
        for number in range(40):
            made.put(document(f"d{number}", "Old printer words", "gone forever " * 5))
        made.put(document("extra", "Printer extra"))
        made.remove("extra")
    for number in range(40):
        made.put(document(f"d{number}", f"Printer {number % 7}", "driver cable " * (number % 5)))
    return made


@pytest.mark.parametrize(
    "text", ["printer driver", "prnter", "cable 3", "driv", "forever", "extra"]
)
def test_an_index_that_was_changed_answers_as_one_built_afresh(text: str) -> None:
    changed, fresh = twin(was_changed=True), twin(was_changed=False)

    assert ask(changed, text, is_typing=True) == ask(fresh, text, is_typing=True)


HIDDEN = [
    document(
        "x1", "Firewall bypass for administrators", "printer secret zebra", audience="internal"
    ),
    document("x2", "Printer printer printer", "internal cable", audience="internal"),
]
SHOWN = [document(f"s{n}", f"Printer model {n}", "driver zebro " * n) for n in range(5)]


@pytest.mark.parametrize(
    "text",
    ["printer", "firewall", "firewal", "zebra", "zeb", "cable", "printer secret driver", "fire"],
)
@pytest.mark.parametrize("is_typing", [True, False], ids=["typing", "finished"])
def test_hidden_articles_change_nothing_in_a_requesters_answer(text: str, is_typing: bool) -> None:
    with_hidden, without = index(*SHOWN, *HIDDEN), index(*SHOWN)

    assert ask(with_hidden, text, is_typing=is_typing) == ask(without, text, is_typing=is_typing)


def test_agents_find_public_and_internal_articles_in_one_order() -> None:
    found = ask(index(*SHOWN, *HIDDEN), "printer", audiences={"public", "internal"})

    assert ids(found)[0] == "x2"
    assert len(found.hits) == 7


def test_questions_are_answered_while_articles_change_on_another_thread() -> None:
    made = index(*SHOWN)
    failures: list[Exception] = []

    def change() -> None:
        for number in range(300):
            made.put(document(f"s{number % 9}", f"Printer {number}", "driver " * 20))

    def question() -> None:
        try:
            for _ in range(300):
                assert ids(ask(made, "printer driver"))
        except Exception as error:  # noqa: BLE001
            failures.append(error)

    threads = [threading.Thread(target=work) for work in (change, question, question)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
