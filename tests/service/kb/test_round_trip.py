"""What one desk exports another one imports: the same articles, languages and files."""

import base64
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import falcon.testing
import pytest

from chassis.database import Database
from chassis.ids import new_id
from chassis.migrate import upgrade
from contracts import kb as contract
from contracts.errors import WireError
from gateway.accounts import Accounts
from gateway.app import create_app
from gateway.clients import Clients
from gateway.models import Base as GatewayBase
from gateway.schemas import TokenBody
from gateway.settings import GatewaySettings
from services.kb import handlers
from services.kb.models import Base
from services.kb.schemas import REFUSALS
from tests.service.kb.house import DEWI, NOW, House, StoppedClock
from tests.service.kb.test_problems import PROBLEM, opened
from tests.unit.gateway.fakes import FakeCaller

ZIP = {"Content-Type": "application/zip"}
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
ASKED = ("get_article", "list_articles", "list_attachments", "get_attachment")
TOLD = ("put_attachment", "remove_attachment")


class Desk:
    """A gateway before one process of kb, as a lead sees it."""

    def __init__(self, house: House, database: Database) -> None:
        self.house = house
        answers = {name: self._wired(house.ask, getattr(handlers, name)) for name in ASKED}
        answers |= {name: self._wired(house.do, getattr(handlers, name)) for name in TOLD}
        put = partial(handlers.put_article, settings=house.settings)
        answers["put_article"] = self._wired(house.do, put)
        settings = GatewaySettings(amqp_url="amqp://nobody", database_url="")
        app = create_app(
            clients=Clients(FakeCaller(answers=answers)), database=database, settings=settings
        )
        self._client = falcon.testing.TestClient(app)
        body = TokenBody(name="lead", role="lead")
        self._secret = Accounts(database).create_token(body, key=new_id()).secret

    def export(self) -> bytes:
        return self._ask("GET", "/api/v1/kb/export").content

    def bring(self, raw: bytes) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self._ask(
            "POST", "/api/v1/kb/import", body=raw, headers=ZIP
        ).json["items"]
        return items

    def _ask(self, method: str, path: str, **options: Any) -> falcon.testing.Result:
        headers = {"Authorization": f"Bearer {self._secret}", "Idempotency-Key": new_id()}
        headers |= options.pop("headers", {})
        result = self._client.simulate_request(method, path, headers=headers, **options)
        assert result.status_code == 200, result.text
        return result

    @staticmethod
    def _wired(do: Callable[..., Any], handler: Any) -> Callable[[Any], Any]:
        def answer(question: Any) -> Any:
            try:
                return do(handler, question)
            except WireError:
                raise
            except tuple(REFUSALS) as refused:
                raise REFUSALS[type(refused)](refused) from refused

        return answer


@pytest.fixture
def desks(house: House, tmp_path: Path) -> Iterator[tuple[Desk, Desk]]:
    """A desk, and an empty one."""
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    upgrade("services.kb", url)
    empty = House(Database(url, Base.metadata, timekeeper=StoppedClock()))
    doors = Database(
        f"sqlite:///{tmp_path / 'doors.db'}", GatewayBase.metadata, timekeeper=StoppedClock()
    )
    GatewayBase.metadata.create_all(doors.engine)
    for each in (house, empty):
        opened(each, PROBLEM)
    yield Desk(house, doors), Desk(empty, doors)
    empty.database.close()
    doors.close()


def put_file(house: House, key: str, language: str, name: str, content: bytes, kind: str) -> None:
    command = contract.PutAttachment(
        key=key,
        language=language,
        name=name,
        media_type=kind,
        content=base64.b64encode(content).decode(),
        actor=DEWI,
        role="lead",
    )
    house.do(handlers.put_attachment, command)


def filled(house: House) -> None:
    house.put("vpn", "VPN", "Press **Join**.", category="net", tags=("vpn", "2026-01-05", "no"))
    house.put("vpn", "VPN", "Tekan **Gabung**.", language="id", review_at=NOW)
    house.put(
        "pay",
        "Pay: [one]",
        audience="group",
        groups=("hr", "fin"),
        status="draft",
        problem=PROBLEM,
    )
    put_file(house, "vpn", "en", "step.png", PNG, "image/png")
    put_file(house, "vpn", "id", "step.png", PNG + b"id", "image/png")
    put_file(house, "pay", "en", "form", "nama;é\n".encode(), "text/csv")


def known(house: House) -> dict[tuple[str, str], Any]:
    """All that a desk says, times and counters aside."""
    found = {}
    lines = house.ask(handlers.list_articles, contract.ListArticles(audience="all")).items
    for line in lines:
        where = {"key": line.key, "language": line.language, "audience": "all"}
        said = house.get(exactly=True, **where)
        files = house.ask(handlers.list_attachments, contract.ListAttachments(**where)).items
        found[line.key, line.language] = (
            *(said.title, said.body, said.status, said.audience, said.groups, said.category),
            *(said.tags, said.problem, said.owner, said.review_at),
            [(file.name, file.media_type, file.bytes, file.sha256) for file in files],
        )
    return found


def test_an_export_makes_the_same_desk_of_an_empty_one(desks: tuple[Desk, Desk]) -> None:
    full, empty = desks
    filled(full.house)
    raw = full.export()

    saved = empty.bring(raw)

    assert {each["files"] for each in saved} == {1}
    assert known(empty.house) == known(full.house)
    assert len(known(full.house)) == 3
    assert empty.export() == raw


def test_the_same_again_changes_nothing(desks: tuple[Desk, Desk]) -> None:
    full, empty = desks
    filled(full.house)
    raw = full.export()
    empty.bring(raw)
    revisions, told = empty.house.count("revisions"), empty.house.count("outbox")

    again = empty.bring(raw)

    assert {each["files"] for each in again} == {0}
    assert (empty.house.count("revisions"), empty.house.count("outbox")) == (revisions, told)


def test_an_import_replaces_and_takes_away_files_and_a_revision_remembers_them(
    desks: tuple[Desk, Desk],
) -> None:
    full, empty = desks
    filled(full.house)
    empty.bring(full.export())
    put_file(full.house, "vpn", "en", "step.png", PNG + b"2", "image/png")
    put_file(empty.house, "vpn", "en", "old.txt", b"old", "text/plain")

    saved = {(each["key"], each["language"]): each for each in empty.bring(full.export())}

    assert saved["vpn", "en"]["files"] == 2
    assert known(empty.house) == known(full.house)
    newest = empty.house.get("vpn", language="en").revision
    assert saved["vpn", "en"]["revision"] == newest
    restored = contract.RestoreRevision(
        key="vpn", language="en", revision=newest - 2, actor=DEWI, role="lead"
    )
    assert empty.house.do(handlers.restore_revision, restored).files_missing == ()
