"""Who is let in, and how often."""

import logging
from typing import Any

import falcon.testing
import pytest

from chassis.ids import new_id
from gateway.accounts import Accounts, SignIn
from gateway.app import SESSION_COOKIE, create_app
from gateway.clients import Clients
from gateway.middleware.buckets import MAX_CALLERS, Buckets
from gateway.schemas import AccountBody
from gateway.settings import GatewaySettings
from tests.unit.gateway.fakes import FakeCaller

ME = "/api/v1/me"
TICKETS = "/api/v1/tickets"
PASSWORD = "kunci rumah besar"  # noqa: S105
NEW = {"kind": "incident", "subject": "VPN putus", "body": "Sejak pagi."}


@pytest.fixture
def cookie(database: Any, settings: GatewaySettings) -> dict[str, str]:
    body = AccountBody(
        email="budi@nusantara.example", name="Budi", role="requester", password=PASSWORD
    )
    Accounts(database).create(body, key=new_id())
    secret = SignIn(database, settings=settings).sign_in(
        email="budi@nusantara.example", password=PASSWORD, address="192.0.2.7"
    )
    return {"Cookie": f"{SESSION_COOKIE}={secret}"}


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Bearer x", "Basic YTpi", "bearer meja_forged", "meja_x", "Bearer \xff"],
)
def test_a_forged_token_is_401_and_says_what_is_asked_for(client: Any, header: str) -> None:
    result = client.simulate_get(ME, headers={"Authorization": header})

    assert result.status_code == 401
    assert result.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_shows_who_asks(agent: Any) -> None:
    assert agent.get(ME).json["email"] == "agent@nusantara.example"


def test_a_session_is_as_good_as_a_token(client: Any, cookie: dict[str, str]) -> None:
    assert client.simulate_get(ME, headers=cookie).json["role"] == "requester"


def test_a_forged_token_is_not_saved_by_a_session(client: Any, cookie: dict[str, str]) -> None:
    result = client.simulate_get(ME, headers=cookie | {"Authorization": "Bearer x"})

    assert result.status_code == 401


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}],
    ids=str,
)
def test_another_site_cannot_use_the_session_to_change_anything(
    client: Any, cookie: dict[str, str], caller: FakeCaller, headers: dict[str, str]
) -> None:
    result = client.simulate_post(TICKETS, json=NEW, headers=cookie | headers)

    assert result.status_code == 403
    assert result.json["code"] == "cross_site"
    assert caller.asked == []


def test_our_own_page_can_use_the_session(client: Any, cookie: dict[str, str]) -> None:
    headers = {"Origin": "http://falconframework.org", "Sec-Fetch-Site": "same-origin"}

    assert client.simulate_post(TICKETS, json=NEW, headers=cookie | headers).status_code == 201


def test_too_many_requests_of_one_token_are_429(caller: Any, database: Any, someone: Any) -> None:
    settings = GatewaySettings(amqp_url="", database_url="", rate_per_second=0.001, rate_burst=3)
    app = create_app(clients=Clients(caller), database=database, settings=settings)
    agent, other = someone("agent"), someone("agent")
    agent.client = other.client = falcon.testing.TestClient(app)

    answers = [agent.get(ME).status_code for _ in range(4)]

    assert answers == [200, 200, 200, 429]
    assert agent.get(ME).headers["Retry-After"] == "1"
    assert other.get(ME).status_code == 200


def test_guessing_tokens_is_slowed_down(client: Any) -> None:
    answers = [
        client.simulate_get(ME, headers={"Authorization": f"Bearer meja_{n}"}).status_code
        for n in range(30)
    ]

    assert answers[:20] == [401] * 20
    assert answers[-1] == 429


def test_a_bucket_fills_again_with_time() -> None:
    at = [0.0]
    buckets = Buckets(per_second=2, burst=1, monotonic=lambda: at[0])

    assert buckets.take("a")
    assert not buckets.take("a")
    at[0] = 0.5
    assert buckets.take("a")


def test_a_flood_of_callers_is_forgotten() -> None:
    at = [0.0]
    buckets = Buckets(per_second=1, burst=1, monotonic=lambda: at[0])
    for number in range(MAX_CALLERS):
        buckets.take(str(number))

    at[0] = 60.0
    buckets.take("one more")

    assert len(buckets._level) == 1


def test_a_sane_request_id_is_kept_and_an_odd_one_replaced(agent: Any) -> None:
    kept = agent.get(ME, headers={"X-Request-ID": "front-7f3a.2"})
    replaced = agent.get(ME, headers={"X-Request-ID": "a b\t<script>"})

    assert kept.headers["X-Request-ID"] == "front-7f3a.2"
    assert replaced.headers["X-Request-ID"] != "a b\t<script>"


def test_two_requests_with_one_request_id_are_two_requests(agent: Any, caller: FakeCaller) -> None:
    budi = {"name": "Budi", "email": "budi@nusantara.example"}
    for _ in range(2):
        agent.post(TICKETS, json={**NEW, "requester": budi}, headers={"X-Request-ID": "front-7f3a"})

    assert len({asked.key for asked in caller.asked}) == 2


def test_every_answer_carries_the_safe_headers(client: Any) -> None:
    for path in (ME, "/health/live", "/docs", "/nothing"):
        headers = client.simulate_get(path).headers

        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store"


def test_one_line_is_logged_for_a_request_without_secrets(
    agent: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        agent.get(TICKETS, query_string="q=rahasia", headers={"Cookie": "a=kue"})

    (record,) = [r for r in caplog.records if r.name == "gateway.requests"]
    assert vars(record)["route"] == TICKETS
    assert vars(record)["status"] == 200
    for secret in ("rahasia", agent.secret, "kue"):
        assert secret not in str(vars(record))


def test_an_unexpected_failure_is_500_without_its_text(
    agent: Any, caller: FakeCaller, caplog: pytest.LogCaptureFixture
) -> None:
    caller.answers["get_ticket"] = RuntimeError("the password is 12345")

    result = agent.get(f"{TICKETS}/INC-1042-7")

    assert result.status_code == 500
    assert "12345" not in result.text
    assert any(record.levelno == logging.ERROR for record in caplog.records)
