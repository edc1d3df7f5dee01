"""Indonesia's joint leave (cuti bersama): working days on which the country stays at home.

It is set for each year by a joint decree of the ministers of religious affairs, of manpower and of
administrative reform (SKB 3 Menteri), such as 855/2023, 3/2023 and 4/2023 for the year 2024, or
1017/2024, 2/2024 and 2/2024 for 2025, and is often amended later. A calendar takes the days as they
stand here when it is saved; when a decree changes them, this edition (November 2026) is followed by
another, and the calendar is saved again.
"""

from datetime import date
from typing import Final

from services.sla.domain.calendar import Closure

COUNTRY: Final = "ID"

# Feast, and the days beside it, in the order of the calendar.
_DAYS: Final = (
    ("Idul Fitri", "2019-06-03", "2019-06-04", "2019-06-07"),
    ("Natal", "2019-12-24"),
    ("Tahun Baru Islam", "2020-08-21"),
    ("Maulid Nabi Muhammad", "2020-10-28", "2020-10-30"),
    ("Natal", "2020-12-24"),
    ("Idul Fitri", "2020-12-31"),
    ("Idul Fitri", "2021-05-12"),
    ("Idul Fitri", "2022-04-29", "2022-05-04", "2022-05-05", "2022-05-06"),
    ("Tahun Baru Imlek", "2023-01-23"),
    ("Nyepi", "2023-03-23"),
    ("Idul Fitri", "2023-04-19", "2023-04-20", "2023-04-21", "2023-04-24", "2023-04-25"),
    ("Waisak", "2023-06-02"),
    ("Idul Adha", "2023-06-28", "2023-06-30"),
    ("Natal", "2023-12-26"),
    ("Tahun Baru Imlek", "2024-02-09"),
    ("Nyepi", "2024-03-12"),
    ("Idul Fitri", "2024-04-08", "2024-04-09", "2024-04-12", "2024-04-15"),
    ("Kenaikan Yesus Kristus", "2024-05-10"),
    ("Waisak", "2024-05-24"),
    ("Idul Adha", "2024-06-18"),
    ("Natal", "2024-12-26"),
    ("Tahun Baru Imlek", "2025-01-28"),
    ("Nyepi", "2025-03-28"),
    ("Idul Fitri", "2025-04-02", "2025-04-03", "2025-04-04", "2025-04-07"),
    ("Waisak", "2025-05-13"),
    ("Kenaikan Yesus Kristus", "2025-05-30"),
    ("Idul Adha", "2025-06-09"),
    ("Hari Kemerdekaan Republik Indonesia", "2025-08-18"),
    ("Natal", "2025-12-26"),
    ("Tahun Baru Imlek", "2026-02-16"),
    ("Nyepi", "2026-03-18"),
    ("Idul Fitri", "2026-03-20", "2026-03-23", "2026-03-24"),
    ("Kenaikan Yesus Kristus", "2026-05-15"),
    ("Idul Adha", "2026-05-28"),
    ("Natal", "2026-12-24"),
    ("Tahun Baru Imlek", "2027-02-05"),
    ("Idul Fitri", "2027-03-09", "2027-03-12", "2027-03-15"),
    ("Wafat Yesus Kristus", "2027-03-25"),
    ("Idul Adha", "2027-05-18"),
    ("Waisak", "2027-05-19"),
    ("Natal", "2027-12-24"),
)


def joint_leave(*, first_year: int, last_year: int) -> tuple[Closure, ...]:
    """The days of joint leave from the first to the last year; none for years not decreed yet."""
    days = [(date.fromisoformat(day), feast) for feast, *days in _DAYS for day in days]
    return tuple(
        Closure(first=day, last=day, name=f"Cuti bersama {feast}")
        for day, feast in days
        if first_year <= day.year <= last_year
    )
