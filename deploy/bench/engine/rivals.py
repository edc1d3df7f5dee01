"""Other calculators that Python people use, where they are installed.

They are no part of the workbench: `pip install businesstimedelta pandas` beside it measures them in
the same run.
"""

import importlib.util
from collections.abc import Iterator
from datetime import datetime, time
from importlib import import_module, metadata

from deploy.bench.engine.questions import CLOSES, JAKARTA, OPENS, Calculator, Question, holidays


def rivals() -> Iterator[tuple[str, Calculator]]:
    """Name with version, and calculator, of each that is here."""
    for package, make in (("businesstimedelta", _business_time_delta), ("pandas", _pandas)):
        if importlib.util.find_spec(package):
            yield f"{package} {metadata.version(package)}", make()


def _business_time_delta() -> Calculator:
    library, pytz = import_module("businesstimedelta"), import_module("pytz")
    zone = pytz.timezone(JAKARTA.key)
    rules = library.Rules(
        [
            library.WorkDayRule(
                start_time=OPENS, end_time=CLOSES, working_days=[0, 1, 2, 3, 4], tz=zone
            ),
            library.HolidayRule(set(holidays()), tz=zone),
        ]
    )

    def ask(question: Question) -> datetime:
        due = question.start + library.BusinessTimeDelta(rules, hours=question.hours)
        assert isinstance(due, datetime)  # noqa: S101 - the library carries no types
        return due

    return ask


def _pandas() -> Calculator:
    pandas = import_module("pandas")
    offset = pandas.offsets.CustomBusinessHour(
        start=time.isoformat(OPENS)[:5], end=time.isoformat(CLOSES)[:5], holidays=list(holidays())
    )

    def ask(question: Question) -> datetime:
        wall = pandas.Timestamp(question.start.replace(tzinfo=None))
        due: datetime = (wall + question.hours * offset).to_pydatetime()
        return due.replace(tzinfo=JAKARTA)

    return ask
