"""Writing articles through the portal, as a browser without scripts does."""

from dataclasses import replace

import pytest

from contracts import kb
from contracts.errors import Conflict, Invalid, NotFound
from gateway.portal.pages.writing.fields import slug
from tests.unit.gateway.fakes import NOW, FakeCaller, article
from tests.unit.gateway.portal.conftest import Browser

PAST = kb.RevisionLine(
    revision=2,
    author="sari@nusantara.example",
    written_at=NOW,
    status="draft",
    title="VPN putus",
    note="<b>menu</b>",
)
LINE = kb.ArticleLine(
    key="vpn-putus",
    language="id",
    title="VPN putus",
    status="published",
    audience="group",
    groups=("network",),
    category="network",
    problem="PRB-17",
    owner="sari@nusantara.example",
    revision=2,
    version=7,
    updated_at=NOW,
    review_at=NOW,
    publish_at=None,
)
EDITOR = "/writing/vpn-putus/id"
COPY = kb.WorkingCopy(
    key="vpn-putus",
    language="id",
    title="VPN putus lagi",
    body="Isi baru.",
    category="network",
    tags=("vpn",),
    problem=None,
    files=(
        kb.Attachment(
            name="step.png", media_type="image/png", bytes=9, added_by="a@x.example", added_at=NOW
        ),
    ),
    status="review",
    author="sari@nusantara.example",
    opened_at=NOW,
    written_by="sari@nusantara.example",
    updated_at=NOW,
    based_on=2,
    outdated=("body",),
    article_revision=3,
    article_status="published",
    note="<b>why</b>",
    returned_by="rina@nusantara.example",
    returned_note="Name the <menu>.",
    publish_at=None,
    version=12,
    transitions=("draft",),
)


@pytest.fixture
def caller(caller: FakeCaller) -> FakeCaller:
    line = kb.DiffLine(kind="added", text="<script>", was=None, now=1)
    draft = article(status="draft", version=7, transitions=("review", "archived"))
    caller.answers |= {
        "get_article": draft,
        "put_article": draft,
        "change_article_status": draft,
        "amend_article": draft,
        "restore_revision": draft,
        "list_articles": kb.ArticlePage(items=(LINE,), counts={"published": 1}, review_due=1),
        "list_revisions": kb.Revisions(key="vpn-putus", language="id", items=(PAST,)),
        "compare_revisions": kb.Comparison(was=None, now=PAST, fields=(), lines=(line,), body=""),
    }
    return caller


def test_the_list_shows_states_problems_and_what_must_be_read_again(
    agent: Browser, caller: FakeCaller
) -> None:
    page = agent.get("/writing?state=due&mine=yes&q=vpn").text

    assert "known error of PRB-17" in page
    assert "read again" in page
    asked = caller.last("list_articles").question
    assert (asked.review_due, asked.owner, asked.q) == (True, "agent@nusantara.example", "vpn")


def test_a_new_article_gets_a_key_from_its_title(agent: Browser, caller: FakeCaller) -> None:
    answer = agent.post(
        "/writing/new", page="/writing/new", title="Kata sandi é SAP?", body="Isi.", do="save"
    )

    spec = caller.last("put_article").question
    assert (spec.key, spec.status, spec.version) == ("kata-sandi-e-sap", "draft", 0)
    assert answer.headers["location"].endswith("?done=saved")


def test_a_key_that_is_taken_gets_a_tail(agent: Browser, caller: FakeCaller) -> None:
    def put(spec: kb.ArticleSpec) -> kb.Article:
        if spec.key == "vpn":
            raise Conflict("stale_version")
        return article(key=spec.key)

    caller.answers["put_article"] = put
    answer = agent.post("/writing/new", page="/writing/new", title="VPN", body="Isi.", do="save")

    assert answer.headers["location"].startswith("/writing/vpn-")


@pytest.mark.parametrize(
    ("title", "key"), [("Wi-Fi & VPN", "wi-fi-vpn"), ("日本", "article"), ("A" * 90, "a" * 48)]
)
def test_a_key_is_what_a_contract_takes(title: str, key: str) -> None:
    assert slug(title) == key


def test_saving_says_which_version_was_seen_and_for_which_groups(
    agent: Browser, caller: FakeCaller
) -> None:
    fields = {"audience": "group", "group.network": "yes", "tags": "vpn, rumah ,"}
    agent.post(EDITOR, page=EDITOR, title="VPN", body="Isi.", version="7", do="save", **fields)

    spec = caller.last("put_article").question
    assert (spec.version, spec.groups, spec.tags) == (7, ("network",), ("vpn", "rumah"))
    assert (spec.role, spec.status) == ("agent", "draft")


def test_what_was_typed_is_still_there_when_it_is_refused(
    agent: Browser, caller: FakeCaller
) -> None:
    caller.answers["put_article"] = Conflict("stale_version")

    answer = agent.post(EDITOR, page=EDITOR, title="VPN", body="My words.", version="7", do="save")

    assert answer.status_code == 412
    assert "My words." in answer.text
    assert "Somebody changed this" in answer.text


def test_a_preview_saves_nothing_and_runs_nothing(agent: Browser, caller: FakeCaller) -> None:
    answer = agent.post(EDITOR, page=EDITOR, title="V", body="**Bold** <script>", do="preview")

    assert "<strong>Bold</strong>" in answer.text
    assert "<script>" not in answer.text.partition("data-preview-body")[2]
    assert "put_article" not in {asked.operation for asked in caller.asked}


def test_a_move_is_planned_in_the_pages_zone(agent: Browser, caller: FakeCaller) -> None:
    fields = {"to": "published", "publish_at": "2026-02-01T08:00", "version": "7"}
    answer = agent.post(f"{EDITOR}/life", page=EDITOR, **fields)

    command = caller.last("change_article_status").question
    assert command.publish_at.isoformat() == "2026-02-01T01:00:00+00:00"  # Jakarta is ahead by 7
    assert (command.role, command.version) == ("agent", 7)
    assert answer.headers["location"] == f"{EDITOR}?done=article_moved"


def test_a_move_that_needs_something_says_what(agent: Browser, caller: FakeCaller) -> None:
    errors = {"errors": {"category": ["Needed to move to review."]}}
    caller.answers["change_article_status"] = Invalid("invalid", "", errors)

    answer = agent.post(f"{EDITOR}/life", page=EDITOR, to="review")

    assert answer.status_code == 422
    assert "needed before the article can go there" in answer.text


def test_history_compares_and_escapes(agent: Browser, caller: FakeCaller) -> None:
    page = agent.get(f"{EDITOR}/history?was=1&now=2").text

    assert (caller.last("compare_revisions").question.was) == 1
    assert "&lt;script&gt;" in page
    assert "&lt;b&gt;menu&lt;/b&gt;" in page


def test_an_older_revision_is_brought_back(agent: Browser, caller: FakeCaller) -> None:
    answer = agent.post(f"{EDITOR}/restore", page=EDITOR, revision="1")

    assert caller.last("restore_revision").question.revision == 1
    assert answer.headers["location"] == f"{EDITOR}?done=restored"


def test_a_translation_begins_with_what_the_other_language_says(
    agent: Browser, caller: FakeCaller
) -> None:
    def get(question: kb.GetArticle) -> kb.Article:
        if question.exactly:
            raise NotFound("article_not_found")
        return article()

    caller.answers["get_article"] = get
    page = agent.get("/writing/vpn-putus/en").text

    assert "Sambungkan lagi." in page
    agent.post("/writing/vpn-putus/en", page="/ask", title="VPN", body="Reconnect.", do="save")
    spec = caller.last("put_article").question
    assert (spec.key, spec.language, spec.version) == ("vpn-putus", "en", 0)


def test_a_printed_article_has_its_text_and_a_requester_no_way_to_edit_it(
    requester: Browser,
) -> None:
    assert "Sambungkan lagi." in requester.get("/knowledge/vpn-putus/print").text
    assert "/writing/" not in requester.get("/knowledge/vpn-putus").text
    assert requester.get("/writing").status_code == 403


def test_a_gap_opens_a_draft_of_its_dearest_ticket_or_an_empty_one(
    agent: Browser, caller: FakeCaller
) -> None:
    found = kb.Gap(
        name="printer macet",
        language="id",
        minutes=95,
        tickets=1,
        searches=2,
        category="printing",
        example_tickets=(kb.GapTicket(number="INC-1042-7", subject="<b>Macet</b>", minutes=95),),
        example_searches=(kb.GapSearch(text="printer macet", count=2),),
        nearest=None,
    )
    caller.answers["report_gaps"] = kb.Gaps(
        since=NOW, items=(found,), tickets=1, searches=2, is_complete=True
    )

    page = agent.get("/writing/gaps?days=30").text
    assert "&lt;b&gt;Macet&lt;/b&gt;" in page
    assert 'action="/tickets/INC-1042-7/article"' in page
    assert "title=Printer+macet" in page

    begun = agent.get("/writing/new?title=Printer+macet&category=printing").text
    assert 'value="Printer macet"' in begun


def test_a_ticket_that_is_not_resolved_is_shown_again(agent: Browser) -> None:
    answer = agent.post("/tickets/INC-1042-7/article", page="/ask")

    assert answer.headers["location"] == "/tickets/INC-1042-7"


# -- the next version ----------------------------------------------------------------------------


@pytest.fixture
def on_air(caller: FakeCaller) -> FakeCaller:
    """A published article with a working copy."""
    line = kb.DiffLine(kind="added", text="<script>", was=None, now=1)
    caller.answers |= {
        "get_article": article(version=7, revision=3),
        "get_working_copy": COPY,
        "put_working_copy": COPY,
        "change_working_copy_status": COPY,
        "compare_working_copy": kb.WorkingCopyComparison(
            copy=COPY,
            fields=(kb.DiffField(field="files", was="", now="step.png"),),
            lines=(line,),
            meanwhile_lines=(line,),
        ),
    }
    return caller


def test_an_agent_is_offered_a_new_version_of_what_is_on_air(
    agent: Browser, on_air: FakeCaller
) -> None:
    del on_air.answers["get_working_copy"]

    page = agent.get(EDITOR).text

    assert f'href="{EDITOR}/copy"' in page
    assert "This is on air" in page
    assert 'value="save"' not in page


def test_the_article_shows_that_a_new_version_is_written(
    agent: Browser, on_air: FakeCaller
) -> None:
    page = agent.get(EDITOR).text

    assert "New version: waiting for review" in page
    assert "What is on air was changed meanwhile: Text." in page
    assert f'href="{EDITOR}/copy/comparison"' in page


def test_the_first_saving_opens_a_copy_based_on_what_was_shown(
    agent: Browser, on_air: FakeCaller
) -> None:
    del on_air.answers["get_working_copy"]

    answer = agent.post(
        f"{EDITOR}/copy",
        page=f"{EDITOR}/copy",
        title="VPN",
        body="Isi.",
        tags="a, b",
        version="0",
        based_on="3",
        do="save",
    )

    spec = on_air.last("put_working_copy").question
    assert (spec.version, spec.based_on, spec.tags, spec.role) == (0, 3, ("a", "b"), "agent")
    assert answer.headers["location"] == f"{EDITOR}/copy?done=copy_saved"


def test_saving_again_says_nothing_of_what_it_is_based_on(
    agent: Browser, on_air: FakeCaller
) -> None:
    agent.post(
        f"{EDITOR}/copy",
        page=f"{EDITOR}/copy",
        title="VPN",
        body="Isi.",
        version="12",
        based_on="3",
    )

    spec = on_air.last("put_working_copy").question
    assert (spec.version, spec.based_on) == (12, None)


def test_the_copys_page_shows_its_words_files_and_moves(agent: Browser, on_air: FakeCaller) -> None:
    page = agent.get(f"{EDITOR}/copy").text

    assert "Isi baru." in page
    assert "Name the &lt;menu&gt;." in page
    assert "/working-copy/attachments/step.png" in page
    assert "Send back to its author" in page
    assert "Publish the new version" not in page


@pytest.mark.parametrize(
    ("to", "status", "where"),
    [
        ("review", "review", "/copy?done=copy_moved"),
        ("published", "published", "?done=copy_published"),
        ("discarded", "discarded", "?done=copy_discarded"),
    ],
)
def test_a_copy_is_moved_on(
    agent: Browser, on_air: FakeCaller, to: str, status: kb.WorkingCopyStatus, where: str
) -> None:
    on_air.answers["change_working_copy_status"] = replace(COPY, status=status)

    answer = agent.post(
        f"{EDITOR}/copy/life",
        page=f"{EDITOR}/copy",
        to=to,
        note="Why.",
        version="12",
        publish_at="2026-02-01T08:00",
    )

    command = on_air.last("change_working_copy_status").question
    assert (command.to, command.note, command.version) == (to, "Why.", 12)
    assert command.publish_at is not None
    assert answer.headers["location"] == EDITOR + where


def test_a_copy_that_is_outdated_is_not_published_and_says_so(
    agent: Browser, on_air: FakeCaller
) -> None:
    on_air.answers["change_working_copy_status"] = Conflict("working_copy_outdated", "", {})

    answer = agent.post(f"{EDITOR}/copy/life", page=f"{EDITOR}/copy", to="published", version="12")

    assert answer.status_code == 409
    assert "What is on air was changed meanwhile. Compare it" in answer.text


def test_what_was_typed_stays_when_the_copy_was_changed_meanwhile(
    agent: Browser, on_air: FakeCaller
) -> None:
    on_air.answers["put_working_copy"] = Conflict("stale_version", "", {"version": 13})

    answer = agent.post(
        f"{EDITOR}/copy", page=f"{EDITOR}/copy", title="Mine", body="My words.", version="11"
    )

    assert answer.status_code == 412
    assert "My words." in answer.text
    assert 'name="version" value="12"' in answer.text


def test_the_comparison_shows_both_sides_and_escapes_them(
    agent: Browser, on_air: FakeCaller
) -> None:
    page = agent.get(f"{EDITOR}/copy/comparison").text

    assert "Changed on air meanwhile" in page
    assert page.count("&lt;script&gt;") == 2
    assert "<b>why</b>" not in page


def test_who_has_looked_at_the_change_says_so(agent: Browser, on_air: FakeCaller) -> None:
    answer = agent.post(
        f"{EDITOR}/copy/comparison",
        page=f"{EDITOR}/copy/comparison",
        version="12",
        based_on="3",
    )

    spec = on_air.last("put_working_copy").question
    assert (spec.based_on, spec.version, spec.body) == (3, 12, "Isi baru.")
    assert answer.headers["location"] == f"{EDITOR}/copy?done=copy_saved"

    on_air.answers["put_working_copy"] = Conflict("stale_version", "", {"version": 13})
    again = agent.post(
        f"{EDITOR}/copy/comparison", page=f"{EDITOR}/copy", version="12", based_on="3"
    )
    assert again.status_code == 412


def test_there_is_no_new_version_of_what_is_not_there(agent: Browser, on_air: FakeCaller) -> None:
    on_air.answers["get_article"] = NotFound("article_not_found")

    assert agent.get(f"{EDITOR}/copy").status_code == 404


def test_the_list_has_a_view_of_new_versions(agent: Browser, on_air: FakeCaller) -> None:
    line = replace(LINE, working_copy="review")
    on_air.answers["list_articles"] = kb.ArticlePage(
        items=(line,), counts={"published": 1}, review_due=0, working_copies=1
    )

    page = agent.get("/writing?state=copies").text

    assert on_air.last("list_articles").question.working_copy == ("draft", "review")
    assert "new version, in review" in page
    assert "New versions · 1" in page


def test_who_looks_after_an_article_says_that_it_is_still_right(
    agent: Browser, on_air: FakeCaller
) -> None:
    own = article(owner="agent@nusantara.example", reviewed_at=NOW, reviewed_by="rina@x.example")
    on_air.answers["get_article"] = own
    assert "Still right, said rina@x.example" in agent.get(EDITOR).text

    agent.post(f"{EDITOR}/care", page=EDITOR, version="7", still_right="yes")

    assert on_air.last("amend_article").question.still_right


def test_who_does_not_look_after_it_is_not_asked(agent: Browser, on_air: FakeCaller) -> None:
    assert "still right" not in agent.get(EDITOR).text
