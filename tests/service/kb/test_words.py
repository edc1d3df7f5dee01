"""The desk's own words: saved as data, learned by every replica."""

from functools import partial

import pytest

from contracts import kb as contract
from contracts.errors import Conflict, Invalid
from services.kb import handlers
from tests.service.kb.house import NOW, House, keys

COURIER = contract.Spelling(written="ekspedisi", variants=("Paket Om", "kurir"))


def test_a_saved_word_is_understood_after_the_next_round(house: House) -> None:
    house.put("lewat", "Biaya ekspedisi", "Tagihan pengiriman.", language="id")
    assert keys(house.search("kurir")) == []

    house.put_words(spellings=(COURIER,))
    house.refresh()

    assert keys(house.search("paket om mahal")) == ["lewat"]


def test_every_replica_goes_over_to_the_saved_words(house: House) -> None:
    house.put("lewat", "Biaya ekspedisi", "Tagihan pengiriman.", language="id")
    other = House(house.database)
    other.refresh()

    house.put_words(spellings=(COURIER,))
    other.refresh()

    assert keys(other.search("kurir")) == ["lewat"]


def test_while_an_index_goes_over_the_old_words_answer(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(60):
        house.put(f"a{number}", f"Biaya ekspedisi {number}", language="id")
    house.refresh()
    house.put_words(spellings=(COURIER,))
    monkeypatch.setattr("services.kb.handlers.search.ROUND_SECONDS", 0.0)

    answers = []
    while not house.search("kurir", limit=1):
        answers.append(len(house.search("ekspedisi", limit=100)))
        house.refresh(batch=25)

    assert len(answers) > 1
    assert set(answers) == {60}


def test_a_word_that_says_little_needs_a_letter_or_a_digit(house: House) -> None:
    with pytest.raises(Invalid) as refused:
        house.put_words(stop_words=("dong", "???"))

    assert refused.value.facts["errors"] == {"stop_words.1": ["Needs a letter or a digit."]}


def test_the_desks_own_word_goes_before_a_packaged_one(house: House) -> None:
    house.put("slow", "Laptop terasa lambat", language="id")
    house.put("lemot", "Lemot, aplikasi catatan", language="id")
    house.put_words(spellings=(contract.Spelling(written="lemot", variants=("lemot",)),))
    house.refresh()

    assert keys(house.search("lemot")) == ["lemot"]


def test_words_are_shown_beside_those_that_come_with_the_desk(house: House) -> None:
    saved = house.put_words(spellings=(COURIER,), stop_words=("Dong",), version=0)

    assert (saved.version, saved.updated_at, saved.updated_by) == (1, NOW, "rini@example.com")
    assert saved.spellings == (
        contract.Spelling(written="ekspedisi", variants=("paket om", "kurir")),
    )
    assert saved.stop_words == ("dong",)
    packaged = {each.written: each.variants for each in saved.packaged_spellings}
    assert "lemot" in packaged["lambat"]
    with house.database.read() as tx:
        question = contract.GetWords(language="id")
        assert handlers.get_words(question, tx=tx, replica=house.replica) == saved


def test_the_same_words_again_are_no_new_version(house: House) -> None:
    first = house.put_words(spellings=(COURIER,))

    assert house.put_words(spellings=(COURIER,)) == first


def test_words_that_somebody_else_saved_are_not_overwritten_unseen(house: House) -> None:
    house.put_words(spellings=(COURIER,), version=0)

    with pytest.raises(Conflict) as refused:
        house.put_words(stop_words=("dong",), version=0)

    assert refused.value.code == "stale_version"
    assert house.put_words(stop_words=("dong",), version=1).version == 2


@pytest.mark.parametrize(
    ("spelling", "field"),
    [
        (contract.Spelling(written="a", variants=("x", "X")), "spellings.0.variants.1"),
        (contract.Spelling(written="a", variants=("?!",)), "spellings.0.variants.0"),
        (contract.Spelling(written=" - ", variants=("x",)), "spellings.0.written"),
    ],
)
def test_a_word_that_cannot_be_looked_for_is_refused(
    house: House, spelling: contract.Spelling, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        house.put_words(spellings=(spelling,))

    assert list(refused.value.errors) == [field]


def test_a_sentence_is_read_with_the_words_that_are_saved_now(house: House) -> None:
    def read(text: str) -> list[str]:
        question = contract.ReadText(text=text, language="id")
        found = house.ask(partial(handlers.read_text, replica=house.replica), question)
        return [each.written for each in found.items]

    assert read("biru zzlemot") == ["biru", "zzlemot"]

    house.put_words(spellings=(contract.Spelling(written="lambat", variants=("zzlemot",)),))

    assert read("biru zzlemot") == ["biru", "lambat"]
