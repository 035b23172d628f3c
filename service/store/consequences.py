"""What a question sees of the reports that others point at: whether an act still speaks of any, and
what a report has lost that it stood on.

Asked from envelopes, level by level, so that it costs what the reports lean on and no more.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from msgspec import structs
from sqlalchemy import Connection, bindparam, select

from service.domain.report import Lost, Refs, Standing
from service.domain.standing import (
    EVERYBODY,
    Bounds,
    Origins,
    Trust,
    earliest,
    is_seen,
    is_within,
    losses,
    speaks_of_any,
)
from service.store.logged import AMONG, IN_INCIDENT, recorded_among
from service.store.sealing import read_refs
from service.store.tables import events, voids

Place = Mapping[str, Any]
"""`of_lane`, `of_incident`."""

_envelopes = select(
    events.c.version, events.c.published_us, events.c.publisher, events.c.origin, events.c.refs
).where(IN_INCIDENT, AMONG)
_retractions = select(
    voids.c.target, voids.c.by, voids.c.published_us, voids.c.publisher, voids.c.origin
).where(
    voids.c.lane == bindparam("of_lane"),
    voids.c.incident == bindparam("of_incident"),
    voids.c.target.in_(bindparam("versions", expanding=True)),
    voids.c.root == voids.c.target,
    voids.c.retracts == 1,
)


class Sight:
    """What a question sees of one incident. `bounds.version` is given."""

    def __init__(
        self, connection: Connection, place: Place, bounds: Bounds, trust: Trust = EVERYBODY
    ) -> None:
        self._connection = connection
        self._place = place
        self._bounds = bounds
        self._trust = trust

    def acts(self, found: Iterable[Standing]) -> list[Standing]:
        """The same without the acts that speak of nothing here."""
        told = list(found)
        targets = {target for held in told for target in held.refs.targets}
        seen = self._seen(targets) if self._is_partial else self._up_to_version(targets)
        return [held for held in told if speaks_of_any(held, seen, self._bounds.withheld)]

    def consequences(self, found: Iterable[Standing]) -> list[Standing]:
        """The same, each with what it has lost."""
        told = list(found)
        wanted = {version for held in told for version in held.refs.depends_on}
        stood_on: dict[int, Sequence[int]] = {}
        while wanted:
            seen = self._seen(wanted)
            stood_on |= {version: refs.depends_on for version, refs in seen.items()}
            wanted = {below for refs in seen.values() for below in refs.depends_on} - set(stood_on)
        if not stood_on:
            return told
        retracted = self._retracted(stood_on)
        return [structs.replace(held, lost=losses(held, stood_on, retracted)) for held in told]

    @property
    def _is_partial(self) -> bool:
        return self._bounds.published_us is not None or self._trust != EVERYBODY

    def _up_to_version(self, versions: Iterable[int]) -> set[int]:
        last, withheld = self._bounds.version, self._bounds.withheld
        within = {version for version in versions if last is None or version <= last}
        return within - withheld if withheld else within

    def _seen(self, versions: Iterable[int]) -> dict[int, Refs]:
        """Those of these events that the question sees, with what they point at. An envelope tells,
        unless it takes an origin's kind or its being named.
        """
        wanted = self._up_to_version(versions)
        if not wanted:
            return {}
        if self._trust.origins is not Origins.ALL:
            told = recorded_among(self._connection, self._place, wanted)
            return {
                event.version: event.refs
                for event in told.values()
                if is_seen(event, self._bounds, self._trust)
            }
        return {
            row.version: read_refs(row.refs)
            for row in self._rows(_envelopes, wanted)
            if self._is_within(row.version, row)
        }

    def _retracted(self, versions: Collection[int]) -> dict[int, Lost]:
        return earliest(
            Lost(target=row.target, by=row.by, published_us=row.published_us)
            for row in self._rows(_retractions, versions)
            if self._is_within(row.by, row)
        )

    def _rows(self, query: Any, versions: Collection[int]) -> Iterable[Any]:
        return self._connection.execute(query, {**self._place, "versions": sorted(versions)})

    def _is_within(self, version: int, row: Any) -> bool:
        return is_within(
            self._bounds,
            self._trust,
            version=version,
            published_us=row.published_us,
            publisher=row.publisher,
            origin=row.origin,
        )
