"""Opening a log: which form it has, how it is known again, and its rows."""

import csv
import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

from deploy.replay import plain, servicenow, status_log
from deploy.replay.row import Cells, LogFault, LogRow

UTC_ZONE = ZoneInfo("UTC")
FINGERPRINT_LENGTH = 16  # hexadecimal digits

_BROKEN = (csv.Error, UnicodeDecodeError, EOFError, gzip.BadGzipFile, zlib.error)

Reader = Callable[[Iterable[Cells]], Iterator[LogRow]]


@dataclass(frozen=True, kw_only=True)
class Log:
    """A log that can be read as often as wanted.

    Attributes:
        fingerprint: of the header and the first row. A log that has grown at its end since keeps
            it, so that a second replay goes on where the first one stopped.
        zone: whose wall clock instants without offset were read from.
    """

    path: Path
    fingerprint: str
    zone: ZoneInfo
    reader: Reader

    def rows(self, *, limit: int | None = None) -> Iterator[LogRow]:
        """The rows in file order, of the first `limit` tickets or of all.

        Raises:
            LogFault: at the first row that cannot be read.
        """
        with _table(self.path) as (header, lines):
            found = self.reader(_cells(header, lines, zone=self.zone))
            yield from found if limit is None else _of_first_tickets(found, limit)


def open_log(path: Path, *, zone: ZoneInfo = UTC_ZONE) -> Log:
    """A CSV log, gzip-compressed if its name ends in .gz, in one of the three known forms.

    Raises:
        LogFault: none of them, or no rows.
        OSError: the file cannot be opened.
    """
    with _table(path) as (header, lines):
        reader = _reader_for(header)
        first = next(_cells(header, lines, zone=zone), None)
        if first is None:
            raise LogFault(line=2, column=header[0], problem="there is no row")
        identity = repr([header, list(first.values.values())])
    digest = hashlib.sha256(identity.encode()).hexdigest()[:FINGERPRINT_LENGTH]
    return Log(path=path, fingerprint=digest, zone=zone, reader=reader)


@contextmanager
def _table(path: Path) -> Iterator[tuple[list[str], Iterator[list[str]]]]:
    with _text(path) as file:
        lines = _lines(csv.reader(file, strict=True))
        header = [name.strip() for name in next(lines, [])]
        if not header:
            raise LogFault(line=1, column="(all)", problem="the file is empty")
        yield header, lines


def _text(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _lines(table: Iterator[list[str]]) -> Iterator[list[str]]:
    line = 0
    while True:
        line += 1
        try:
            cells = next(table)
        except StopIteration:
            return
        except _BROKEN as broken:
            raise LogFault(line=line, column="(all)", problem=str(broken)) from None
        yield cells


def _cells(header: Sequence[str], lines: Iterable[list[str]], *, zone: ZoneInfo) -> Iterator[Cells]:
    for position, values in enumerate(lines, start=1):
        if len(values) != len(header):
            problem = f"has {len(values)} cells, the header has {len(header)}"
            raise LogFault(line=position + 1, column="(all)", problem=problem)
        yield Cells(position=position, values=dict(zip(header, values, strict=True)), zone=zone)


def _reader_for(header: Sequence[str]) -> Reader:
    for name in header:
        if header.count(name) > 1:
            raise LogFault(line=1, column=name, problem="stands here twice")
    if "ticket_id" in header and "opened_at" not in header and "product" in header:
        _check_columns(header, needed=status_log.COLUMNS)
        return status_log.rows
    if "ticket_id" in header:
        _check_columns(header, needed=servicenow.COLUMNS)
        return servicenow.rows
    known = (*plain.COLUMNS, *plain.OPTIONAL_COLUMNS)
    _check_columns(header, needed=plain.COLUMNS, known=known)
    return plain.rows


def _check_columns(
    header: Sequence[str], *, needed: Sequence[str], known: Sequence[str] | None = None
) -> None:
    for name in needed:
        if name not in header:
            raise LogFault(line=1, column=name, problem="is missing")
    for name in header:
        if known is not None and name not in known:
            problem = f"is not one of: {', '.join(known)}"
            raise LogFault(line=1, column=name, problem=problem)


def _of_first_tickets(rows: Iterable[LogRow], limit: int) -> Iterator[LogRow]:
    # A ticket's rows need not stand together, so the file is read to its end.
    taken: set[str] = set()
    for row in rows:
        if row.ticket in taken or len(taken) < limit:
            taken.add(row.ticket)
            yield row
