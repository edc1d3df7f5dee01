"""The organisation's own words in the portal, as a browser without scripts edits them."""

import pytest

from contracts import kb
from contracts.errors import Conflict, Invalid
from tests.unit.gateway.fakes import NOW, FakeCaller
from tests.unit.gateway.portal.conftest import Browser

HERE = "/writing/words"
WORDS = kb.OwnWords(
    language="id",
    version=4,
    spellings=(
        kb.Spelling(written="lambat", variants=("lemot", "lelet")),
        kb.Spelling(written="komputer", variants=("komp",)),
    ),
    stop_words=("mohon", "tolong"),
    updated_at=NOW,
    updated_by="lead@nusantara.example",
    packaged_spellings=(kb.Spelling(written="tidak", variants=("gak",)),),
    packaged_stop_words=("yang",),
)
SEEN = {"language": "id", "version": "4"}


@pytest.fixture
def caller(caller: FakeCaller) -> FakeCaller:
    word = kb.WordRead(
        text="<Lemot>", written="lambat", stems=("lambat",), is_respelt=True, is_stop_word=False
    )
    caller.answers |= {
        "get_words": WORDS,
        "put_words": WORDS,
        "read_text": kb.TextRead(language="id", items=(word,)),
    }
    return caller


def saved(caller: FakeCaller) -> kb.WordsSpec:
    spec = caller.last("put_words").question
    assert isinstance(spec, kb.WordsSpec)
    assert (spec.language, spec.version) == ("id", 4)
    return spec


def test_leads_only_see_the_words(lead: Browser, agent: Browser) -> None:
    page = lead.get(f"{HERE}?lang=id").text

    assert "lemot, lelet" in page
    assert "gak" in page
    assert agent.get(HERE).status_code == 403


def test_a_row_is_added_before_the_others_which_stay(lead: Browser, caller: FakeCaller) -> None:
    answer = lead.post(
        HERE, page=HERE, row="new", do="save", written="jaringan", variants="net, inet", **SEEN
    )

    assert answer.headers["location"] == "/writing/words?lang=id&done=saved"
    spec = saved(caller)
    assert spec.spellings[0] == kb.Spelling(written="jaringan", variants=("net", "inet"))
    assert (spec.spellings[1:], spec.stop_words) == (WORDS.spellings, WORDS.stop_words)


def test_a_row_is_changed_or_taken_away(lead: Browser, caller: FakeCaller) -> None:
    lead.post(HERE, page=HERE, row="0", do="save", written="pelan", variants="lemot", **SEEN)
    assert saved(caller).spellings[0] == kb.Spelling(written="pelan", variants=("lemot",))

    lead.post(HERE, page=HERE, row="0", do="remove", **SEEN)
    assert saved(caller).spellings == WORDS.spellings[1:]


def test_words_that_say_little_are_added_and_taken_away(lead: Browser, caller: FakeCaller) -> None:
    lead.post(HERE, page=HERE, row="stop_words", do="save", words="kak, tolong", **SEEN)
    assert saved(caller).stop_words == ("mohon", "tolong", "kak")

    lead.post(HERE, page=HERE, row="stop_words", do="remove", words="mohon", **SEEN)
    assert saved(caller).stop_words == ("tolong",)


@pytest.mark.parametrize(
    ("row", "wrong", "said"),
    [
        ("new", {"written": "x", "variants": " , "}, "Please fill this in."),
        ("1", {"variants": "komp"}, "Please fill this in."),
        ("stop_words", {}, "Please fill this in."),
    ],
)
def test_a_row_that_says_nothing_is_shown_again(
    lead: Browser, caller: FakeCaller, row: str, wrong: dict[str, str], said: str
) -> None:
    answer = lead.post(HERE, page=HERE, row=row, do="save", **SEEN, **wrong)

    assert answer.status_code == 422
    assert said in answer.text
    assert all(asked.operation != "put_words" for asked in caller.asked)


def test_a_word_of_another_row_is_marked_at_the_row_that_was_typed(
    lead: Browser, caller: FakeCaller
) -> None:
    twice = {"errors": {"spellings.1.variants.0": ["Is given twice."]}}
    caller.answers["put_words"] = Invalid("invalid", "", twice)

    page = lead.post(
        HERE, page=HERE, row="0", do="save", written="pc", variants="komp", **SEEN
    ).text

    assert 'id="variants-0-error"' in page
    assert "One of these words stands in another row already." in page
    assert 'value="komp"' in page


def test_rows_that_somebody_else_saved_are_not_overwritten(
    lead: Browser, caller: FakeCaller
) -> None:
    stale = SEEN | {"version": "3"}

    answer = lead.post(HERE, page=HERE, row="1", do="save", written="pc", variants="kompi", **stale)

    assert answer.status_code == 412
    assert all(asked.operation != "put_words" for asked in caller.asked)
    assert 'id="variants-new" name="variants" type="text" value="kompi"' in answer.text


def test_a_race_that_the_service_sees_is_told_the_same_way(
    lead: Browser, caller: FakeCaller
) -> None:
    caller.answers["put_words"] = Conflict("stale_version")

    answer = lead.post(HERE, page=HERE, row="1", do="remove", **SEEN)

    assert answer.status_code == 412


def test_a_sentence_shows_how_it_is_read(lead: Browser, caller: FakeCaller) -> None:
    page = lead.get(f"{HERE}?lang=id&try=%3CLemot%3E").text

    assert caller.last("read_text").question == kb.ReadText(text="<Lemot>", language="id")
    assert "&lt;Lemot&gt;" in page
    assert "→ lambat" in page
