"""Articles as their writers reach them through the API."""

from collections.abc import Callable
from typing import Any

import pytest

from contracts import kb, routing
from contracts.errors import Conflict, NotFound
from contracts.grammar import Nothing
from tests.unit.gateway.fakes import NOW, FakeCaller, article

ONE = "/api/v1/kb/articles/vpn-putus/id"
BODY = {"title": "VPN", "body": "Isi.", "status": "draft"}
NETWORK = routing.AgentSpec(key="dewi", name="Dewi", email="d@nusantara.example", groups=("net",))


@pytest.fixture
def caller(caller: FakeCaller) -> FakeCaller:
    caller.answers |= {
        "put_article": article(version=7),
        "get_article": article(version=7),
        "change_article_status": article(version=8),
        "amend_article": article(version=8),
        "restore_revision": article(version=8),
        "search_articles": kb.Hits(items=()),
        "list_articles": kb.ArticlePage(items=(), counts={}, review_due=0),
        "list_revisions": NotFound("article_not_found"),
        "list_agents": routing.Agents(items=(routing.Agent(spec=NETWORK, open_tickets=0),)),
    }
    return caller


def test_an_agent_writes_as_an_agent_of_their_groups_with_the_version_they_saw(
    someone: Callable[..., Any], caller: FakeCaller, admin: Any
) -> None:
    admin.post("/api/v1/accounts", json=ACCOUNT)
    agent = someone("agent", name="t", email="d@nusantara.example")

    result = agent.put(ONE, json=BODY, headers={"If-Match": '"6"', "Idempotency-Key": "k"})

    command = caller.last("put_article").question
    assert result.headers["ETag"] == '"7"'
    assert (command.role, command.reader_groups, command.version) == ("agent", ("net",), 6)
    assert command.actor.id == "d@nusantara.example"


ACCOUNT = {
    "email": "d@nusantara.example",
    "name": "Dewi",
    "role": "agent",
    "password": "rahasia-sekali-2026",
    "agent_key": "dewi",
}


@pytest.mark.parametrize(
    ("role", "audience"),
    [("requester", "public"), ("agent", "internal"), ("lead", "all"), ("admin", "all")],
)
def test_a_role_reads_its_audience(
    someone: Callable[..., Any], caller: FakeCaller, role: str, audience: str
) -> None:
    someone(role).get("/api/v1/kb/articles?q=vpn")

    question = caller.last("search_articles").question
    assert (question.audience, question.groups) == (audience, ())


def test_an_agent_belongs_to_no_group_while_routing_is_away(
    someone: Callable[..., Any], caller: FakeCaller, admin: Any
) -> None:
    admin.post("/api/v1/accounts", json=ACCOUNT)
    caller.down.add("routing")

    someone("agent", name="t", email="d@nusantara.example").get("/api/v1/kb/articles")

    assert caller.last("search_articles").question.groups == ()


def test_requesters_write_nothing_and_see_no_history(requester: Any) -> None:
    assert requester.put(ONE, json=BODY).status_code == 403
    assert requester.get("/api/v1/kb/writings").status_code == 403
    assert requester.get(f"{ONE}/revisions").status_code == 403
    assert requester.get(f"{ONE}/comparison").status_code == 403


def test_a_stale_version_is_412_and_a_refused_move_409(agent: Any, caller: FakeCaller) -> None:
    caller.answers["change_article_status"] = Conflict("stale_version", "", {"version": 9})
    assert agent.post(f"{ONE}/transitions", json={"to": "review"}).status_code == 412

    caller.answers["change_article_status"] = Conflict("article_transition_refused", "", {})
    assert agent.post(f"{ONE}/transitions", json={"to": "published"}).status_code == 409


def test_an_amendment_says_something(agent: Any) -> None:
    assert agent.patch(ONE, json={}).status_code == 422
    assert agent.patch(ONE, json={"owner": "no address"}).status_code == 422
    assert agent.patch(ONE, json={"owner": "dewi@nusantara.example"}).status_code == 200


def test_lists_and_histories_ask_with_the_readers_eyes(agent: Any, caller: FakeCaller) -> None:
    agent.get("/api/v1/kb/writings?status=draft,review&lang=en&review_due=true")
    agent.get(f"{ONE}/comparison?from=1&to=3")

    listed = caller.last("list_articles").question
    assert (listed.status, listed.language, listed.review_due) == (("draft", "review"), "en", True)
    compared = caller.last("compare_revisions").question
    assert (compared.was, compared.now, compared.audience) == (1, 3, "internal")


# -- working copies ------------------------------------------------------------------------------

COPY = f"{ONE}/working-copy"


def working_copy() -> kb.WorkingCopy:
    return kb.WorkingCopy(
        key="vpn-putus",
        language="id",
        title="VPN",
        body="Isi.",
        category="network",
        tags=(),
        problem=None,
        files=(),
        status="draft",
        author="d@nusantara.example",
        opened_at=NOW,
        written_by="d@nusantara.example",
        updated_at=NOW,
        based_on=1,
        outdated=(),
        article_revision=1,
        article_status="published",
        note="",
        returned_by=None,
        returned_note="",
        publish_at=None,
        version=12,
        transitions=("review", "discarded"),
    )


@pytest.fixture
def written(caller: FakeCaller) -> FakeCaller:
    caller.answers |= {
        "put_working_copy": working_copy(),
        "get_working_copy": working_copy(),
        "change_working_copy_status": working_copy(),
        "compare_working_copy": kb.WorkingCopyComparison(copy=working_copy(), fields=(), lines=()),
        "list_attachments": kb.Attachments(items=()),
        "put_attachment": kb.Attachment(
            name="a.txt", media_type="text/plain", bytes=1, added_by="d@x.example", added_at=NOW
        ),
        "remove_attachment": Nothing(),
    }
    return caller


def test_a_working_copy_is_written_with_the_version_its_writer_saw(
    agent: Any, written: FakeCaller
) -> None:
    body = {"title": "VPN", "body": "Isi.", "based_on": 1}

    result = agent.put(COPY, json=body, headers={"If-Match": '"0"'})

    spec = written.last("put_working_copy").question
    assert (spec.version, spec.based_on, spec.role) == (0, 1, "agent")
    assert result.headers["ETag"] == '"12"'
    assert agent.get(COPY).headers["ETag"] == '"12"'
    assert agent.put(COPY, json=body | {"audience": "public"}).status_code == 422


def test_a_working_copy_is_moved_and_compared_by_its_role(
    someone: Callable[..., Any], written: FakeCaller
) -> None:
    lead = someone("lead")
    move = {"to": "published", "publish_at": "2026-02-01T00:00:00Z"}
    assert lead.post(f"{COPY}/transitions", json=move).status_code == 200
    assert written.last("change_working_copy_status").question.role == "lead"

    assert lead.get(f"{COPY}/comparison").status_code == 200
    question = written.last("compare_working_copy").question
    assert (question.audience, question.role) == ("all", "lead")

    written.answers["change_working_copy_status"] = Conflict("working_copy_outdated", "", {})
    assert lead.post(f"{COPY}/transitions", json=move).status_code == 409


def test_files_of_a_working_copy_are_its_own(agent: Any, written: FakeCaller) -> None:
    headers = {"Content-Type": "text/plain"}
    assert agent.put(f"{COPY}/attachments/a.txt", body=b"a", headers=headers).status_code == 200
    assert agent.get(f"{COPY}/attachments").status_code == 200
    assert agent.delete(f"{COPY}/attachments/a.txt").status_code == 204

    for operation in ("put_attachment", "list_attachments", "remove_attachment"):
        assert written.last(operation).question.working_copy


def test_requesters_know_of_no_working_copy(requester: Any, written: FakeCaller) -> None:
    for path in ("", "/comparison", "/attachments", "/attachments/a.txt"):
        assert requester.get(COPY + path).status_code == 403
    assert requester.put(COPY, json={"title": "a", "body": "b"}).status_code == 403
    assert requester.post(f"{COPY}/transitions", json={"to": "review"}).status_code == 403


def test_a_review_is_answered(agent: Any, caller: FakeCaller) -> None:
    assert agent.patch(ONE, json={"still_right": True}).status_code == 200

    assert caller.last("amend_article").question.still_right
