"""What is committed speaks of the project alone and holds on every machine."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PICTURES = {".png", ".ico", ".woff2", ".gz"}
# Hosts that may be named: our own machine, made-up ones, and documents that are cited.
HOSTS = re.compile(
    r"(127\.0\.0\.1|localhost|gateway|intake|routing|sla|kb|rabbitmq|postgres"
    r"|([a-z0-9-]+\.)*example(\.(com|org|net|id))?"
    r"|(www\.)?(apache\.org|w3\.org|rfc-editor\.org|json-schema\.org|iana\.org|keepachangelog\.com"
    r"|semver\.org|schema\.org|falconframework\.org)|([a-z0-9-]+\.)*test)"
)
A_MACHINES_OWN = re.compile(r"(?<![\w./*}-])/(?:work|root|home/\w+|Users/\w+)(?:/|\b)")
ADDRESS = re.compile(r"https?://([A-Za-z0-9.-]+)")
INDEX = re.compile(r"index-url|find-links|trusted-host|PIP_(EXTRA_)?INDEX", re.IGNORECASE)
NUMBERED = re.compile(r"(?<![\w&\"'(#])#\d+\b|\bissues? \d+\b", re.IGNORECASE)


def committed() -> list[Path]:
    """Every text that git keeps."""
    try:
        said = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
        )
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("no git checkout to ask")
    names = [ROOT / name for name in said.stdout.split("\0") if name]
    here = Path(__file__).resolve()
    return [
        path
        for path in names
        if path.is_file() and path.suffix not in PICTURES and path not in {here, ROOT / "LICENSE"}
    ]


def found(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for path in committed()
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_path_of_one_machine() -> None:
    assert not found(A_MACHINES_OWN)


def test_no_address_of_a_package_index() -> None:
    allowed = ("deploy/local/locks.py", "tests/unit/local/")

    assert not [line for line in found(INDEX) if not line.startswith(allowed)]


def test_no_host_but_our_own_and_those_that_are_cited() -> None:
    named = {
        f"{path.relative_to(ROOT)}: {host}"
        for path in committed()
        if not path.is_relative_to(ROOT / "tests")  # they make hosts up
        for host in ADDRESS.findall(path.read_text())
        if not HOSTS.fullmatch(host.rstrip("."))
    }

    assert not named


def test_no_number_of_an_issue() -> None:
    texts = (".py:", ".md:", ".toml:", ".yml:", ".yaml:", ".txt:")

    assert not [line for line in found(NUMBERED) if any(text in line for text in texts)]


def test_every_text_ends_with_one_newline() -> None:
    texts = {
        path.relative_to(ROOT).as_posix(): path.read_text()
        for path in committed()
        if path.suffix != ".po"  # written by a tool, which ends them with two
    }

    assert not [
        name
        for name, text in texts.items()
        if text and (not text.endswith("\n") or text.endswith("\n\n"))
    ]
