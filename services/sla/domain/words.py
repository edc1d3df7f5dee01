"""The flight recorder in words, for people who ask why: Indonesian and English."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

from services.sla.domain.clock import Clock, Crossing
from services.sla.domain.instants import HOUR, MINUTE
from services.sla.domain.recorder import Recorded, Span

Language = Literal["id", "en"]

_CLOCKS: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {
        "first_response": "First response",
        "next_response": "Next response",
        "periodic_update": "Regular update",
        "resolution": "Resolution",
        "accept": "Taking it on",
        "ola": "Agreement between groups",
        "vendor": "Supplier’s answer",
    },
    "id": {
        "first_response": "Tanggapan pertama",
        "next_response": "Tanggapan berikutnya",
        "periodic_update": "Kabar berkala",
        "resolution": "Penyelesaian",
        "accept": "Penerimaan tiket",
        "ola": "Kesepakatan antarkelompok",
        "vendor": "Jawaban pemasok",
    },
}
_STATES: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {
        "running": "running",
        "paused": "paused",
        "breached": "overdue",
        "met": "kept",
        "missed": "missed",
        "cancelled": "cancelled",
    },
    "id": {
        "running": "berjalan",
        "paused": "dijeda",
        "breached": "terlambat",
        "met": "ditepati",
        "missed": "tidak ditepati",
        "cancelled": "dibatalkan",
    },
}
_CAUSES: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {
        "requester": "waiting for the requester",
        "vendor": "waiting for a supplier",
        "change": "waiting for a change",
        "visit": "waiting for a visit",
        "date": "waiting for a date",
        "done": "resolved",
        "elapsed": "the target was used up",
        "reprioritised": "the priority was changed",
        "recategorised": "the category was changed",
        "reassigned": "the group was changed",
        "rebased": "the rules were changed",
        "never_due": "the calendar is not open long enough",
        "no_target": "there is no promise for it any more",
        "left_group": "the ticket left the group",
        "merged": "the ticket was merged",
        "reset": "counted anew",
    },
    "id": {
        "requester": "menunggu pemohon",
        "vendor": "menunggu pemasok",
        "change": "menunggu perubahan",
        "visit": "menunggu kunjungan",
        "date": "menunggu tanggal",
        "done": "terselesaikan",
        "elapsed": "waktu yang dijanjikan habis",
        "reprioritised": "prioritas diubah",
        "recategorised": "kategori diubah",
        "reassigned": "kelompok diubah",
        "rebased": "aturan diubah",
        "never_due": "kalender tidak cukup lama buka",
        "no_target": "tidak ada lagi janji untuk itu",
        "left_group": "tiket meninggalkan kelompok",
        "merged": "tiket digabungkan",
        "reset": "dihitung ulang",
    },
}
_TEXTS: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {
        "now": "{clock}: {state}; {used} of {target} used.",
        "cause": "Because: {cause}.",
        "due": "Due {due} ({zone}).",
        "rules": "By policy {policy}, version {policy_version}, and calendar {calendar}, "
        "version {calendar_version}.",
        "percent": "{percent} % of the target used {at}.",
        "before": "{length} before due: {at}.",
        "after": "{length} after due: {at}.",
        "carried": "{length} were taken over from before.",
        "left_out": "{number} earlier stretches are left out.",
        "open": "{start} to {end}: counted, {length}.",
        "closed": "{start} to {end}: not counted, closed{detail}.",
        "paused": "{start} to {end}: not counted, {detail} ({length} of open time).",
    },
    "id": {
        "now": "{clock}: {state}; {used} dari {target} terpakai.",
        "cause": "Karena: {cause}.",
        "due": "Jatuh tempo {due} ({zone}).",
        "rules": "Menurut kebijakan {policy} versi {policy_version} dan kalender {calendar} "
        "versi {calendar_version}.",
        "percent": "{percent} % dari target terpakai {at}.",
        "before": "{length} sebelum jatuh tempo: {at}.",
        "after": "{length} setelah jatuh tempo: {at}.",
        "carried": "{length} dibawa dari sebelumnya.",
        "left_out": "{number} rentang sebelumnya tidak ditampilkan.",
        "open": "{start} sampai {end}: dihitung, {length}.",
        "closed": "{start} sampai {end}: tidak dihitung, tutup{detail}.",
        "paused": "{start} sampai {end}: tidak dihitung, {detail} ({length} waktu buka).",
    },
}


def told(found: Recorded, *, language: Language) -> tuple[str, ...]:
    """A recorded clock in sentences: how it stands, by which rules, and each stretch."""
    return tuple(_sentences(found, language))


def length(micros: int, *, language: Language) -> str:
    """A length in hours, minutes and seconds; a fraction of a second is left out."""
    hour = "h" if language == "en" else "j"
    sign, micros = ("-" if micros < 0 else ""), abs(micros)
    parts = (
        (micros // HOUR, hour),
        (micros % HOUR // MINUTE, "m"),
        (micros % MINUTE // 1_000_000, "s" if language == "en" else "d"),
    )
    shown = [f"{number} {unit}" for number, unit in parts if number]
    return sign + (" ".join(shown) or f"0 {parts[1][1]}")


def _sentences(found: Recorded, language: Language) -> Iterator[str]:
    text, clock = _TEXTS[language], found.clock
    yield text["now"].format(
        clock=_named(clock, language),
        state=_STATES[language][clock.state],
        used=length(clock.elapsed, language=language),
        target=length(clock.target, language=language),
    )
    cause = "never_due" if clock.unreachable else clock.cause
    if cause:
        yield text["cause"].format(cause=_CAUSES[language].get(cause, cause))
    due = clock.due_at or clock.judged_due_at
    if due is not None:
        yield text["due"].format(due=_wall(due, found.zone), zone=found.zone)
    if clock.calendar:
        yield text["rules"].format(
            policy=clock.policy,
            policy_version=clock.policy_version,
            calendar=clock.calendar,
            calendar_version=clock.calendar_version,
        )
    for crossing in clock.crossings:
        yield _reached(crossing, found.zone, language)
    if found.carried:
        yield text["carried"].format(length=length(found.carried, language=language))
    if found.left_out:
        yield text["left_out"].format(number=found.left_out)
    for span in found.spans:
        yield _stretch(span, found.zone, language)


def _named(clock: Clock, language: Language) -> str:
    name = _CLOCKS[language].get(clock.kind, clock.kind)
    return f"{name} · {clock.group}" if clock.group else name


def _reached(crossing: Crossing, zone: str, language: Language) -> str:
    after = crossing.minutes
    return _TEXTS[language]["after" if after > 0 else "before" if after else "percent"].format(
        percent=crossing.percent,
        length=length(abs(after) * MINUTE, language=language),
        at=_wall(crossing.at, zone),
    )


def _stretch(span: Span, zone: str, language: Language) -> str:
    detail = _CAUSES[language].get(span.detail, span.detail)
    return _TEXTS[language][span.why].format(
        start=_wall(span.start, zone),
        end=_wall(span.end, zone),
        length=length(span.open_time, language=language),
        detail=detail if span.why == "paused" else f" ({detail})" if detail else "",
    )


def _wall(at: datetime, zone: str) -> str:
    wall = at.astimezone(ZoneInfo(zone))
    return f"{wall:%Y-%m-%d %H:%M}" + (f":{wall:%S}" if wall.second else "")
