"""Articles are read from files before the first one is saved."""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from deploy.kb import command
from deploy.kb.reading import FileFault, read_articles
from deploy.local.places import here

FRONT = "---\ntitle: VPN dari rumah\ntags: [vpn]\naudience: internal\n---\n\nBuka **Connect**.\n"


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return file


def test_what_front_matter_leaves_out_comes_from_the_files_place(tmp_path: Path) -> None:
    write(tmp_path, "id/vpn.md", FRONT)

    (article,) = read_articles(tmp_path)

    assert (article.key, article.language, article.title) == ("vpn", "id", "VPN dari rumah")
    assert article.content == {
        "title": "VPN dari rumah",
        "body": "Buka **Connect**.",
        "status": "published",
        "audience": "internal",
        "category": None,
        "tags": ["vpn"],
        "groups": [],
        "problem": None,
        "owner": None,
        "review_at": None,
    }
    assert article.files is None


def test_without_a_title_the_first_heading_is_one(tmp_path: Path) -> None:
    file = write(tmp_path, "en/Wi-Fi at home.md", "# Wi-Fi at home\n\nRestart the router.")

    (article,) = read_articles(file)

    assert (article.key, article.title) == ("wi-fi-at-home", "Wi-Fi at home")
    assert article.body == "Restart the router."


def test_a_collection_made_for_the_evaluation_can_be_imported(tmp_path: Path) -> None:
    rows = [{"_id": "D 1", "title": "", "text": "Is it safe?\nYes.", "lang": "en"}]
    file = write(tmp_path, "docs.jsonl", "\n".join(map(json.dumps, rows)))

    (article,) = read_articles(file)

    assert (article.key, article.title, article.body) == ("d-1", "Is it safe?", "Is it safe?\nYes.")


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.md", "No language.", "a.md: language: Missing data"),
        ("id/a.md", "---\ntitle: A\n", "id/a.md: the front matter is not closed"),
        ("id/a.md", "---\na: [\n---\nText", "id/a.md: the front matter is not YAML"),
        ("id/a.md", "---\n- a\n---\nText", "id/a.md: the front matter is not a mapping"),
        ("id/a.md", "---\ntitle: A\naudience: all\n---\nText", "id/a.md: audience:"),
        ("a.jsonl", '{"key": "a"', "a.jsonl line 1: not JSON"),
        ("a.jsonl", "[1]", "a.jsonl line 1: not a JSON object"),
        ("a.jsonl", '{"key": "a", "lang": "fr", "text": "x"}', "a.jsonl line 1: language:"),
        ("a.jsonl", '\n{"key": "a", "lang": "id"}', "a.jsonl line 2: title:"),
        ("a.txt", "nothing", "no article in it"),
    ],
)
def test_a_fault_is_named_with_its_place(tmp_path: Path, name: str, text: str, words: str) -> None:
    write(tmp_path, name, text)

    with pytest.raises(FileFault) as fault:
        read_articles(tmp_path)

    assert words in str(fault.value)


# -- files beside it -----------------------------------------------------------------------------

NAMED = '---\ntitle: VPN\nfiles: {"vpn.files/a.txt": "text/plain"}\n---\nIsi.\n'


def test_files_are_found_from_where_the_markdown_is(tmp_path: Path) -> None:
    write(tmp_path, "id/vpn.md", NAMED)
    file = write(tmp_path, "id/vpn.files/a.txt", "a")
    row = {"key": "mail", "lang": "en", "text": "x", "files": {"id/vpn.files/a.txt": "text/csv"}}
    write(tmp_path, "more.jsonl", json.dumps(row))

    found = {article.key: article.files for article in read_articles(tmp_path)}

    assert found == {
        "vpn": {str(file.resolve()): "text/plain"},
        "mail": {str(file.resolve()): "text/csv"},
    }


@pytest.mark.parametrize(
    ("place", "kind", "words"),
    [
        ("gone.txt", "text/plain", "is no file in the folder"),
        ("../../secret.txt", "text/plain", "is no file in the folder"),
        ("link.txt", "text/plain", "is no file in the folder"),
        ("a b.txt", "text/plain", "letters, digits"),
        ("a.txt", "image/png", "Is not image/png"),
        ("a.txt", "text/html", "Must be one of"),
    ],
)
def test_a_file_that_is_not_kept_is_named(
    tmp_path: Path, place: str, kind: str, words: str
) -> None:
    folder = tmp_path / "articles"
    for name in ("id/a.txt", "id/a b.txt", "../secret.txt"):
        write(folder, name, "a")
    (folder / "id/link.txt").symlink_to(tmp_path / "secret.txt")
    named = json.dumps({place: kind})
    write(folder, "id/vpn.md", f"---\ntitle: VPN\nfiles: {named}\n---\nIsi.")

    with pytest.raises(FileFault) as fault:
        read_articles(folder)

    assert str(fault.value).startswith(f"id/vpn.md: files: {place}: ")
    assert words in str(fault.value)


def test_only_what_differs_is_sent(tmp_path: Path) -> None:
    write(tmp_path, "id/vpn.md", NAMED)
    write(tmp_path, "id/vpn.files/a.txt", "a")
    articles = read_articles(tmp_path)
    desk = FakeDesk()

    assert command._save(articles, desk=desk) == []
    first, desk.did = desk.did, []
    assert command._save(articles, desk=desk) == []
    desk.files["old.txt"] = ("text/plain", "0")
    command._save(articles, desk=desk)

    where = "/kb/articles/vpn/id"
    put = ("PUT", where)
    assert first == [put, ("PUT", f"{where}/attachments/a.txt")]
    assert desk.did == [put, put, ("DELETE", f"{where}/attachments/old.txt")]


def packed_as(file: Path, texts: Mapping[str, str]) -> Path:
    with zipfile.ZipFile(file, "w") as zipped:
        for name, text in texts.items():
            zipped.writestr(name, text)
    return file


class FakeDesk:
    """A desk that keeps files."""

    def __init__(self) -> None:
        self.files: dict[str, tuple[str, str]] = {}
        self.did: list[tuple[str, str]] = []
        self.sent: list[tuple[str, bytes, str]] = []

    def get(self, _path: str) -> dict[str, list[dict[str, str]]]:
        return {
            "items": [
                {"name": name, "media_type": kind, "sha256": digest}
                for name, (kind, digest) in self.files.items()
            ]
        }

    def put(self, path: str, _body: object) -> None:
        self.did.append(("PUT", path))

    def post_file(self, path: str, content: bytes, *, media_type: str) -> None:
        self.sent.append((path, content, media_type))

    def put_file(self, path: str, content: bytes, *, media_type: str) -> None:
        self.did.append(("PUT", path))
        self.files[path.rpartition("/")[2]] = (media_type, hashlib.sha256(content).hexdigest())

    def delete(self, path: str) -> None:
        self.did.append(("DELETE", path))
        del self.files[path.rpartition("/")[2]]


def test_one_article_twice_is_a_fault(tmp_path: Path) -> None:
    write(tmp_path, "id/vpn.md", FRONT)
    write(tmp_path, "old/id/vpn.md", FRONT)

    with pytest.raises(FileFault, match=r"old/id/vpn\.md: the article of id/vpn\.md again"):
        read_articles(tmp_path)


def test_the_houses_own_articles_can_be_imported() -> None:
    said = CliRunner().invoke(
        command.kb, ["import", str(here().root / "deploy/demo/articles"), "--check"]
    )

    assert (said.exit_code, said.output) == (0, "92 articles can be imported\n")


def test_the_command_says_what_is_wrong_and_fails(tmp_path: Path) -> None:
    said = CliRunner().invoke(command.kb, ["import", str(write(tmp_path, "a.jsonl", "x"))])

    assert said.exit_code == 1
    assert "a.jsonl line 1: not JSON" in said.output


def test_a_zip_is_sent_as_it_is_once_it_was_found_to_be_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = FakeDesk()
    monkeypatch.setattr(command, "_desk", lambda url, token: desk)
    file = packed_as(tmp_path / "articles.zip", {"id/vpn.md": FRONT})

    checked = CliRunner().invoke(command.kb, ["import", str(file), "--check"])
    assert (checked.output, desk.sent) == ("1 articles can be imported\n", [])

    said = CliRunner().invoke(command.kb, ["import", str(file)])
    assert (said.exit_code, said.output) == (0, "1 articles imported, 0 refused\n")
    assert desk.sent == [("/kb/import", file.read_bytes(), "application/zip")]


def test_all_faults_of_a_zip_are_said_and_nothing_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = FakeDesk()
    monkeypatch.setattr(command, "_desk", lambda url, token: desk)
    bad = FRONT.replace("internal", "everybody")
    file = packed_as(tmp_path / "articles.zip", {"id/vpn.md": bad, "id/wifi.md": "no front matter"})

    said = CliRunner().invoke(command.kb, ["import", str(file)])

    assert (said.exit_code, desk.sent) == (1, [])
    assert "id/vpn.md" in said.output
    assert "id/wifi.md" in said.output


def test_what_is_no_zip_is_named(tmp_path: Path) -> None:
    file = write(tmp_path, "articles.zip", "no zip")

    said = CliRunner().invoke(command.kb, ["import", str(file), "--check"])

    assert said.exit_code == 1
    assert f"{file}: body: Is no zip that can be read." in said.output


def test_the_command_measures_as_the_service_does(tmp_path: Path) -> None:
    said = CliRunner().invoke(command.kb, ["evaluate", "--docs", str(tmp_path / "missing")])

    assert said.exit_code == 2
