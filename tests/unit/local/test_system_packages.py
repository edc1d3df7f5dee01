"""System packages: installed when allowed, and exact advice when not."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local import system_packages
from deploy.local.system_packages import POSTGRESQL, RABBITMQ, CannotInstall, install


class FakeMachine:
    """A Debian machine that notes what it is told to run, and whether services might start."""

    def __init__(self, policy: Path) -> None:
        self.policy = policy
        self.said: list[str] = []
        self.policy_during_install = ""
        self.apt_works = True

    def __call__(self, *words: str, text: str = "") -> subprocess.CompletedProcess[str]:
        line = " ".join(words)
        self.said.append(line)
        if "/dev/stdin" in words:
            self.policy.write_text(text, "utf-8")
        if "rm -f" in line:
            self.policy.unlink()
        is_install = "apt-get" in line and " install " in line
        if is_install:
            self.policy_during_install = (
                self.policy.read_text("utf-8") if self.policy.exists() else ""
            )
        code = 100 if is_install and not self.apt_works else 0
        return subprocess.CompletedProcess(words, code, "", "E: no such package\n")


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeMachine]:
    fake = FakeMachine(tmp_path / "policy-rc.d")
    monkeypatch.setattr(system_packages, "_POLICY", fake.policy)
    monkeypatch.setattr(system_packages, "_quiet", fake)
    monkeypatch.setattr(system_packages, "_privilege", lambda: ("sudo", "-n"))
    monkeypatch.setattr(system_packages.shutil, "which", lambda name, path=None: f"/usr/bin/{name}")
    system_packages._refresh_lists.cache_clear()
    yield fake
    system_packages._refresh_lists.cache_clear()


def test_no_service_may_start_while_packages_are_installed(machine: FakeMachine):
    install(RABBITMQ, say=lambda _text: None)

    assert "exit 101" in machine.policy_during_install
    assert not machine.policy.exists()


def test_a_service_that_came_with_a_package_is_disabled(machine: FakeMachine):
    install(RABBITMQ, POSTGRESQL, say=lambda _text: None)

    disabled = [line for line in machine.said if "disable" in line]
    assert any("rabbitmq-server" in line for line in disabled)
    assert any("postgresql" in line for line in disabled)


def test_a_machine_with_a_policy_of_its_own_keeps_it(machine: FakeMachine):
    machine.policy.write_text("#!/bin/sh\nexit 0\n", "utf-8")

    install(RABBITMQ, say=lambda _text: None)

    assert machine.policy.read_text("utf-8") == "#!/bin/sh\nexit 0\n"


def test_the_policy_goes_also_when_apt_fails(machine: FakeMachine):
    machine.apt_works = False

    with pytest.raises(CannotInstall, match="no such package"):
        install(RABBITMQ, say=lambda _text: None)

    assert not machine.policy.exists()


def test_without_root_or_sudo_the_advice_is_exact(
    machine: FakeMachine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(system_packages, "_privilege", lambda: None)

    with pytest.raises(CannotInstall, match="apt-get install rabbitmq-server postgresql"):
        install(RABBITMQ, POSTGRESQL, say=lambda _text: None)

    assert machine.said == []
