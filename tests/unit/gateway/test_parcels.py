"""Articles as files, and files as articles."""

import io
import json
import zipfile
from typing import Any

import pytest

from contracts import kb
from contracts.errors import Invalid, NotFound
from gateway.parcels import MOST_BYTES, ParcelFile, markdown_of, packed, parcel_of, unpacked
from tests.unit.gateway.fakes import NOW, FakeCaller, article

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
FILES = (
    ParcelFile(name="a.csv", media_type="text/csv", content="nama;\u00e9\n".encode()),
    ParcelFile(name="step", media_type="image/png", content=PNG),
)
PLAIN = "---\ntitle: VPN\n---\nIsi."


def zipped(**files: str) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in files.items():
            made.writestr(name.replace("__", "/") + ".md", text)
    return whole.getvalue()


def test_what_goes_out_comes_in_again_as_it_was() -> None:
    nasty = article(
        title='A: "quoted" # [x] é',
        audience="group",
        groups=("net", "hr"),
        tags=("no", "2026-01-05", "a, b"),
        problem="17",
        review_at=NOW,
        body="---\n# Not front matter\n---",
    )

    (parcel,) = unpacked(packed([(nasty, FILES)]))

    assert (parcel.key, parcel.language) == (nasty.key, nasty.language)
    for name in ("title", "audience", "groups", "tags", "problem", "review_at", "body", "status"):
        assert getattr(parcel.body, name) == getattr(nasty, name), name
    assert parcel.files == FILES


def test_the_same_articles_are_the_same_bytes() -> None:
    assert packed([(article(), FILES)]) == packed([(article(), FILES)])


def test_a_files_place_says_key_and_language() -> None:
    parcel = parcel_of(PLAIN, file="old/id/vpn-putus.md")

    assert (parcel.key, parcel.language, parcel.body.status) == ("vpn-putus", "id", "published")


@pytest.mark.parametrize(
    ("files", "fault"),
    [
        ({}, "body"),
        ({"vpn": PLAIN}, "vpn.md language"),
        ({"id__vpn": "Isi."}, "id/vpn.md front matter"),
        ({"id__vpn": "---\ntitle: VPN\nIsi."}, "id/vpn.md front matter"),
        ({"id__vpn": "---\n[1, 2\n---\nIsi."}, "id/vpn.md front matter"),
        ({"id__vpn": "---\n- 1\n---\nIsi."}, "id/vpn.md front matter"),
        ({"id__vpn": f"---\ntitle: {'x' * 17_000}\n---\nIsi."}, "id/vpn.md front matter"),
        ({"id__vpn": "---\ntitle: VPN\nstate: x\n---\nIsi."}, "id/vpn.md state"),
        ({"id__vpn": "---\ntitle: VPN\nstatus: gone\n---\nIsi."}, "id/vpn.md status"),
        ({"id__vpn": "---\ntitle: VPN\n---\n"}, "id/vpn.md body"),
        ({"id__vpn": PLAIN + "x" * MOST_BYTES}, "id/vpn.md"),
        ({"id__vpn": PLAIN, "a__id__vpn": PLAIN}, "a/id/vpn.md"),
    ],
)
def test_a_file_that_is_not_right_is_named(files: dict[str, str], fault: str) -> None:
    with pytest.raises(Invalid) as refused:
        unpacked(zipped(**files))

    assert list(refused.value.errors) == [fault]


# -- files beside it -----------------------------------------------------------------------------


def with_files(named: str, **entries: bytes | str) -> bytes:
    """A zip of one article that names files, and of entries (`__` is a slash, `_` a dot)."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("id/vpn.md", f"---\ntitle: VPN\nfiles: {named}\n---\nIsi.")
        for name, content in entries.items():
            made.writestr(name.replace("__", "/").replace("_", "."), content)
    return whole.getvalue()


def faults(raw: bytes) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as refused:
        unpacked(raw)
    return refused.value.errors


def test_files_are_found_from_the_markdown_files_place() -> None:
    raw = with_files('{"vpn.files/a.png": "image/png"}', id__vpn_files__a_png=PNG)

    (parcel,) = unpacked(raw)

    assert [(file.name, file.media_type, file.content) for file in parcel.files] == [
        ("a.png", "image/png", PNG)
    ]


def test_what_says_nothing_of_files_leaves_them_and_what_names_none_has_none() -> None:
    (silent,) = unpacked(zipped(id__vpn=PLAIN))
    (none,) = unpacked(with_files("{}"))

    assert (silent.named, none.named) == (None, {})


@pytest.mark.parametrize(
    ("named", "fault"),
    [
        ('["a.png"]', "mapping"),
        ("a.png", "mapping"),
        ('{"b.png": "image/png"}', "is not in the zip"),
        ('{"../en/a.png": "image/png"}', "no place"),
        ('{"/id/a.png": "image/png"}', "no place"),
        ('{"C:a.png": "image/png"}', "no place"),
        ('{"x/.hidden": "image/png"}', "no place"),
        ('{"a.png": "image/svg+xml"}', "Must be one of"),
        ('{"a.png": ""}', "Must be one of"),
        ('{"a.png": "application/pdf"}', "Is not application/pdf"),
        ('{"big.png": "image/png"}', "1 to 1048576 bytes"),
        ('{"empty.txt": "text/plain"}', "1 to 1048576 bytes"),
        ('{"a.png": "image/png", "x/a.png": "image/png"}', "twice"),
        ("{" + ", ".join(f'"{n}.png": "image/png"' for n in range(21)) + "}", "More than 20"),
    ],
)
def test_a_file_that_is_not_kept_is_named(named: str, fault: str) -> None:
    raw = with_files(
        named,
        id__a_png=PNG,
        en__a_png=PNG,
        id__big_png=PNG + b"x" * 1_048_576,
        id__empty_txt="",
    )

    (found,) = faults(raw).items()

    assert found[0] == "id/vpn.md files"
    assert fault in found[1][0]


@pytest.mark.parametrize(
    "name", ["../vpn.md", "/etc/vpn.md", "id/../../vpn.md", "id\\vpn.md", "C:/vpn.md", "id/v\tn.md"]
)
def test_a_name_that_leads_out_of_the_zip_is_refused(name: str) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as made:
        made.writestr(name, PLAIN)

    assert list(faults(whole.getvalue()).values()) == [["Leads out of the zip."]]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_entry_that_is_there_twice_is_refused() -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as made:
        for text in (PLAIN, PLAIN + "2"):
            made.writestr("id/vpn.md", text)

    assert faults(whole.getvalue()) == {"id/vpn.md": ["Is in the zip twice."]}


def test_too_many_entries_and_too_many_articles_are_refused() -> None:
    many = {f"id__{number}": PLAIN for number in range(1_001)}
    assert faults(zipped(**many)) == {"body": ["More than 1000 articles."]}

    more = {f"f{number}": "" for number in range(5_001)}
    assert faults(with_files("{}", **more)) == {"body": ["More than 5000 entries."]}


def test_a_zip_that_swells_is_refused_before_it_is_read() -> None:
    named = {f"{number}.txt": "text/plain" for number in range(20)}
    entries = {f"id__{number}_txt": "x" * 1_048_576 for number in range(20)}

    raw = with_files(json.dumps(named), **entries)

    assert len(raw) < 30_000
    assert faults(raw) == {"body": ["Holds too much once unpacked."]}


def test_what_no_article_names_is_not_read() -> None:
    raw = with_files("{}", **{f"id__{number}_bin": "x" * 4_194_304 for number in range(20)})

    assert len(unpacked(raw)) == 1


@pytest.mark.parametrize("raw", [b"", b"PK", b"no zip", zipped(id__vpn=PLAIN)[:-30]])
def test_what_is_no_zip_is_refused(raw: bytes) -> None:
    with pytest.raises(Invalid):
        unpacked(raw)


# -- through the API -----------------------------------------------------------------------------

ZIP = {"Content-Type": "application/zip", "Idempotency-Key": "k"}


def test_an_export_holds_every_article_that_the_caller_may_read(
    agent: Any, caller: FakeCaller
) -> None:
    line = kb.ArticleLine(
        key="vpn-putus",
        language="id",
        title="VPN",
        status="published",
        audience="public",
        groups=(),
        category=None,
        problem=None,
        owner="a@nusantara.example",
        revision=1,
        version=1,
        updated_at=NOW,
        review_at=None,
        publish_at=None,
    )
    caller.answers |= {
        "list_articles": kb.ArticlePage(items=(line,), counts={}, review_due=0),
        "get_article": article(),
        "list_attachments": kb.Attachments(items=()),
    }

    answer = agent.get("/api/v1/kb/export?status=published&lang=id")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="articles.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as found:
        assert found.read("id/vpn-putus.md").decode() == markdown_of(article())
    assert caller.last("list_articles").question.audience == "internal"


def test_an_import_saves_every_file_with_a_key_of_its_own(someone: Any, caller: FakeCaller) -> None:
    caller.answers["put_article"] = lambda spec: article(key=spec.key)
    body = zipped(id__vpn=PLAIN, en__vpn=PLAIN)

    answer = someone("lead").post("/api/v1/kb/import", body=body, headers=ZIP)

    assert [item["file"] for item in answer.json["items"]] == ["id/vpn.md", "en/vpn.md"]
    asked = [each for each in caller.asked if each.operation == "put_article"]
    assert len({each.key for each in asked}) == len(asked)
    assert {each.question.role for each in asked} == {"lead"}


def test_when_one_file_is_not_right_nothing_is_saved(someone: Any, caller: FakeCaller) -> None:
    body = zipped(id__vpn=PLAIN, id__bad="Isi.")

    answer = someone("lead").post("/api/v1/kb/import", body=body, headers=ZIP)

    assert answer.status_code == 422
    assert [each["field"] for each in answer.json["errors"]] == ["id/bad.md front matter"]
    assert not [each for each in caller.asked if each.operation == "put_article"]


def test_articles_are_imported_by_leads_and_as_a_zip(someone: Any, agent: Any) -> None:
    assert agent.post("/api/v1/kb/import", body=b"", headers=ZIP).status_code == 403
    assert someone("lead").post("/api/v1/kb/import", json={}).status_code == 415


def test_an_export_of_what_went_away_meanwhile_says_so(agent: Any, caller: FakeCaller) -> None:
    caller.answers["list_articles"] = NotFound("not_found")

    assert agent.get("/api/v1/kb/export").status_code == 404
