"""Articles as files, and files as articles."""

import io
import zipfile
from typing import Any

import pytest

from contracts import kb
from contracts.errors import Invalid, NotFound
from gateway.parcels import MOST_BYTES, markdown_of, packed, parcel_of, unpacked
from tests.unit.gateway.fakes import NOW, FakeCaller, article

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

    (parcel,) = unpacked(packed([nasty]))

    assert (parcel.key, parcel.language) == (nasty.key, nasty.language)
    for name in ("title", "audience", "groups", "tags", "problem", "review_at", "body", "status"):
        assert getattr(parcel.body, name) == getattr(nasty, name), name


def test_the_same_articles_are_the_same_bytes() -> None:
    assert packed([article()]) == packed([article()])


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
        ({"id__vpn": f"---\ntitle: {'x' * 9000}\n---\nIsi."}, "id/vpn.md front matter"),
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
