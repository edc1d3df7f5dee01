import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contracts import intake
from tests.system.portal.desk import Desk
from tests.system.portal.furniture import picture
from tests.system.portal.serving import Bus

BUDI = "budi@nusantara.example"
RINA = "rina@nusantara.example"
PNG = picture(64, 48)
LAYAR = {"name": "layar.png", "mimeType": "image/png", "buffer": PNG}
LOG = {"name": "catatan.log", "mimeType": "", "buffer": b"10.05 Error 809\n"}
PASTE = """(bytes) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], "image.png", { type: "image/png" }));
  const paste = new ClipboardEvent("paste", { clipboardData: data, bubbles: true });
  document.querySelector("#reply textarea").dispatchEvent(paste);
}"""
ACTOR = intake.Actor(kind="agent", id="dewi@nusantara.example", name="Dewi Lestari")


def test_a_requester_asks_reads_sends_and_finds_the_ticket(
    portal: str, sign_in: Callable[..., Any], desk: Desk
) -> None:
    page = sign_in(BUDI)
    page.fill("#subject", "VPN putus di rumah")
    page.fill("#body", "Sejak tadi malam VPN saya putus terus.")

    page.click("[data-article]")
    page.wait_for_selector("dialog[open] >> text=hemat daya")
    page.keyboard.press("Escape")
    page.check("[name=urgency][value=high]")
    page.click("[data-send]")
    page.wait_for_url(re.compile("/asked/"))
    number = page.inner_text(".received-number")
    page.click("nav >> text=Tiket saya")
    page.click(f".ticket-card:has-text('{number}')")

    assert "tidak bisa bekerja" in page.inner_text("#facts")
    assert "Sejak tadi malam" in page.inner_text("#conversation")
    opened = desk.tickets[number]
    assert (opened.urgency, opened.attributes) == ("high", {"read_articles": ["vpn-putus"]})


def test_every_step_works_without_scripts(
    portal: str, sign_in: Callable[..., Any], desk: Desk
) -> None:
    page = sign_in(BUDI, java_script_enabled=False)
    page.fill("#subject", "VPN putus")
    page.fill("#body", "Tolong.")
    page.click(".ask .button.primary")

    assert page.locator("[data-article]").count() == 2
    page.click("main .button.primary")
    page.click("text=Ke tiket saya")
    page.fill("#body", "Satu lagi.")
    page.click("#reply button")

    assert "Satu lagi." in page.inner_text("#conversation")


def test_a_screenshot_comes_along_and_is_fetched_again(
    portal: str, sign_in: Callable[..., Any], desk: Desk
) -> None:
    page = sign_in(BUDI)
    page.fill("#subject", "VPN putus di rumah")
    page.fill("#body", "Lihat gambar.")
    page.set_input_files("#files", [LAYAR, LOG])
    assert page.inner_text("[data-chosen]").splitlines()[0].startswith("layar.png")
    page.click("[data-send]")
    page.wait_for_url(re.compile("/asked/"))
    number = page.inner_text(".received-number")
    page.goto(f"{portal}/tickets/{number}")
    page.wait_for_function("document.querySelector('.message-files img').naturalWidth === 64")
    with page.expect_download() as saved:
        page.click("text=catatan.log")

    assert saved.value.suggested_filename == "catatan.log"
    assert Path(saved.value.path()).read_bytes() == LOG["buffer"]
    stranger = sign_in("rina@nusantara.example")
    assert stranger.request.get(f"{portal}/tickets/{number}/files/none").status == 404


def test_a_note_s_file_is_for_agents_and_a_pasted_screenshot_is_sent(
    portal: str, sign_in: Callable[..., Any], desk: Desk
) -> None:
    agent, requester = sign_in(RINA), sign_in(BUDI)
    agent.goto(f"{portal}/tickets/INC-1042-7")
    agent.check("[name=public][value=no]", force=True)
    agent.fill("#reply textarea", "Rahasia.")
    agent.evaluate(PASTE, list(LAYAR["buffer"]))
    agent.click("#reply .button.primary")
    agent.wait_for_selector(".bubble.internal .message-picture")
    file = agent.get_attribute(".bubble.internal .message-picture", "href")
    requester.goto(f"{portal}/tickets/INC-1042-7")

    assert agent.request.get(portal + file).headers["content-type"] == "image/png"
    assert requester.request.get(portal + file).status == 404
    assert requester.locator(".message-files").count() == 1  # those of the opening
    assert file not in requester.content()


def test_files_come_along_without_scripts(
    portal: str, sign_in: Callable[..., Any], desk: Desk
) -> None:
    page = sign_in(BUDI, java_script_enabled=False)
    page.fill("#subject", "VPN putus")
    page.fill("#body", "Tolong.")
    page.set_input_files("#files", [LAYAR])
    page.click(".ask .button.primary")
    assert "layar.png" in page.inner_text("main")
    page.click("text=Ubah")
    assert page.is_checked(".attaching-kept input")
    page.click(".ask .button.primary")
    page.click("main .button.primary")
    page.click("text=Ke tiket saya")

    assert page.locator(".message-picture").count() == 1


def test_an_answer_appears_by_itself_and_what_is_being_typed_stays(
    portal: str, sign_in: Callable[..., Any], desk: Desk, bus: Bus
) -> None:
    page = sign_in(BUDI)
    with page.expect_response(re.compile("/api/v1/stream")):
        page.goto(f"{portal}/tickets/INC-1042-7")
    page.fill("#reply textarea", "Saya sedang menul")

    desk._say("INC-1042-7", ACTOR, "Sudah kami perbaiki.", public=True)
    bus.hint("INC-1042-7")
    page.wait_for_selector("text=Sudah kami perbaiki.")

    assert page.input_value("#reply textarea") == "Saya sedang menul"
    assert page.inner_text("#announcer") == "Percakapan berubah"


def test_an_agent_resolves_and_the_buttons_follow(
    portal: str, sign_in: Callable[..., Any], desk: Desk
) -> None:
    page = sign_in(RINA)
    page.goto(f"{portal}/queue")
    page.click("text=VPN putus setiap sepuluh menit")
    page.click("#action-resolved summary")
    page.fill("#text", "Hemat daya dimatikan.")
    page.click("#action-resolved form button")
    page.wait_for_selector("#solution")

    assert desk.tickets["INC-1042-7"].status == "resolved"
    assert page.locator("#action-in_progress summary").inner_text() == "Buka kembali"


def test_a_search_is_completed_by_the_keys_alone(
    portal: str, sign_in: Callable[..., Any], desk: Desk
) -> None:
    page = sign_in(BUDI)
    page.goto(f"{portal}/knowledge")
    page.focus("#q")
    page.keyboard.type("vp")
    page.wait_for_selector("[role=listbox] [role=option]")
    page.keyboard.press("ArrowDown")

    chosen = page.get_attribute("#q", "aria-activedescendant")
    assert page.get_attribute(f"#{chosen}", "aria-selected") == "true"
    assert page.input_value("#q") == "vpn putus"
    page.keyboard.press("Escape")
    assert (page.input_value("#q"), page.is_visible("[role=listbox]")) == ("vp", False)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/knowledge/vpn-putus"))


def test_a_typing_mistake_is_one_click_from_the_question_that_was_meant(
    portal: str, sign_in: Callable[..., Any], desk: Desk
) -> None:
    page = sign_in(BUDI)
    page.goto(f"{portal}/knowledge?q=vnp")
    page.click(".did-you-mean a")

    assert page.input_value("#q") == "vpn"
    assert page.locator(".article-list li").count() == 2


PAGES = (
    *((BUDI, path) for path in ("/ask", "/tickets", "/tickets/INC-1021-3", "/knowledge?q=vpn")),
    *((BUDI, path) for path in ("/knowledge/vpn-putus", "/asked/INC-1042-7")),
    *((RINA, path) for path in ("/queue", "/tickets/INC-1038-1", "/reports/promises")),
    *((RINA, path) for path in ("/writing", "/writing/new", "/writing/gaps", "/writing/stale")),
    *(
        (RINA, f"/writing/vpn-putus/id{part}")
        for part in ("", "/history", "/copy", "/copy/comparison")
    ),
    *((RINA, path) for path in ("/tickets/PRB-1017-6", "/ask?kind=problem")),
    (RINA, "/writing/words?lang=id&try=kompi"),
    *((RINA, path) for path in ("/knowledge/vpn-putus/print", "/knowledge?q=vnp")),
)

FAULTS = (Path(__file__).parent / "faults.js").read_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_pages_fit_a_phone_and_can_be_read_by_everybody(
    portal: str, sign_in: Callable[..., Any], language: str, scheme: str
) -> None:
    readers = {
        email: sign_in(email, width=390, language=language, color_scheme=scheme)
        for email in (BUDI, RINA)
    }
    faults = {}
    for email, path in PAGES:
        page = readers[email]
        page.goto(portal + path)
        for details in page.query_selector_all("main details"):
            details.evaluate("(element) => (element.open = true)")
        if found := page.evaluate(FAULTS):
            faults[path] = found

    assert faults == {}


def test_the_content_is_the_first_thing_the_keyboard_can_skip_to(
    portal: str, sign_in: Callable[..., Any]
) -> None:
    page = sign_in(BUDI)
    page.goto(f"{portal}/tickets")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"


def test_an_agent_merges_is_warned_confirms_and_undoes_it(
    sign_in: Callable[..., Any], portal: str
) -> None:
    page = sign_in("dewi@nusantara.example", language="en")
    page.goto(f"{portal}/tickets/INC-1042-7")
    page.click("#action-merge summary")
    page.fill("#into", "REQ-1040-5")
    page.click("#action-merge .action-form button")

    assert page.is_visible("text=The two tickets have different requesters")
    page.check("#action-merge [name=confirm_other_requester]")
    page.click("#action-merge .action-form button")

    assert page.is_visible(".notice.merged >> text=REQ-1040-5")
    page.click(".notice.merged a.number")
    assert page.locator(".bubble .origin", has_text="INC-1042-7").count() > 1
    page.goto(f"{portal}/tickets/INC-1042-7")
    page.click(".notice.merged button")
    assert page.locator(".notice.merged").count() == 0


def test_an_agent_splits_a_ticket_with_a_message_of_it(
    sign_in: Callable[..., Any], portal: str
) -> None:
    page = sign_in("dewi@nusantara.example", language="en")
    page.goto(f"{portal}/tickets/INC-1042-7")
    page.click("#action-split summary")
    page.fill("#subject", "Meeting room has no Wi-Fi")
    page.locator("#action-split [type=checkbox]").last.check()
    page.click("#action-split .action-form button")

    page.click("#facts a.linked")
    assert page.is_visible("h1 >> text=Meeting room has no Wi-Fi")
    assert page.locator(".bubble .origin").inner_text() == "INC-1042-7"


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", ["id", "en"])
def test_an_agent_reads_notices_and_says_that_they_know(
    portal: str, sign_in: Callable[..., Any], desk: Desk, width: int, language: str
) -> None:
    page = sign_in("dewi@nusantara.example", width=width, language=language)
    assert page.inner_text(".bell-count") == "5"

    page.click("#bell")
    page.click(".told-head button")
    page.wait_for_url(re.compile("done=acknowledged"))

    assert page.inner_text(".bell-count") == "3"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert {each.id for each in desk.notices if each.acknowledged_at is None} == {
        "notice-1",
        "notice-3",
        "notice-4",
    }
