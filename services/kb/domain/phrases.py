"""What the hotline says by itself, in both languages; the rest are the articles' own words."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

_PHRASES: Mapping[str, Mapping[str, str]] = {
    "id": {
        "welcome": "Halo! Ini jawaban otomatis dari artikel kami. Tulis masalahnya, atau tulis "
        "“orang” kapan saja untuk berbicara dengan petugas.",
        "greet": "Halo! Apa yang bisa dibantu? Tulis masalahnya dengan kata-kata Anda sendiri.",
        "thank": "Senang bisa membantu. Tulis lagi kapan saja.",
        "answer": "Menurut artikel “{title}”:",
        "options": "Yang mana yang Anda maksud? Balas dengan nomornya, atau jelaskan sedikit lagi.",
        "more": "Maaf, itu belum membantu. Bisa ceritakan sedikit lagi: apa yang Anda lakukan, dan "
        "pesan apa yang muncul?",
        "asked": "Baik, saya sambungkan ke petugas.",
        "two_failed": "Maaf, jawaban saya belum membantu. Saya sambungkan ke petugas.",
        "not_confident": "Saya tidak menemukan jawaban yang tepat. Saya sambungkan ke petugas.",
        "open": "Percakapan ini sudah menjadi tiket {number}. Petugas kami akan membalas di sana.",
        "closed": "Percakapan ini sudah menjadi tiket {number}. Saat ini belum ada petugas; kami "
        "buka lagi {at}.",
        "unknown": "Percakapan ini sudah menjadi tiket {number}. Petugas membalas secepatnya.",
        "relayed": "Pesan Anda ditambahkan ke tiket {number}.",
    },
    "en": {
        "welcome": "Hello! These are automatic answers from our articles. Write what is wrong, or "
        "write “human” at any time to talk to a person.",
        "greet": "Hello! What can I help you with? Write it in your own words.",
        "thank": "Glad to help. Write again at any time.",
        "answer": "From the article “{title}”:",
        "options": "Which one do you mean? Answer with its number, or tell me a little more.",
        "more": "Sorry that it did not help. Can you tell me a little more: what did you do, and "
        "which message came?",
        "asked": "All right, I am handing you over to a person.",
        "two_failed": "Sorry, my answers did not help. I am handing you over to a person.",
        "not_confident": "I have no good answer to that. I am handing you over to a person.",
        "open": "This conversation is now ticket {number}. One of our people answers there.",
        "closed": "This conversation is now ticket {number}. Nobody is here right now; we are back "
        "{at}.",
        "unknown": "This conversation is now ticket {number}. A person answers as soon "
        "as possible.",
        "relayed": "Your message was added to ticket {number}.",
    },
}
_DAYS: Mapping[str, Sequence[str]] = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS: Mapping[str, Sequence[str]] = {
    "id": (
        *("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli"),
        *("Agustus", "September", "Oktober", "November", "Desember"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June", "July"),
        *("August", "September", "October", "November", "December"),
    ),
}


def phrase(name: str, *, language: str, **facts: str) -> str:
    """Say something, with the facts put in."""
    return _PHRASES[language][name].format(**facts)


def spoken(at: datetime, *, zone: str, language: str) -> str:
    """An instant as people of that zone say it: `Senin 5 Januari, 08.00 WIB`."""
    local = at.astimezone(ZoneInfo(zone))
    day, month = _DAYS[language][local.weekday()], _MONTHS[language][local.month - 1]
    clock = f"{local:%H.%M}" if language == "id" else f"{local:%H:%M}"
    return f"{day} {local.day} {month}, {clock} {local.tzname()}"
