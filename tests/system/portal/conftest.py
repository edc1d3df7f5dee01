"""A real browser before the portal; skipped where there is none."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.system.portal.desk import Desk
from tests.system.portal.serving import PASSWORD, Bus, portal_over
from tests.system.portal.stories import furnished

REFUSED = "422 (Unprocessable Entity)"  # a form that was refused: the browser notes it


@pytest.fixture
def desk() -> Desk:
    return furnished()


@pytest.fixture
def bus() -> Bus:
    return Bus()


@pytest.fixture
def portal(desk: Desk, bus: Bus, tmp_path: Path) -> Iterator[str]:
    with portal_over(desk, folder=tmp_path, bus=bus) as address:
        yield address


@pytest.fixture
def sign_in(chromium: Any, portal: str) -> Iterator[Callable[..., Any]]:
    """Opens a browser for somebody; whatever its console complains about fails the test."""
    complaints: list[str] = []
    contexts: list[Any] = []

    def note(page: Any, text: str) -> None:
        if REFUSED not in text:
            complaints.append(f"{page.url}: {text}")

    def open_for(email: str, *, width: int = 1280, language: str = "id", **options: Any) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": 860}, **options)
        contexts.append(context)
        context.add_cookies([{"name": "meja_language", "value": language, "url": portal}])
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda said: note(page, said.text))
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.goto(f"{portal}/sign-in")
        page.fill("#email", email)
        page.fill("#password", PASSWORD)
        page.click(".sign-in-card button")
        page.wait_for_url(lambda address: "sign-in" not in address)
        return page

    yield open_for
    for context in contexts:
        context.close()
    assert complaints == []
