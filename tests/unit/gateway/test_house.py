"""Knowledge, administration, accounts, reports, export and health through the front door."""

import csv
import io
from typing import Any

import pytest

from contracts import intake, routing, sla
from tests.unit.gateway.fakes import FakeCaller, article, hits

GROUP = routing.GroupSpec(
    key="network", name="Jaringan", tier=2, manager="manajer@nusantara.example"
)
API = "/api/v1"


@pytest.mark.parametrize(("role", "audience"), [("requester", "public"), ("agent", "internal")])
def test_articles_are_searched_for_the_readers_audience(
    someone: Any, caller: FakeCaller, role: str, audience: str
) -> None:
    caller.answers |= {"search_articles": hits(), "suggest": hits(), "get_article": article()}
    reader = someone(role)

    found = reader.get(f"{API}/kb/articles", query_string="q=vpn gak bisa&lang=id")
    suggested = reader.post(f"{API}/kb/suggestions", json={"text": "VPN putus terus"})
    read = reader.get(f"{API}/kb/articles/vpn-putus", query_string="lang=en")

    assert found.json["items"][0]["key"] == suggested.json["items"][0]["key"] == read.json["key"]
    assert {asked.question.audience for asked in caller.asked} == {audience}
    assert caller.last("get_article").question.language == "en"


def test_a_lead_writes_an_article_under_its_address(someone: Any, caller: FakeCaller) -> None:
    caller.answers["put_article"] = article()

    result = someone("lead").put(
        f"{API}/kb/articles/vpn-putus/en", json={"title": "VPN", "body": "# VPN"}
    )

    spec = caller.last("put_article").question
    assert result.status_code == 200
    assert (spec.key, spec.language, spec.actor.id) == ("vpn-putus", "en", "lead@nusantara.example")


def test_an_article_in_an_unknown_language_is_refused(someone: Any) -> None:
    result = someone("lead").put(
        f"{API}/kb/articles/vpn-putus/fr", json={"title": "VPN", "body": "# VPN"}
    )

    assert result.json["errors"][0]["field"] == "language"


def test_a_group_is_saved_under_the_key_of_its_address(admin: Any, caller: FakeCaller) -> None:
    caller.answers["put_group"] = GROUP
    body = {"name": "Jaringan", "tier": 2, "manager": "manajer@nusantara.example"}

    without_key = admin.put(f"{API}/groups/network", json=body)
    with_key = admin.put(f"{API}/groups/network", json=body | {"key": "network"})

    assert without_key.status_code == with_key.status_code == 200
    assert [asked.question for asked in caller.asked] == [GROUP, GROUP]


def test_one_of_a_shelf_is_found_by_its_key(agent: Any, caller: FakeCaller) -> None:
    group = routing.Group(spec=GROUP, agents=3, open_tickets=7)
    rule = routing.RuleSpec(key="vpn", position=1, group="network", name="VPN")
    caller.answers |= {
        "list_groups": routing.Groups(items=(group,)),
        "list_rules": routing.Rules(items=(rule,)),
    }

    assert agent.get(f"{API}/groups/network").json["open_tickets"] == 7
    assert agent.get(f"{API}/rules/vpn").json["name"] == "VPN"
    missing = agent.get(f"{API}/groups/servers")
    assert (missing.status_code, missing.json["code"]) == (404, "group_unknown")


def test_a_calendar_is_saved_with_its_week(admin: Any, caller: FakeCaller) -> None:
    caller.answers["put_calendar"] = lambda spec: sla.CalendarVersion(version=1, spec=spec)
    week = {"fri": [{"start": "08:00", "end": "11:30"}, {"start": "13:00", "end": "17:00"}]}

    result = admin.put(
        f"{API}/calendars/office", json={"name": "Kantor", "zone": "Asia/Jakarta", "week": week}
    )

    assert result.json["version"] == 1
    assert len(caller.last("put_calendar").question.week["fri"]) == 2


def test_an_account_is_made_listed_and_closed(admin: Any) -> None:
    body = {
        "email": "sari@nusantara.example",
        "name": "Sari",
        "role": "agent",
        "password": "kunci rumah besar",
    }

    made = admin.post(f"{API}/accounts", json=body, headers={"Idempotency-Key": "k"})
    again = admin.post(f"{API}/accounts", json=body, headers={"Idempotency-Key": "k"})
    closed = admin.patch(f"{API}/accounts/{made.json['id']}", json={"active": False})
    listed = admin.get(f"{API}/accounts")

    assert (made.status_code, again.status_code) == (201, 201)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "password" not in made.json
    assert closed.json["active"] is False
    assert [account["email"] for account in listed.json["items"]] == ["sari@nusantara.example"]


def test_a_token_works_until_it_is_revoked(admin: Any, client: Any) -> None:
    made = admin.post(f"{API}/tokens", json={"name": "laporan", "role": "lead"})
    headers = {"Authorization": f"Bearer {made.json['secret']}"}

    before = client.simulate_get(f"{API}/me", headers=headers)
    revoked = admin.delete(f"{API}/tokens/{made.json['id']}")
    after = client.simulate_get(f"{API}/me", headers=headers)

    assert (before.status_code, revoked.status_code, after.status_code) == (200, 204, 401)
    assert made.json["secret"] not in admin.get(f"{API}/tokens").text


def _report() -> sla.PromiseReport:
    def row(key: str) -> sla.PromiseRow:
        return sla.PromiseRow(
            key=key, tickets=4, met=3, missed=1, running=0, cancelled=0, met_percent=75.0
        )

    return sla.PromiseReport(
        total=row("total"),
        by_priority=(row("P1"), row("P2")),
        by_reassignments=(row("0"),),
        reassignments=1,
        reopened=0,
    )


def test_a_report_is_json_or_csv(someone: Any, caller: FakeCaller) -> None:
    caller.answers["report_promises"] = _report()
    lead = someone("lead")
    period = "from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00%2B07:00"

    as_json = lead.get(f"{API}/reports/promises", query_string=period)
    as_csv = lead.get(f"{API}/reports/promises", query_string=f"{period}&format=csv")

    assert as_json.json["total"]["met_percent"] == 75.0
    assert as_csv.headers["Content-Type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(as_csv.text)))
    assert [(row["by"], row["key"]) for row in rows] == [
        ("total", "total"),
        ("priority", "P1"),
        ("priority", "P2"),
        ("reassignments", "0"),
    ]


def test_a_period_that_ends_before_it_begins_names_its_end(someone: Any) -> None:
    period = "from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z"

    result = someone("lead").get(f"{API}/reports/promises", query_string=period)

    assert result.json["errors"][0]["field"] == "to"


def test_a_wrong_instant_names_the_parameter_as_it_was_sent(someone: Any) -> None:
    result = someone("lead").get(f"{API}/reports/promises", query_string="from=yesterday")

    assert result.json["errors"][0]["field"] == "from"


def test_the_log_is_exported_from_an_offset(agent: Any, caller: FakeCaller) -> None:
    caller.answers["read_log"] = intake.LogPage(items=(), next_after=41)

    result = agent.get(f"{API}/events", query_string="after=41&limit=10")

    assert result.json == {"items": [], "next_after": 41}
    assert caller.last("read_log").question.after == 41


def test_alive_is_alive(client: Any) -> None:
    assert client.simulate_get("/health/live").json == {"status": "live"}


def test_ready_when_every_part_answers_even_with_a_refusal(client: Any) -> None:
    result = client.simulate_get("/health/ready")

    assert result.json["status"] == "ready"
    assert set(result.json["parts"]) == {"broker", "database", "intake", "routing", "sla", "kb"}


def test_a_service_away_is_named_and_the_gateway_stays_ready(
    client: Any, caller: FakeCaller
) -> None:
    caller.down = {"sla"}

    result = client.simulate_get("/health/ready")

    assert result.status_code == 200
    assert result.json["status"] == "degraded"
    assert result.json["parts"]["sla"] == "down"


def test_without_the_broker_the_gateway_is_not_ready(client: Any, caller: FakeCaller) -> None:
    caller.is_connected = False

    result = client.simulate_get("/health/ready")

    assert result.status_code == 503
    assert result.json["parts"]["broker"] == "down"
    assert caller.asked == []


def test_a_flood_of_health_checks_does_not_flood_the_services(
    client: Any, caller: FakeCaller
) -> None:
    for _ in range(5):
        client.simulate_get("/health/ready")

    assert len(caller.asked) == 4


def test_requests_are_counted_by_route_not_by_address(agent: Any, client: Any) -> None:
    agent.get(f"{API}/tickets/INC-1042-7")

    text = client.simulate_get("/metrics").text

    assert 'route="/api/v1/tickets/{number}",status="200"' in text
    assert "INC-1042-7" not in text
