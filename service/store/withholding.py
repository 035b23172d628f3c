"""What public readers do not see of an incident, asked from what the index keeps of it
(service.domain.withholding, docs/adr/0008).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select

from service.domain.editorial import ReportCorrected, ReportRetracted
from service.domain.report import Event, event_name
from service.domain.standing import UNBOUNDED, Bounds
from service.domain.withholding import (
    FOREVER_US,
    SPEAKS_OF_OTHERS,
    Correcting,
    Withholding,
    release_us,
    withheld,
    withholdings_of,
)
from service.store.engine import Clock, database_clock
from service.store.sealing import read_refs
from service.store.statements import Lookup
from service.store.tables import incidents, voids, withholdings

Place = Mapping[str, Any]
"""`of_lane`, `of_incident`."""

NOTHING: frozenset[int] = frozenset()
AT_ONCE = 5_000

_acts = {event_name(report) for report in SPEAKS_OF_OTHERS}
_states = Lookup(
    incidents, keys=("lane", "incident"), columns=("lane", "incident", "recorded_us", "release_us")
)
_said = select(*(withholdings.c[name] for name in Withholding._fields)).where(
    withholdings.c.lane == bindparam("of_lane"),
    withholdings.c.incident == bindparam("of_incident"),
)
_acts_on = select(voids.c.target, voids.c.by, voids.c.published_us).where(
    voids.c.lane == bindparam("of_lane"),
    voids.c.incident == bindparam("of_incident"),
    voids.c.target.in_(bindparam("versions", expanding=True)),
    voids.c.root == voids.c.target,
    voids.c.retracts == bindparam("retracts"),
)


class Withheld(NamedTuple):
    """`release_us`: when that changes though nothing is recorded; FOREVER_US where it does not.
    None where nobody has said anything of who may read what.
    """

    versions: frozenset[int] = NOTHING
    release_us: int | None = None


class Reader(NamedTuple):
    """Who reads, by which clock (None: the database's)."""

    clock: Clock | None = None
    desk: bool = False


class _Act(NamedTuple):
    target: int
    by: int
    published_us: int


class _Told:
    """All that was said of who may read what of one incident."""

    def __init__(self, connection: Connection, place: Place) -> None:
        rows = connection.execute(_said, place)
        self._said = [Withholding(*row)._replace(marks=bool(row[4])) for row in rows]
        marked = {word.target for word in self._said if word.marks and word.until_us}
        said_by = {word.by for word in self._said}
        self._retractions = list(_acts_upon(connection, place, said_by, retracts=1))
        self._corrections = list(_acts_upon(connection, place, marked, retracts=0))

    def at(self, bounds: Bounds, moment_us: int) -> Withheld:
        """What is withheld at a moment by what is seen inside the bounds."""

        def sees(told: Withholding | _Act) -> bool:
            return (bounds.version is None or told.by <= bounds.version) and (
                bounds.published_us is None or told.published_us <= bounds.published_us
            )

        said = [word for word in self._said if sees(word)]
        retracted = {act.target for act in self._retractions if sees(act)}
        corrections = [Correcting(act.target, act.by) for act in self._corrections if sees(act)]
        return Withheld(
            withheld(said, corrections, retracted, moment_us),
            release_us(said, retracted, moment_us),
        )


def withheld_then(connection: Connection, place: Place, bounds: Bounds, moment_us: int) -> Withheld:
    """What was withheld at a moment by what is seen inside the bounds."""
    return _Told(connection, place).at(bounds, moment_us)


def may_change(before: Withheld, told: Sequence[Event]) -> bool:
    """Whether something else may be withheld once the events of an update are recorded."""
    if any(withholdings_of(event) for event in told):
        return True
    if before.release_us is None:
        return False
    acts = any(isinstance(event.report, ReportCorrected | ReportRetracted) for event in told)
    return acts or told[-1].recorded_us >= before.release_us


def withheld_after(
    connection: Connection, place: Place, before: Withheld, told: Sequence[Event]
) -> Withheld:
    """What is withheld once these events are in the log."""
    if not may_change(before, told):
        return before
    last = told[-1]
    return withheld_then(connection, place, Bounds(version=last.version), last.recorded_us)


def withheld_from_public(
    connection: Connection, place: Place, bounds: Bounds, *, moment_us: int, now_us: int
) -> frozenset[int]:
    """What a public answer about a moment leaves out: what is withheld now, whatever the bounds,
    and what was withheld then.
    """
    told = _Told(connection, place)
    now, then = told.at(UNBOUNDED, now_us), told.at(bounds, min(moment_us, now_us))
    return now.versions | then.versions


def withheld_now(
    connection: Connection, places: Collection[tuple[int, str]], by: Reader
) -> frozenset[tuple[str, int]]:
    """The events of incidents (lane, name) that a reader does not see, as names and versions.

    To be asked once the events were read: what withholds an event was recorded with it or later.
    """
    if by.desk or not places:
        return frozenset()
    asked = [{"lane": lane, "incident": incident} for lane, incident in places]
    found: set[tuple[str, int]] = set()
    for lane, incident, recorded_us, release in _states.rows(connection, asked):
        if release is not None:
            place = {"of_lane": lane, "of_incident": incident}
            now_us = time_now(connection, by.clock, recorded_us)
            unseen = withheld_then(connection, place, UNBOUNDED, now_us).versions
            found |= {(incident, version) for version in unseen}
    return frozenset(found)


def time_now(connection: Connection, clock: Clock | None, recorded_us: int) -> int:
    """The store's time, which does not run behind what it recorded."""
    now_us = database_clock(connection) if clock is None else clock()
    return max(now_us, recorded_us)


def is_released(
    connection: Connection, release: int | None, recorded_us: int, clock: Clock | None
) -> bool:
    """Whether more may be read now than when the latest event was recorded."""
    if release is None or release == FOREVER_US:
        return False
    return time_now(connection, clock, recorded_us) >= release


def is_hidden(row: Any, unseen: Collection[tuple[str, int]]) -> bool:
    """Whether the words of a recorded event are not for a reader: it is withheld, or it is an act
    that speaks of nothing else.
    """
    if not unseen:
        return False
    if (row.incident, row.version) in unseen:
        return True
    targets = read_refs(row.refs).targets if row.type in _acts else ()
    return bool(targets) and all((row.incident, target) in unseen for target in targets)


def _acts_upon(
    connection: Connection, place: Place, versions: Collection[int], *, retracts: int
) -> Iterator[_Act]:
    ordered = sorted(versions)
    for start in range(0, len(ordered), AT_ONCE):
        some = {"versions": ordered[start : start + AT_ONCE], "retracts": retracts}
        yield from (_Act(*row) for row in connection.execute(_acts_on, {**place, **some}))
