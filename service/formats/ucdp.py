"""Situations as rows with the column names of UCDP's Georeferenced Event Dataset (GED).

docs/formats.md says which of its columns are here, how each is filled, and which are left out
because the record does not know them (who is side a, which conflict, which kind of violence).
"""

from service.domain.overview import PlacePrecision
from service.domain.situation import Situation
from service.formats import facts
from service.formats.site import Asked, Site
from service.formats.table import Cell

COLUMNS = (
    *("relid", "year", "number_of_sources", "source_article", "source_office", "source_original"),
    *("where_prec", "where_coordinates", "where_description", "latitude", "longitude"),
    *("date_prec", "date_start", "date_end", "deaths_civilians", "best", "high", "low"),
    *("title", "kind", "status", "country_iso2", "killed_status", "injured_low", "injured_high"),
    *("injured_status", "responsibility", "attribution", "version", "recorded_at", "as_of"),
    *("published_until", "policy", "left_out"),
)
"""From `title` on they are Sitrep's own."""

WHERE = {
    PlacePrecision.EXACT: 1,
    PlacePrecision.FACILITY: 1,
    PlacePrecision.LOCALITY: 1,
    PlacePrecision.CITY: 1,
    PlacePrecision.VICINITY: 2,
    PlacePrecision.ADM2: 3,
    PlacePrecision.ADM1: 4,
    PlacePrecision.COUNTRY: 6,
}
"""`where_prec`; what UCDP has no number for stays empty."""

WHEN = ((1, 1), (6, 2), (7, 3), (31, 4))
"""At most so many days are this `date_prec`; more are 5."""


def row(held: Situation, site: Site, asked: Asked = ()) -> list[Cell]:
    when, place = facts.days(held.overview.occurred), facts.scene(held)
    at = facts.point(place)
    killed, injured = held.casualties.killed, held.casualties.injured
    civilians = facts.toll_of(held, role="civilian")
    cells: dict[str, Cell] = {
        "relid": held.incident,
        "year": _year(when),
        "number_of_sources": len(held.publishers),
        "source_article": site.page(held.incident, asked),
        "source_office": "; ".join(facts.sources(held)),
        "source_original": "; ".join(killed.origins),
        "where_prec": _where(place.precision) if place is not None else None,
        "where_coordinates": None if place is None else place.name,
        "where_description": "; ".join(_places(held)),
        "latitude": None if at is None else at.latitude,
        "longitude": None if at is None else at.longitude,
        "date_prec": None if when is None else _precision(when.number),
        "date_start": None if when is None else when.first,
        "date_end": None if when is None else when.last,
        "deaths_civilians": None if civilians is None else facts.count(civilians),
        "best": facts.count(killed),
        "high": killed.high,
        "low": facts.least(killed),
        "title": held.title,
        "kind": held.kind,
        "status": held.status,
        "country_iso2": None if place is None else place.country,
        "killed_status": killed.status,
        "injured_low": facts.least(injured),
        "injured_high": injured.high,
        "injured_status": injured.status,
        "responsibility": held.attribution.responsibility,
        "attribution": facts.attributed(held),
        **facts.question(held),
    }
    return [cells[name] for name in COLUMNS]


def _year(when: facts.Days | None) -> int | None:
    return int(when.first[:4]) if when is not None and when.first[:4] == when.last[:4] else None


def _precision(number: int) -> int:
    return next((told for days, told in WHEN if number <= days), 5)


def _where(precision: str | None) -> int | None:
    return None if precision is None else WHERE.get(PlacePrecision(precision))


def _places(held: Situation) -> list[str]:
    return [facts.placed(place) for place in held.overview.locations]
