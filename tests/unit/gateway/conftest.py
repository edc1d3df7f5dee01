"""The front door over fake services and a database in memory."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import falcon.testing
import pytest

from chassis.database import Database
from chassis.ids import new_id
from gateway.accounts import Accounts
from gateway.app import create_app
from gateway.clients import Clients
from gateway.models import Base
from gateway.schemas import TokenBody
from gateway.settings import GatewaySettings
from tests.unit.gateway.fakes import NOW, FakeCaller, full_house


class Clock:
    """Time as the test says."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at

    def seconds_until(self, instant: datetime) -> float:
        return max(0.0, (instant - self.at).total_seconds())

    def pass_by(self, **length: float) -> None:
        self.at += timedelta(**length)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings() -> GatewaySettings:
    return GatewaySettings(amqp_url="amqp://nobody", database_url="", proof_cache_seconds=0)


@pytest.fixture
def database(tmp_path: Path, clock: Clock) -> Iterator[Database]:
    found = Database(f"sqlite:///{tmp_path}/gateway.db", Base.metadata, timekeeper=clock, workers=2)
    Base.metadata.create_all(found.engine)
    yield found
    found.close()


@pytest.fixture
def caller() -> FakeCaller:
    return full_house()


@pytest.fixture
def app(caller: FakeCaller, database: Database, settings: GatewaySettings) -> Any:
    return create_app(clients=Clients(caller), database=database, settings=settings)


@dataclass
class Someone:
    """A client that shows a token."""

    client: falcon.testing.TestClient
    secret: str

    def __getattr__(self, name: str) -> Any:
        method: Callable[..., Any] = getattr(self.client, f"simulate_{name}")

        def ask(path: str, **options: Any) -> falcon.testing.Result:
            headers = {"Authorization": f"Bearer {self.secret}"} | options.pop("headers", {})
            return method(path=path, headers=headers, **options)

        return ask


@pytest.fixture
def client(app: Any) -> falcon.testing.TestClient:
    return falcon.testing.TestClient(app)


@pytest.fixture
def someone(client: falcon.testing.TestClient, database: Database) -> Callable[..., Someone]:
    def make(role: str, *, name: str | None = None, **more: Any) -> Someone:
        body = TokenBody(name=name or f"{role}@nusantara.example", role=role, **more)  # type: ignore[arg-type]
        return Someone(client, Accounts(database).create_token(body, key=new_id()).secret)

    return make


@pytest.fixture
def agent(someone: Callable[..., Someone]) -> Someone:
    return someone("agent")


@pytest.fixture
def admin(someone: Callable[..., Someone]) -> Someone:
    return someone("admin")


@pytest.fixture
def requester(someone: Callable[..., Someone]) -> Someone:
    return someone("requester", name="budi@nusantara.example")
