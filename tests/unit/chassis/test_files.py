import pytest

from chassis.files import (
    MOST_NAME,
    PICTURES,
    FileRefused,
    check_file,
    clean_name,
    from_base64,
    in_base64,
    media_type_of,
)
from contracts.errors import Invalid

PNG = b"\x89PNG\r\n\x1a\n\x00"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (PNG, "layar.jpg", "image/png"),
        (b"\xff\xd8\xff\xe0", "IMG_2041", "image/jpeg"),
        (b"PK\x03\x04", "surat.DOCX", DOCX),
        (b"PK\x03\x04", "log.zip", "application/zip"),
        (b"PK\x03\x04", "log.csv", "application/zip"),
        (b"a,b\n", "daftar.csv", "text/csv"),
        (b"<svg onload=alert(1)>", "a.svg", "text/plain"),
        (b"", "kosong.txt", "text/plain"),
        (b"MZ\x90\x00", "setup.exe", None),
        (b"\xff\xfe", "x.txt", None),
    ],
)
def test_a_file_is_what_it_begins_with(content: bytes, name: str, kind: str | None) -> None:
    assert media_type_of(content, name=name) == kind


def test_what_is_said_of_a_file_must_be_so() -> None:
    check_file(PNG, media_type="image/png", most_bytes=len(PNG))

    for content, media_type, field in (
        (PNG + b"x", "image/png", "content"),
        (b"", "text/plain", "content"),
        (b"<svg>", "image/svg+xml", "media_type"),
        (b"<html>", "image/png", "content"),
    ):
        with pytest.raises(FileRefused) as refused:
            check_file(content, media_type=media_type, most_bytes=len(PNG))
        assert refused.value.field == field


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("Tangkapan layar (3).png", "Tangkapan layar (3).png"),
        (r"C:\Users\budi\surat.docx", "surat.docx"),
        ("../../etc/passwd", "passwd"),
        (".bashrc", "bashrc"),
        ("a\x00\r\nb\t c.txt", "a b c.txt"),
        ("laporan\u202efdp.exe", "laporanfdp.exe"),
        ("  . ", "file"),
        ("folder/", "file"),
        ("Cafe\u0301.txt", "Café.txt"),
    ],
)
def test_a_name_is_cleaned(given: str, name: str) -> None:
    assert clean_name(given) == name


def test_a_long_name_keeps_its_ending() -> None:
    cut = clean_name("a" * 300 + ".pdf")

    assert (len(cut), cut[-4:]) == (MOST_NAME, ".pdf")
    assert len(clean_name("Salah. " + "b" * 300)) == MOST_NAME


def test_pictures_are_what_a_browser_draws_and_does_not_run() -> None:
    assert {"image/png", "image/jpeg", "image/gif"} == PICTURES


def test_a_file_travels_as_it_was() -> None:
    assert from_base64(in_base64(PNG)) == PNG
    with pytest.raises(Invalid, match="base64"):
        from_base64("not base64!")
