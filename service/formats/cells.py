"""A report as cells of a table, and back: what many reports say has a column of its own, all else
stands as JSON in the column `report`. Nothing is lost: what a column cannot hold stays in the JSON.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from schemas.body import read_object, write
from service.errors import Malformed

Json = dict[str, Any]
Path = tuple[str, ...]

REPORT = "report"
"""The column of what has none of its own."""

TEXTS: dict[str, Path] = {
    **{
        name: (name,)
        for name in (
            *("type", "key", "modality", "phrase", "effective_at", "harm", "scope", "name"),
            *("role", "country", "precision", "weapon", "basis", "actor", "object", "extent"),
            *("unit", "course", "statement", "subject", "relation", "speaker", "likelihood"),
            *("confidence", "response", "execution", "evidence", "stance", "paraphrase", "quote"),
            *("headline", "body", "question", "text", "url", "status", "reason"),
        )
    },
    **{f"origin_{name}": ("origin", name) for name in ("key", "name", "kind", "kind_other")},
    **{
        f"group_{name}": ("group", name)
        for name in (
            *("nationality", "role", "role_other", "affiliation", "sex", "age_band"),
            *("severity", "cause"),
        )
    },
    "quantity": ("quantity",),
    **{f"occurred_{name}": ("occurred", name) for name in ("earliest", "latest", "precision")},
}
NUMBERS: dict[str, Path] = {name: ("quantity", name) for name in ("low", "high", "best")}
FLAGS: dict[str, Path] = {"origin_named": ("origin", "named")}
POINT = ("latitude", "longitude")
NUMERIC = {*NUMBERS, *POINT}

PATHS = {**TEXTS, **NUMBERS, **FLAGS}
COLUMNS = (
    *("type", "key", "origin_key", "origin_name", "origin_kind", "origin_kind_other"),
    *("origin_named", "modality", "phrase", "effective_at", "harm", "scope"),
    *(name for name in TEXTS if name.startswith("group_")),
    *("quantity", "low", "high", "best", "occurred_earliest", "occurred_latest"),
    *("occurred_precision", "name", "role", "country", *POINT, "precision"),
    *(
        name
        for name, path in TEXTS.items()
        if len(path) == 1
        and name
        not in {
            *("type", "key", "modality", "phrase", "effective_at", "harm", "scope", "quantity"),
            *("name", "role", "country", "precision"),
        }
    ),
    REPORT,
)

_COLUMN_OF = {path: column for column, path in PATHS.items()}
_NUMBER = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?", re.ASCII)


class CellFault(NamedTuple):
    column: str
    reason: str


def cells_of(report: Mapping[str, Any]) -> dict[str, str]:
    """The cells that have something; `report_of` gives the report again."""
    rest, cells = dict(report), dict[str, str]()
    for key, value in report.items():
        told = _told(key, value)
        if told is not None:
            cells |= told
            del rest[key]
    if rest:
        cells[REPORT] = write(rest).decode()
    return cells


def report_of(cells: Mapping[str, str]) -> tuple[Json, list[CellFault]]:
    """What the cells of a row say, and what is wrong with them. Empty cells say nothing."""
    report, faults = dict[str, Any](), list[CellFault]()
    for column in COLUMNS:
        text = cells.get(column, "")
        if not text.strip() or column == REPORT or column in POINT:
            continue
        value = _read(column, text)
        if value is None:
            faults.append(CellFault(column, _wanted(column)))
        elif not _put(report, PATHS[column], value):
            faults.append(CellFault(column, "words of a quantity, or its numbers, but not both"))
    faults += _add_point(report, cells)
    faults += _add_rest(report, cells.get(REPORT, ""))
    return report, faults


def column_of(pointer: str) -> str:
    """The column of a place in a report (RFC 6901, from the report on)."""
    path = tuple(pointer.strip("/").split("/"))
    for column, known in PATHS.items():
        if known == path[: len(known)]:
            return column
    return "latitude" if path[0] == "geometry" else REPORT


def _told(key: str, value: Any) -> dict[str, str] | None:
    """The cells of one member; None where it has to stay JSON, being more than columns can say."""
    if key == "geometry":
        return _point_cells(value)
    inner: dict[Path, Any] = {(key,): value}
    if isinstance(value, Mapping):
        inner = {(key, name): held for name, held in value.items()}
    cells = {}
    for path, held in inner.items():
        column = _COLUMN_OF.get(path)
        shown = None if column is None else _shown(column, held)
        if column is None or shown is None:
            return None
        cells[column] = shown
    return cells or None


def _shown(column: str, value: Any) -> str | None:
    if column in FLAGS:
        return None if not isinstance(value, bool) else str(value).lower()
    if column in NUMBERS:
        return _number_shown(value)
    return value if isinstance(value, str) and value.strip() else None


def _number_shown(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    shown = str(value) if isinstance(value, int) else f"{value:f}"
    return shown if _NUMBER.fullmatch(shown) and _number(shown) == value else None


def _point_cells(geometry: Any) -> dict[str, str] | None:
    match geometry:
        case {"type": "Point", "coordinates": [longitude, latitude], **more} if not more:
            east, north = _number_shown(longitude), _number_shown(latitude)
            if east is not None and north is not None:
                return {"latitude": north, "longitude": east}
    return None


def _read(column: str, text: str) -> Any:
    if column in FLAGS:
        return {"true": True, "false": False}.get(text.strip().lower())
    if column in NUMBERS:
        return _number(text.strip())
    return text


def _wanted(column: str) -> str:
    return "must be true or false" if column in FLAGS else "must be a number such as 3 or 2.5"


def _number(text: str) -> int | Decimal | None:
    if _NUMBER.fullmatch(text) is None:
        return None
    return Decimal(text) if "." in text else int(text)


def _put(report: Json, path: Path, value: Any) -> bool:
    """Whether there was room: a quantity is words or numbers."""
    *outer, name = path
    held = report.setdefault(outer[0], {}) if outer else report
    if not isinstance(held, dict) or name in held:
        return False
    held[name] = value
    return True


def _add_point(report: Json, cells: Mapping[str, str]) -> list[CellFault]:
    told = {name: cells.get(name, "").strip() for name in POINT}
    if not any(told.values()):
        return []
    numbers = {name: _number(text) for name, text in told.items()}
    wrong = [name for name, number in numbers.items() if number is None]
    if wrong:
        return [CellFault(name, "a point needs both, in degrees such as 33.52") for name in wrong]
    coordinates = [numbers["longitude"], numbers["latitude"]]
    report["geometry"] = {"type": "Point", "coordinates": coordinates}
    return []


def _add_rest(report: Json, text: str) -> list[CellFault]:
    if not text.strip():
        return []
    try:
        rest = read_object(text.encode())
    except (Malformed, UnicodeEncodeError) as wrong:
        return [CellFault(REPORT, str(wrong).replace("the body", "it"))]
    twice = sorted(report.keys() & rest.keys())
    report |= rest
    return [CellFault(REPORT, f"{name} has a column, which is filled too") for name in twice]
