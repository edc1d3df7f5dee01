from collections.abc import Callable

import pytest

from gateway.access import SESSION_COOKIE
from gateway.portal.pages.entrance import local_address
from gateway.portal.portal import ACCESS
from tests.unit.gateway.portal.conftest import PASSWORD, Browser


def test_a_newcomer_is_led_to_sign_in_and_back(newcomer: Browser) -> None:
    answer = newcomer.get("/tickets?show=done")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2Ftickets%3Fshow%3Ddone"


def test_signing_in_sets_a_cookie_that_scripts_and_other_sites_cannot_use(
    newcomer: Browser, requester: Browser
) -> None:
    answer = newcomer.post(
        "/sign-in",
        page="/sign-in",
        email="budi@nusantara.example",
        password=PASSWORD,
        next="/tickets",
    )

    assert (answer.status_code, answer.headers["location"]) == (303, "/tickets")
    cookie = answer.cookies[SESSION_COOKIE]
    assert (cookie.http_only, cookie.same_site) == (True, "Lax")
    assert newcomer.get("/tickets").status_code == 200


def test_a_wrong_password_keeps_the_address_and_says_no_more(newcomer: Browser) -> None:
    answer = newcomer.post(
        "/sign-in",
        page="/sign-in",
        email="no@nusantara.example",
        password="x",  # noqa: S106
    )

    assert answer.status_code == 401
    assert "do not fit together" in answer.text
    assert 'value="no@nusantara.example"' in answer.text


@pytest.mark.parametrize(
    "address", ["https://evil.example", "//evil.example", "/\\evil.example", "/x\r\ny", "tickets"]
)
def test_after_signing_in_nobody_is_led_to_another_site(address: str) -> None:
    assert local_address(address) == "/"


def test_signing_out_ends_the_session(requester: Browser) -> None:
    answer = requester.post("/sign-out")

    assert answer.headers["location"] == "/sign-in"
    assert requester.get("/ask").status_code == 303


@pytest.mark.parametrize(("role", "place"), [("requester", "/ask"), ("lead", "/queue")])
def test_the_start_page_leads_to_where_work_begins(
    browser_of: Callable[..., Browser], role: str, place: str
) -> None:
    assert browser_of(role).get("/").headers["location"] == place


def test_the_language_switch_is_remembered_by_browser_and_account(
    requester: Browser, browser_of: Callable[..., Browser]
) -> None:
    answer = requester.post("/language", language="id", back="/tickets")

    assert answer.headers["location"] == "/tickets"
    assert "Tiket saya" in requester.get("/tickets").text
    del requester.cookies["meja_language"]
    assert "Tiket saya" in requester.get("/tickets").text


def test_a_newcomer_switches_the_language_too(newcomer: Browser) -> None:
    newcomer.post("/language", page="/sign-in", language="id", back="/sign-in")

    assert "Kata sandi" in newcomer.get("/sign-in").text


def test_a_page_allows_nothing_inline_and_nothing_from_elsewhere(newcomer: Browser) -> None:
    answer = newcomer.get("/sign-in")

    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    for inline in ("<style", "style=", "onclick=", "<script>"):
        assert inline not in answer.text


def test_assets_are_kept_for_ever_under_their_edition(newcomer: Browser) -> None:
    page = newcomer.get("/sign-in").text
    address = page.split('src="/static/')[1].split('"')[0]

    fresh = newcomer.get(f"/static/{address}")
    stale = newcomer.get("/static/000000000000/portal.js")

    assert "immutable" in fresh.headers["cache-control"]
    assert stale.headers["cache-control"] == "no-cache"
    assert newcomer.get("/static/000000000000/nothing.js").status_code == 404


def test_every_form_refuses_what_no_page_of_this_session_sent(requester: Browser) -> None:
    for path, method in ACCESS:
        if method == "POST":
            address = path.format(number="INC-1042-7", key="vpn-putus", language="id", chat="c-1")

            answer = requester.send(address, {"form_token": "guessed", "body": "x"})

            assert answer.status_code == 403, path


def test_a_form_of_another_site_is_refused_even_with_the_token(requester: Browser) -> None:
    answer = requester.send("/ask", {}, **{"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/queue", "/reports/promises"])
def test_a_requester_finds_the_desks_side_closed(requester: Browser, path: str) -> None:
    answer = requester.get(path)

    assert answer.status_code == 403
    assert "This is not open to you" in answer.text
    assert path not in requester.get("/ask").text


def test_an_unknown_page_is_said_kindly_in_both_languages(requester: Browser) -> None:
    english = requester.get("/nowhere")
    requester.cookies["meja_language"] = "id"
    indonesian = requester.get("/nowhere")

    assert (english.status_code, indonesian.status_code) == (404, 404)
    assert "We did not find this" in english.text
    assert "Kami tidak menemukannya" in indonesian.text
