"""Updates as rows, one for each report: what `sitrep import` takes again (docs/formats.md)."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from schemas.body import read_object
from service.domain.lifecycle import IncidentOpened
from service.domain.moments import write_instant
from service.formats import cells
from service.formats.table import Cell, written
from service.store.retelling import Retold, ToldEvent, ToldUpdate

INCIDENT = ("incident", "title", "kind", "kind_other")
UPDATE = (
    *("update_id", "published_at", "publisher_key", "publisher_name", "publisher_kind"),
    *("publisher_kind_other", "publisher_url", "summary"),
)
MISSING = "missing"
"""Says of a row that it has no words, and why."""

COLUMNS = (*INCIDENT, *UPDATE, *cells.COLUMNS, MISSING)
OPENING = "opening"
"""The `type` of the row that opens an incident."""


def rows(told: Retold) -> bytes:
    """The updates in the order in which they are given."""
    opening = told.opening
    incident = {
        "incident": told.situation.incident,
        "title": opening.title,
        "kind": str(opening.kind),
        "kind_other": opening.kind_other or "",
    }
    return written(COLUMNS, (_cells(incident | row) for row in _rows(told.updates)))


def _rows(updates: Iterable[ToldUpdate]) -> Iterator[dict[str, str]]:
    for update in updates:
        said = _said(update)
        for event in update.events:
            yield {**said, **_report(event)}


def _said(update: ToldUpdate) -> dict[str, str]:
    publisher = update.publisher
    known = (
        {}
        if publisher is None
        else {
            "publisher_key": publisher.key,
            "publisher_name": publisher.name,
            "publisher_kind": str(publisher.kind),
            "publisher_kind_other": publisher.kind_other,
            "publisher_url": publisher.url,
        }
    )
    told = {
        "update_id": update.update_id,
        "published_at": update.published or write_instant(update.published_us),
        **known,
        "summary": update.summary,
    }
    return {name: text for name, text in told.items() if text is not None}


def _report(event: ToldEvent) -> dict[str, str]:
    if event.posted is None:
        return {MISSING: f"event {event.version} ({event.type}) is withheld or erased"}
    if isinstance(event.report, IncidentOpened):
        return {"type": OPENING}
    return cells.cells_of(read_object(bytes(event.posted)))


def _cells(row: dict[str, str]) -> list[Cell]:
    """Numbers as such: a spreadsheet takes them for no formula."""
    return [
        Decimal(row[name]) if name in cells.NUMERIC and name in row else row.get(name)
        for name in COLUMNS
    ]
