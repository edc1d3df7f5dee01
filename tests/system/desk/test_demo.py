"""`./meja demo`: a busy day, from nothing to a portal to sign in to."""

import re

import pytest

from deploy.demo.desk import read_desk
from deploy.demo.tickets import read_day
from tests.system.desk.conftest import Meja

pytestmark = pytest.mark.timeout(600)
DAY = read_day(read_desk())


def test_every_ticket_of_the_day_is_filed_and_told_of(played: str) -> None:
    numbers = re.findall(r"^((?:INC|REQ)-\d+-\d)", played, re.MULTILINE)

    assert len(set(numbers)) == len(DAY.tickets)


def test_all_that_the_story_says_was_done(played: str) -> None:
    for deed, said in (("reply", "replied"), ("resolve", "resolved"), ("transfer", "transferred")):
        times = sum(act.do == deed for ticket in DAY.tickets for act in ticket.acts)
        assert re.search(rf"\b{times}\s+{said}\b", played), said


def test_a_promise_is_broken_and_somebody_above_is_told(played: str) -> None:
    assert "breached (100 %)" in played
    assert "⇑ told" in played
    assert "⇑ escalated to" in played


def test_a_newcomer_gets_an_address_and_a_login_for_each_role(played: str) -> None:
    assert re.search(r"The portal is up: http://127\.0\.0\.1:\d+", played)
    for role in ("requester", "agent", "lead", "admin"):
        assert re.search(rf"^{role} +\S+@\S+ +[0-9a-f-]{{12,}}", played, re.MULTILINE), role


def test_a_second_demonstration_files_nothing_again(played: str, meja: Meja) -> None:
    again = meja("demo")

    assert again.returncode == 0, again.stderr
    assert "as it stands now" in again.stdout
    numbers = set(re.findall(r"^((?:INC|REQ)-\d+-\d)", again.stdout, re.MULTILINE))
    assert numbers == set(re.findall(r"^((?:INC|REQ)-\d+-\d)", played, re.MULTILINE))
