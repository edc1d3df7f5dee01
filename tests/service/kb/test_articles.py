"""Articles: written, revised, translated, shown."""

import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from contracts import kb as contract
from contracts.errors import NotFound
from contracts.grammar import Nothing
from contracts.intake import Actor, Resolution, TicketResolved
from services.kb import handlers
from services.kb.models import Base, articles, readings, resolutions, revisions
from tests.service.kb.house import DEWI, NOW, House


def rows(house: House, table: sa.Table) -> list[sa.Row]:
    with house.database.read() as tx:
        return list(tx.session.execute(sa.select(table)))


def announced(house: House) -> list[tuple[str, dict]]:
    return [(row.name, json.loads(row.body)) for row in rows(house, house.database.tables.outbox)]


def test_the_migrated_database_has_the_tables_of_the_models(house: House) -> None:
    found = sa.inspect(house.database.engine)

    for table in Base.metadata.sorted_tables:
        assert {column["name"] for column in found.get_columns(table.name)} == set(
            table.columns.keys()
        )
        assert {index["name"] for index in found.get_indexes(table.name)} >= {
            index.name for index in table.indexes
        }


def test_a_new_article_is_published_and_told(house: House) -> None:
    made = house.put("vpn", "VPN from home", "Open **Connect**.", tags=(" vpn ", "vpn", "rumah"))

    assert made == contract.Article(
        key="vpn",
        language="en",
        title="VPN from home",
        body="Open **Connect**.",
        status="published",
        audience="public",
        category=None,
        tags=("vpn", "rumah"),
        revision=1,
        owner="rini@example.com",
        updated_at=NOW,
        languages=("en",),
        version=1,
        review_at=NOW + timedelta(days=180),
        published_at=NOW,
        transitions=("draft", "archived"),
    )
    assert announced(house) == [
        (
            "article.published.v1",
            {
                "key": "vpn",
                "language": "en",
                "revision": 1,
                "title": "VPN from home",
                "audience": "public",
                "published_at": "2026-02-28T16:59:59.999999Z",
                "groups": [],
            },
        )
    ]


def test_a_changed_article_keeps_its_owner_and_every_revision(house: House) -> None:
    house.put("vpn", "VPN", "First.")
    changed = house.put("vpn", "VPN", "Second.", actor=DEWI)

    assert (changed.revision, changed.owner, changed.body) == (2, "rini@example.com", "Second.")
    kept = sorted((row.revision, row.author, row.body) for row in rows(house, revisions))
    assert kept == [(1, "rini@example.com", "First."), (2, "dewi@example.com", "Second.")]


def test_an_article_put_again_unchanged_is_no_revision_and_no_news(house: House) -> None:
    first = house.put("vpn", "VPN")

    assert house.put("vpn", "VPN", actor=DEWI) == first
    assert len(announced(house)) == 1


@pytest.mark.parametrize("status", ["draft", "review", "archived"])
def test_what_is_not_published_is_kept_but_not_told_and_not_found(
    house: House, status: str
) -> None:
    house.put("vpn", "VPN", status=status)

    assert announced(house) == []
    assert house.search("vpn", audience="internal") == []
    assert house.search(audience="internal") == []
    assert house.get("vpn", language="en", audience="internal").status == status
    with pytest.raises(NotFound):
        house.get("vpn", language="en")


def test_one_article_in_two_languages_names_both(house: House) -> None:
    house.put("vpn", "VPN from home")
    made = house.put("vpn", "VPN dari rumah", language="id")

    assert made.languages == ("en", "id")
    assert house.get("vpn", language="en").title == "VPN from home"


def test_without_the_wanted_language_the_other_one_is_shown(house: House) -> None:
    house.put("vpn", "VPN from home")

    assert house.get("vpn", language="id").language == "en"


def test_a_published_version_is_shown_before_a_draft_in_the_wanted_language(house: House) -> None:
    house.put("vpn", "VPN from home")
    house.put("vpn", "VPN dari rumah", language="id", status="draft")

    assert house.get("vpn", language="id", audience="internal").language == "en"


def test_an_internal_article_is_as_unknown_to_requesters_as_none(house: House) -> None:
    house.put("secret", "Firewall", audience="internal")

    with pytest.raises(NotFound) as hidden:
        house.get("secret", language="en")
    with pytest.raises(NotFound) as missing:
        house.get("nothing", language="en")

    assert hidden.value.code == missing.value.code == "article_not_found"
    assert house.get("secret", language="en", audience="internal").title == "Firewall"


def test_an_internal_translation_is_not_named_to_requesters(house: House) -> None:
    house.put("vpn", "VPN from home")
    house.put("vpn", "VPN untuk agen", language="id", audience="internal")

    assert house.get("vpn", language="id").languages == ("en",)


def test_two_writers_of_one_new_article_make_one_article(house: House) -> None:
    failures: list[Exception] = []

    def write(body: str) -> None:
        try:
            house.put("vpn", "VPN", body)
        except Exception as error:  # noqa: BLE001
            failures.append(error)

    writers = [threading.Thread(target=write, args=(f"Text {n}.",)) for n in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert failures == []
    (kept,) = rows(house, articles)
    assert kept.revision == 4


def test_a_reading_is_remembered_and_one_of_nothing_is_dropped(house: House) -> None:
    made = house.put("vpn", "VPN")
    assert made.revision == 1
    for key in ("vpn", "nothing"):
        reading = contract.RecordReading(key=key, language="en", reader="ani@example.com")
        assert house.do(handlers.record_reading, reading) == Nothing()

    (kept,) = rows(house, readings)
    assert (kept.reader, kept.read_at, kept.helpful) == ("ani@example.com", NOW, None)


def resolved(seq: int, article: str | None) -> TicketResolved:
    return TicketResolved(
        ticket_id="t-1",
        number="INC-1001-7",
        seq=seq,
        occurred_at=datetime(2026, 2, 28, tzinfo=UTC),
        actor=Actor(kind="agent", id="rini@example.com"),
        was="in_progress",
        resolution=Resolution(text="Selesai.", code="permanent_fix", cause="wear", article=article),
    )


@pytest.mark.parametrize("order", [(3, 7), (7, 3)], ids=["in order", "out of order"])
def test_the_last_resolution_of_a_ticket_counts(house: House, order: tuple[int, int]) -> None:
    for seq in order:
        with house.database.write() as tx:
            handlers.keep_resolution(resolved(seq, "vpn" if seq == 7 else None), tx=tx)

    (kept,) = rows(house, resolutions)
    assert (kept.seq, kept.article_key) == (7, "vpn")
