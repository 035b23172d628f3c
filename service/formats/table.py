"""CSV (RFC 4180) that a spreadsheet shows and never runs.

A text that a spreadsheet would take for a formula gets an apostrophe before it, as OWASP advises
("CSV Injection"); `unguarded` takes it away again, so that nothing is lost. Numbers need none.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import StringIO

MEDIA_TYPE = "text/csv; charset=utf-8; header=present"

Cell = str | int | float | Decimal | None
"""None is an empty cell: not known."""

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_GUARDED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


def written(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A header and rows of as many cells, in UTF-8, lines ended by CR LF."""
    into = StringIO(newline="")
    writer = csv.writer(into, lineterminator="\r\n", strict=True)
    writer.writerow(columns)
    writer.writerows([shown(cell) for cell in row] for row in rows)
    return into.getvalue().encode()


def shown(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case str():
            return guarded(cell)
        case Decimal():
            return f"{cell:f}"
    return str(cell)


def guarded(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    return text[1:] if _GUARDED.match(text) else text
