"""The portal's pages over fake services, as a browser without scripts sees them."""

import re
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import falcon.testing
import pytest

from chassis.database import Database
from chassis.ids import new_id
from contracts import intake, kb, routing
from contracts.errors import Unavailable
from contracts.grammar import Nothing
from gateway.access import SESSION_COOKIE
from gateway.accounts import Accounts, SignIn
from gateway.app import create_app
from gateway.clients import Clients
from gateway.portal.portal import Portal
from gateway.schemas import AccountBody
from gateway.settings import GatewaySettings
from tests.unit.gateway.conftest import Clock
from tests.unit.gateway.fakes import AGENT, NOW, FakeCaller, article, assignment, hits, ticket

PASSWORD = "rahasia-sekali-2026"  # noqa: S105 – of accounts that live as long as a test
FORM = "application/x-www-form-urlencoded"


def _conversation() -> intake.Conversation:
    said = intake.Message(
        message_id="1", author=AGENT, public=True, body="<script>alert(1)</script>", at=NOW
    )
    return intake.Conversation(number="INC-1042-7", items=(said,))


@pytest.fixture
def caller(caller: FakeCaller) -> FakeCaller:
    group = routing.GroupSpec(key="network", name="Jaringan", tier=2, manager="m@nusantara.example")
    agent = routing.AgentSpec(
        key="dewi", name="Dewi", email="d@nusantara.example", groups=("network",)
    )
    caller.answers |= {
        "list_messages": _conversation(),
        "read_log": intake.LogPage(items=(), next_after=0),
        "list_groups": routing.Groups(items=(routing.Group(spec=group, agents=1, open_tickets=1),)),
        "list_agents": routing.Agents(items=(routing.Agent(spec=agent, open_tickets=1),)),
        "add_reply": _conversation().items[0],
        "change_status": ticket(),
        "amend_ticket": ticket(),
        "assign": assignment(),
        "transfer": assignment(),
        "escalate": assignment(),
        "suggest": hits(),
        "search_articles": hits(),
        "get_article": article(),
        "record_reading": Nothing(),
        "list_problems": kb.KnownProblems(items=()),
        "report_times": Unavailable("unavailable", "away"),
        "report_backlog": Unavailable("unavailable", "away"),
    }
    return caller


@pytest.fixture
def app(caller: FakeCaller, database: Database, settings: GatewaySettings, clock: Clock) -> Any:
    pages = Portal(settings, clock=clock)
    return create_app(clients=Clients(caller), database=database, settings=settings, pages=pages)


@dataclass
class Browser:
    """Somebody at a browser: keeps the cookies and reads the tokens out of the forms."""

    client: falcon.testing.TestClient
    cookies: dict[str, str]
    language: str = "en"

    def get(self, path: str, **headers: str) -> falcon.testing.Result:
        answer = self.client.simulate_get(
            path=path,
            headers={"Accept-Language": self.language} | headers,
            cookies=self.cookies,
        )
        self._keep(answer)
        return answer

    def post(self, path: str, *, page: str = "/ask", **fields: str) -> falcon.testing.Result:
        """Send a form of `page`, which is looked at first for its token."""
        shown = self.get(page).text
        found = dict(re.findall(r'name="(form_token|form_id)" value="([^"]*)"', shown))
        return self.send(path, found | fields)

    def send(self, path: str, fields: dict[str, str], **headers: str) -> falcon.testing.Result:
        answer = self.client.simulate_post(
            path=path,
            body=urllib.parse.urlencode(fields),
            headers={"Content-Type": FORM, "Accept-Language": self.language} | headers,
            cookies=self.cookies,
        )
        self._keep(answer)
        return answer

    def _keep(self, answer: falcon.testing.Result) -> None:
        for name, cookie in answer.cookies.items():
            self.cookies[name] = cookie.value


@pytest.fixture
def newcomer(client: falcon.testing.TestClient) -> Browser:
    return Browser(client, {})


@pytest.fixture
def browser_of(
    client: falcon.testing.TestClient, database: Database, settings: GatewaySettings
) -> Callable[..., Browser]:
    def make(role: str, *, email: str = "", **more: Any) -> Browser:
        email = email or f"{role}@nusantara.example"
        body = AccountBody(email=email, name="Sari", role=role, password=PASSWORD, **more)  # type: ignore[arg-type]
        Accounts(database).create(body, key=new_id())
        sign_in = SignIn(database, settings=settings)
        secret = sign_in.sign_in(email=email, password=PASSWORD, address="10.0.0.1")
        return Browser(client, {SESSION_COOKIE: secret})

    return make


@pytest.fixture
def requester(browser_of: Callable[..., Browser]) -> Browser:
    return browser_of("requester", email="budi@nusantara.example", language="en")


@pytest.fixture
def agent(browser_of: Callable[..., Browser]) -> Browser:
    return browser_of("agent", language="en", agent_key="dewi")


@pytest.fixture
def lead(browser_of: Callable[..., Browser]) -> Browser:
    return browser_of("lead", language="en")
