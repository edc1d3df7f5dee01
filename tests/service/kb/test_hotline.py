"""The hotline: answered from articles, handed over to a person, out of hours."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml

from chassis.database import Database
from chassis.migrate import upgrade
from contracts import kb as contract
from contracts.errors import Conflict, NotFound
from contracts.grammar import to_plain
from deploy.demo.articles import read_articles
from deploy.demo.desk import read_desk
from services.kb import handlers
from services.kb.models import Base, readings
from services.sla.domain.calendar import read_calendar
from services.sla.domain.timetable import Timetable
from tests.service.kb.house import House, StoppedClock

ANI = "ani@example.com"
SCRIPT = yaml.safe_load((Path(__file__).parent / "hotline.yaml").read_text("utf-8"))
_NAMES = [f"{number} {turns[0]['say']}" for number, turns in enumerate(SCRIPT, 1)]
_READERS = sa.select(readings.c.reader)
OFFICE_HOURS = datetime(2026, 1, 5, 3, tzinfo=UTC)  # Monday, ten in Jakarta


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Kb with the articles of the demo."""
    url = f"sqlite:///{tmp_path_factory.mktemp('kb') / 'hotline.db'}"
    upgrade("services.kb", url)
    house = House(Database(url, Base.metadata, timekeeper=StoppedClock()))
    for article in read_articles():
        house.put(
            article.key,
            article.title,
            article.body,
            language=article.lang,
            audience=article.audience,
            tags=article.tags,
        )
    house.refresh()
    yield house
    house.database.close()


@pytest.fixture(scope="module")
def timetable() -> Timetable:
    spec = next(each for each in read_desk().calendars if each.key == "jakarta-office-hours")
    return Timetable(read_calendar(to_plain(spec), version=1))


class Talk:
    """Ani's conversation."""

    def __init__(self, house: House, **facts: Any) -> None:
        self.house = house
        command = contract.OpenChat(requester=ANI, **facts)
        self.chat: contract.Chat = house.do(handlers.open_chat, command)

    @property
    def last(self) -> contract.ChatMessage:
        return self.chat.messages[-1]

    @property
    def outcome(self) -> str:
        if self.last.kind == "answer":
            return self.last.articles[0].key
        return f"person: {self.last.reason}" if self.last.kind == "hand_over" else self.last.kind

    def say(self, text: str, **facts: Any) -> "Talk":
        command = contract.SayInChat(chat=self.chat.id, requester=ANI, text=text, **facts)
        say = partial(handlers.say_in_chat, replica=self.house.replica)
        self.chat = self.house.do(say, command)
        return self

    def hand_over(self, **facts: Any) -> "Talk":
        command = contract.HandOverChat(
            chat=self.chat.id, requester=ANI, ticket="INC-1001-7", **facts
        )
        self.chat = self.house.do(handlers.hand_over_chat, command)
        return self


def test_the_script_has_sixty_conversations_in_both_languages() -> None:
    assert len(SCRIPT) == 60


@pytest.mark.parametrize("turns", SCRIPT, ids=_NAMES)
def test_a_conversation_goes_as_the_script_says(
    desk: House, timetable: Timetable, turns: list[dict[str, str]]
) -> None:
    talk = Talk(desk)
    for turn in turns:
        assert talk.say(turn["say"]).outcome in turn["gets"].split("|")
        assert talk.last.is_automatic
        if talk.last.kind == "answer":
            assert talk.last.confidence
            assert talk.last.excerpt in _body_of(desk, talk.last.articles[0]) or "…" in (
                talk.last.excerpt
            )

    if talk.chat.state == "handing_over":
        at = datetime.fromisoformat(turns[-1].get("at", OFFICE_HOURS.isoformat()))
        is_open = timetable.is_open(at)
        opens_at = None if is_open else timetable.next_opening(at)
        talk.hand_over(is_open=is_open, opens_at=opens_at, zone=timetable.calendar.zone)
        assert is_open is ("opens" not in turns[-1])
        assert turns[-1].get("opens", "INC-1001-7") in talk.last.text


def _body_of(desk: House, article: contract.ChatArticle) -> str:
    return desk.get(article.key, language=article.language).body


def test_it_says_at_once_that_it_is_automatic(desk: House) -> None:
    assert "otomatis" in Talk(desk).last.text
    assert "automatic" in Talk(desk, language="en").last.text


def test_an_answer_names_its_source_and_how_sure_it_is(desk: House) -> None:
    talk = Talk(desk).say("The VPN keeps disconnecting")

    assert talk.last.language == "en"
    assert talk.last.articles == (
        contract.ChatArticle(key="vpn-drops", language="en", title="The VPN keeps disconnecting"),
    )
    assert talk.last.confidence == 1.0
    assert "Move closer to the router" in talk.last.excerpt


def test_articles_for_agents_never_answer_a_requester(desk: House) -> None:
    talk = Talk(desk).say("follow up a phishing report")

    assert "phishing-response" not in {each.key for each in talk.last.articles}


def test_nothing_is_answered_once_a_person_was_asked_for(desk: House) -> None:
    talk = Talk(desk).say("orang").say("laptop lemot")

    assert (talk.chat.state, talk.last.kind) == ("handing_over", "message")


def test_what_is_said_after_the_handover_goes_to_the_ticket(desk: House) -> None:
    talk = Talk(desk).say("orang").hand_over(is_open=True).say("laptop lemot")

    assert (talk.chat.state, talk.chat.ticket) == ("handed_over", "INC-1001-7")
    assert (talk.last.kind, "INC-1001-7" in talk.last.text) == ("relayed", True)


def test_a_handover_told_again_changes_nothing(desk: House) -> None:
    talk = Talk(desk).say("orang").hand_over(is_open=True)
    before = talk.chat

    assert talk.hand_over(is_open=True).chat == before


@pytest.mark.parametrize(
    "texts",
    [
        ("vpn saya putus terus", "tidak membantu", "masih tidak bisa"),
        ("My VPN keeps dropping", "that did not help", "no, still broken"),
        ("My VPN keeps dropping", "My VPN keeps dropping", "my vpn keeps dropping!"),
        ("printer macet", "printer macet", "orang"),
    ],
    ids=" / ".join,
)
def test_whoever_is_not_helped_twice_gets_a_person_and_never_the_same_answer_again(
    desk: House, texts: tuple[str, ...]
) -> None:
    talk = Talk(desk)
    for text in texts:
        talk.say(text)

    assert [each.kind for each in talk.chat.messages if each.is_automatic] == [
        "welcome",
        "answer",
        "ask_back",
        "hand_over",
    ]
    assert talk.last.reason == ("asked" if texts[-1] == "orang" else "two_failed")


def test_another_part_of_the_same_article_is_another_answer(desk: House) -> None:
    talk = Talk(desk).say("printer macet").say("hasil cetak printer buram")

    assert [each.kind for each in talk.chat.messages if each.is_automatic][1:] == [
        "answer",
        "answer",
    ]


def test_without_known_hours_no_hour_is_promised(desk: House) -> None:
    talk = Talk(desk).say("orang").hand_over()

    assert "secepatnya" in talk.last.text


def test_a_chat_that_needs_nobody_is_not_handed_over(desk: House) -> None:
    with pytest.raises(Conflict):
        Talk(desk).hand_over()


def test_a_chat_is_as_unknown_to_others_as_none(desk: House) -> None:
    chat = Talk(desk).chat.id
    for name, who in ((chat, "budi@example.com"), ("nothing", ANI)):
        question = contract.GetChat(chat=name, requester=who)
        with desk.database.read() as tx, pytest.raises(NotFound):
            handlers.get_chat(question, tx=tx)


def test_an_answer_counts_as_a_reading(house: House) -> None:
    house.put("vpn", "VPN from home", "Press connect.")
    Talk(house, language="en").say("vpn from home")

    with house.database.read() as tx:
        assert tx.session.execute(_READERS).scalars().all() == [ANI]


@pytest.mark.parametrize("text", ["?", "🙂", "x" * 4000, "'; DROP TABLE chats; --", "\u202e"])
def test_strange_messages_are_only_text(desk: House, text: str) -> None:
    assert Talk(desk).say(text).chat.messages[1].text == text
