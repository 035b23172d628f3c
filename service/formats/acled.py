"""Situations as rows with the column names of ACLED's event data.

docs/formats.md says which of its columns are here and how each is filled. ACLED has one number of
fatalities, and 0 where none is known; here that is empty, and the range stands in columns of its
own and in `notes`.
"""

from typing import NamedTuple

from service.domain.moments import SECOND_US, read_instant
from service.domain.overview import PlacePrecision
from service.domain.situation import Situation
from service.formats import facts
from service.formats.site import Asked, Site
from service.formats.table import Cell

COLUMNS = (
    *("event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type"),
    *("sub_event_type", "actor1", "location", "latitude", "longitude", "geo_precision", "source"),
    *("notes", "fatalities", "tags", "timestamp"),
    *("title", "kind", "status", "date_from", "date_to", "country_iso2", "fatalities_low"),
    *("fatalities_high", "fatalities_best", "fatalities_status", "injured_low", "injured_high"),
    *("injured_status", "responsibility", "attribution", "url", "version", "recorded_at", "as_of"),
    *("published_until", "policy", "left_out"),
)
"""From `title` on they are Sitrep's own."""


class Kind(NamedTuple):
    disorder: str
    event: str
    sub_event: str | None = None


_VIOLENCE = "Political violence"
_REMOTE = "Explosions/Remote violence"

KINDS = {
    "attack.rocket": Kind(_VIOLENCE, _REMOTE, "Shelling/artillery/missile attack"),
    "attack.missile": Kind(_VIOLENCE, _REMOTE, "Shelling/artillery/missile attack"),
    "attack.strike": Kind(_VIOLENCE, _REMOTE),
    "attack.bombing": Kind(_VIOLENCE, _REMOTE),
    "clash": Kind(_VIOLENCE, "Battles"),
}
"""What a kind is for certain: a shooting may be a battle or an attack on civilians."""

WHERE = {
    PlacePrecision.EXACT: 1,
    PlacePrecision.FACILITY: 1,
    PlacePrecision.LOCALITY: 1,
    PlacePrecision.CITY: 1,
    PlacePrecision.VICINITY: 2,
    PlacePrecision.ADM2: 2,
    PlacePrecision.ADM1: 3,
}
"""`geo_precision`; a country is more than ACLED's 3 and stays empty."""


def row(held: Situation, site: Site, asked: Asked = ()) -> list[Cell]:
    when, place = facts.days(held.overview.occurred), facts.scene(held)
    at = facts.point(place)
    day = when.first if when is not None and when.number == 1 else None
    kind = KINDS.get(held.kind)
    killed, injured = held.casualties.killed, held.casualties.injured
    cells: dict[str, Cell] = {
        "event_id_cnty": held.incident,
        "event_date": day,
        "year": None if day is None else int(day[:4]),
        "time_precision": None if day is None else 1,
        "disorder_type": None if kind is None else kind.disorder,
        "event_type": None if kind is None else kind.event,
        "sub_event_type": None if kind is None else kind.sub_event,
        "actor1": "; ".join(facts.responsible(held)),
        "location": None if place is None else place.name,
        "latitude": None if at is None else at.latitude,
        "longitude": None if at is None else at.longitude,
        "geo_precision": None if place is None else _where(place.precision),
        "source": "; ".join(facts.sources(held)),
        "notes": " ".join([f"{held.title}.", *facts.sentences(held)]),
        "fatalities": facts.count(killed),
        "tags": held.kind,
        "timestamp": read_instant(held.recorded_at) // SECOND_US,
        "title": held.title,
        "kind": held.kind,
        "status": held.status,
        "date_from": None if when is None else when.first,
        "date_to": None if when is None else when.last,
        "country_iso2": None if place is None else place.country,
        "fatalities_low": facts.least(killed),
        "fatalities_high": killed.high,
        "fatalities_best": killed.best,
        "fatalities_status": killed.status,
        "injured_low": facts.least(injured),
        "injured_high": injured.high,
        "injured_status": injured.status,
        "responsibility": held.attribution.responsibility,
        "attribution": facts.attributed(held),
        "url": site.page(held.incident, asked),
        **facts.question(held),
    }
    return [cells[name] for name in COLUMNS]


def _where(precision: str | None) -> int | None:
    return None if precision is None else WHERE.get(PlacePrecision(precision))
