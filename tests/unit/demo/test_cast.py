"""Who comes in to the demo desk."""

import stat
from pathlib import Path

from deploy.demo.cast import accounts, logins
from deploy.demo.desk import read_desk
from deploy.demo.tickets import read_day

DESK = read_desk()
DAY = read_day(DESK)
MIN_PASSWORD = 12  # characters, what the desk asks for


def test_everybody_of_the_story_has_one_account() -> None:
    emails = [account.email for account in accounts(DESK, DAY)]

    assert len(emails) == len(set(emails))
    assert {person.email for person in DAY.people.values()} <= set(emails)
    assert {agent.email for agent in DESK.agents} <= set(emails)
    assert {group.manager for group in DESK.groups} <= set(emails)


def test_there_is_one_login_for_each_role_and_it_stays_the_same(tmp_path: Path) -> None:
    file = tmp_path / "demo" / "passwords.json"

    first, second = logins(DESK, DAY, file=file), logins(DESK, DAY, file=file)

    assert [login.role for login in first] == ["requester", "agent", "lead", "admin"]
    assert first == second
    assert len({login.password for login in first}) == len(first)
    assert all(len(login.password) >= MIN_PASSWORD for login in first)


def test_passwords_are_for_their_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "passwords.json"

    logins(DESK, DAY, file=file)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
