"""A sheet of updates, as CSV that somebody filled in or `updates.csv` gave: read into what is
posted for it, and everything that is wrong by row and column.

Rows are counted as a spreadsheet does: the header is row 1. Nothing here writes to a store.
"""

import csv
from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import groupby
from typing import Any, NamedTuple

from schemas.body import write
from schemas.forms import Slug
from schemas.update import load_update
from service.errors import Malformed, Refused
from service.formats import cells
from service.formats.table import unguarded
from service.formats.updates import COLUMNS, INCIDENT, MISSING, OPENING, UPDATE

MOST_BYTES = 64 * 1024 * 1024
LONGEST_CELL = 16 * 1024 * 1024
HEADER_ROW = 1

csv.field_size_limit(LONGEST_CELL)

PUBLISHER = "publisher_"


class RowFault(NamedTuple):
    """`column` is empty where the row as a whole is wrong."""

    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        place = f"row {self.row}{f', {self.column}' if self.column else ''}"
        return f"{place}: {self.reason}"


class SheetUpdate(NamedTuple):
    """One update, from the rows of its reports. `top` is what it tells of its incident, `body` what
    is posted beside that. `opens` where its first row opens the incident.
    """

    rows: tuple[int, ...]
    top: dict[str, Any]
    body: dict[str, Any]
    opens: bool

    @property
    def incident(self) -> str:
        return str(self.top.get("incident", ""))


class Sheet(NamedTuple):
    """The updates that are right by themselves, what is wrong with the others, how many these are,
    and of which incidents.
    """

    updates: tuple[SheetUpdate, ...]
    faults: tuple[RowFault, ...]
    wrong: int
    broken: frozenset[str]


class _Row(NamedTuple):
    number: int
    cells: dict[str, str]

    @property
    def key(self) -> tuple[str, ...]:
        """The same for rows of one update that follow one another."""
        named = ("incident", "update_id")
        names = named if self.cells.get("update_id") else ("incident", *UPDATE)
        return tuple(self.cells.get(name, "") for name in names)


def read(data: bytes) -> Sheet:
    """Raises Malformed for what is no such table at all: no UTF-8, no CSV, other columns."""
    updates, faults, broken = list[SheetUpdate](), list[RowFault](), list[str]()
    first: dict[tuple[str, ...], int] = {}
    for key, group in groupby(_rows(data), key=lambda row: row.key):
        rows = list(group)
        before = first.setdefault(key, rows[0].number)
        found, wrong = _update(rows)
        if key[1] and before != rows[0].number:
            wrong = [RowFault(rows[0].number, "update_id", f"its update began in row {before}")]
        faults += wrong
        if wrong:
            broken.append(found.incident)
        else:
            updates.append(found)
    return Sheet(tuple(updates), tuple(faults), len(broken), frozenset(broken))


def place_of(update: SheetUpdate, pointer: str) -> tuple[int, str]:
    """The row and the column of a place in an update's body."""
    first = update.rows[0]
    parts = pointer.strip("/").split("/")
    if parts[0] == "reports" and len(parts) > 1 and parts[1].isdigit():
        row = update.rows[min(int(parts[1]) + update.opens, len(update.rows) - 1)]
        return row, cells.column_of("/".join(parts[2:])) if len(parts) > 2 else ""
    if parts[0] == "publisher":
        return first, f"{PUBLISHER}{parts[1]}" if len(parts) > 1 else "publisher_key"
    return first, parts[0] if parts[0] in COLUMNS else ""


def _rows(data: bytes) -> Iterator[_Row]:
    """Every row that is not blank."""
    if len(data) > MOST_BYTES:
        raise Malformed(f"the table has more than {MOST_BYTES} bytes: split it")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = data.count(b"\n", 0, wrong.start) + 1
        raise Malformed(f"line {line} is not UTF-8: save the table as CSV in UTF-8") from wrong
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    header: list[str] | None = None
    number = 0
    try:
        for row in reader:
            number += 1
            if header is None:
                header = _header(row)
            elif any(cell.strip() for cell in row):
                yield _Row(number, _named(header, row, number))
    except csv.Error as wrong:
        raise Malformed(f"row {number + 1} is no CSV: {wrong}") from wrong
    if header is None:
        raise Malformed("the table is empty: its first row names the columns")


def _header(row: Sequence[str]) -> list[str]:
    names = [cell.strip() for cell in row]
    strange = [name for name in names if name not in COLUMNS]
    if strange:
        known = ", ".join(COLUMNS)
        raise Malformed(f"row 1: unknown column {strange[0]!r}; the columns are {known}")
    if len(set(names)) < len(names):
        raise Malformed("row 1: a column stands there twice")
    for needed in ("incident", "publisher_key", "publisher_kind", "type"):
        if needed not in names and not (needed == "type" and cells.REPORT in names):
            raise Malformed(f"row 1: the column {needed} is missing")
    return names


def _named(header: Sequence[str], row: Sequence[str], number: int) -> dict[str, str]:
    if len(row) > len(header):
        raise Malformed(f"row {number} has {len(row)} cells, and the header {len(header)}")
    told = zip(header, row, strict=False)
    return {name: unguarded(cell) for name, cell in told if cell.strip()}


def _update(rows: Sequence[_Row]) -> tuple[SheetUpdate, list[RowFault]]:
    """What the rows of an update say together, and everything that is wrong with it."""
    first, faults = rows[0], list(_disagreements(rows))
    opens = first.cells.get("type") == OPENING
    reports = []
    for row in rows[1:] if opens else rows:
        report, wrong = cells.report_of(row.cells)
        faults += (RowFault(row.number, *fault) for fault in wrong)
        if missing := row.cells.get(MISSING):
            faults.append(RowFault(row.number, MISSING, f"{missing}: there is nothing to import"))
        elif report.get("type") == OPENING:
            faults.append(RowFault(row.number, "type", "only an update's first row opens"))
        reports.append(report)
    publisher = {
        name.removeprefix(PUBLISHER): first.cells[name]
        for name in UPDATE
        if name.startswith(PUBLISHER) and name in first.cells
    }
    names = ("update_id", "published_at", "summary")
    said: dict[str, Any] = {name: first.cells[name] for name in names if name in first.cells}
    found = SheetUpdate(
        rows=tuple(row.number for row in rows),
        top={name: first.cells[name] for name in INCIDENT if name in first.cells},
        body={**said, "publisher": publisher, "reports": reports},
        opens=opens,
    )
    if not faults:
        faults += _refusals(found)
    return found, faults


def _disagreements(rows: Sequence[_Row]) -> Iterator[RowFault]:
    """Cells of the update as a whole, which have to say the same in each of its rows."""
    first = rows[0]
    for row in rows[1:]:
        for name in (*INCIDENT, *UPDATE):
            if row.cells.get(name) != first.cells.get(name):
                reason = f"says something else than row {first.number} of the same update"
                yield RowFault(row.number, name, reason)


def _refusals(update: SheetUpdate) -> Iterator[RowFault]:
    """What the door would object to."""
    if Slug.form.fullmatch(update.incident) is None:
        yield RowFault(update.rows[0], "incident", Slug.wanted)
    if update.opens and "title" not in update.top:
        yield RowFault(update.rows[0], "title", "missing")
    body = update.body
    if update.opens and not body["reports"]:
        body = {**body, "reports": [{"type": "context", "paraphrase": "none"}]}
    try:
        load_update(write(body))
    except Refused as refused:
        for fault in refused.faults:
            yield RowFault(*place_of(update, fault.pointer), fault.detail)
    except Malformed as wrong:
        yield RowFault(update.rows[0], "", str(wrong))
