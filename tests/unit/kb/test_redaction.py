"""What gets out of a ticket before it becomes an article."""

import pytest

from services.kb.domain.drafting import Case, draft, key_for
from services.kb.domain.redaction import redact

PEOPLE = ("Budi Santoso", "budi.santoso@nusantara.example", "Dewi Lestari", "May Sari")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("write to budi.s+vpn@kantor.co.id please", "write to [e-mail] please"),
        ("call 0812-3456-7890 now", "call [phone] now"),
        ("call +62 812 3456 7890.", "call [phone]."),
        ("office (021) 555 1234 ext 2", "office [phone] ext 2"),
        ("same as INC-1042-9 and req-77-1", "same as [ticket] and [ticket]"),
        ("my address 10.20.30.40/24", "my address [IP address]"),
        ("fe80::1 and 2001:db8:0:1:1:1:1:1", "[IP address] and [IP address]"),
        ("card AA:BB:CC:00:11:22", "card [IP address]"),
        ("NIK 3174051203900001", "NIK [number]"),
        ("Budi Santoso and dewi lestari met", "[name] and [name] met"),
        ("BUDI asked, then Lestari answered", "[name] asked, then [name] answered"),
        ("tanya Pak Joko Widodo ya", "tanya Pak [name] ya"),
        ("tanya pak satpam dulu", "tanya pak satpam dulu"),
        ("it may work in may", "it may work in may"),
        ("error 0x80070057 in version 10.0.22631", "error 0x80070057 in version 10.0.22631"),
        ("room 301 at 10:30:45 on 2026-01-05", "room 301 at 10:30:45 on 2026-01-05"),
        ("see https://intranet.example/vpn", "see https://intranet.example/vpn"),
        ("press Ctrl+Shift+5, wait 15 minutes", "press Ctrl+Shift+5, wait 15 minutes"),
    ],
)
def test_a_form_is_known_and_everything_else_stays(said: str, kept: str) -> None:
    assert redact(said, names=PEOPLE, language="en").text == kept


def test_what_was_taken_out_is_counted_and_replaced_in_the_texts_language() -> None:
    found = redact("Halo Pak Budi, email a@b.co dan c@d.co", names=PEOPLE, language="id")

    assert found.text == "Halo Pak [nama], email [email] dan [email]"
    assert found.removed == {"email": 2, "name": 1}


def case(**changes: str) -> Case:
    given = {
        "subject": "VPN putus",
        "body": "Putus.",
        "text": "Ganti.",
        "steps": "",
        "prevention": "",
    }
    return Case(**given | changes, names=PEOPLE)  # type: ignore[arg-type]


def test_a_draft_has_what_was_seen_what_was_done_and_how_to_prevent_it() -> None:
    made = draft(case(prevention="Perbarui."), language="id")

    assert made.body == (
        "## Gejala\n\nPutus.\n\n## Penyelesaian\n\nGanti.\n\n## Agar tidak terulang\n\nPerbarui."
    )


def test_a_signature_does_not_come_along() -> None:
    body = "VPN saya putus.\n\nTerima kasih,\nBudi Santoso\nManajer Pemasaran\nLt. 12"

    assert draft(case(body=body), language="id").body.startswith(
        "## Gejala\n\nVPN saya putus.\n\n## Penyelesaian"
    )


def test_a_letter_of_thanks_alone_stays() -> None:
    assert "Terima kasih" in draft(case(body="Terima kasih"), language="id").body


def test_a_draft_fits_the_limits_of_an_article() -> None:
    made = draft(case(subject="x" * 300, body="y" * 65_536, text="z" * 65_536), language="en")

    assert len(made.title) == 200
    assert len(made.body) < 65_536


@pytest.mark.parametrize(("title", "key"), [("VPN: é!", "vpn-e-1042"), ("日本", "article-1042")])
def test_a_key_is_made_of_the_title_and_a_tail(title: str, key: str) -> None:
    assert key_for(title, tail="1042") == key
