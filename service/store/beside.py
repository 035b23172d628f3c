"""The updates beside a situation: those that had come by its moment, and the moments next to it."""

from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, select

from service.domain.moments import read_instant, write_instant
from service.domain.situation import Situation
from service.store.answers import Question, UpdateRecord
from service.store.lists import updates_among
from service.store.record import OF_INCIDENT
from service.store.tables import events, updates
from service.store.withholding import Reader

_LAST_EVENT = and_(
    events.c.lane == updates.c.lane,
    events.c.incident == updates.c.incident,
    events.c.version == updates.c.version,
)
_newest = (
    select(updates)
    .join(events, _LAST_EVENT)
    .where(
        OF_INCIDENT,
        updates.c.recorded_us <= bindparam("recorded"),
        updates.c.first_version <= bindparam("version"),
    )
    .order_by(updates.c.recorded_us.desc())
)
_before = (
    select(updates.c.version)
    .join(events, _LAST_EVENT)
    .where(OF_INCIDENT, updates.c.recorded_us < bindparam("recorded"))
    .order_by(updates.c.recorded_us.desc())
    .limit(1)
)
_after = (
    select(updates.c.version)
    .join(events, _LAST_EVENT)
    .where(
        OF_INCIDENT,
        updates.c.recorded_us >= bindparam("recorded"),
        updates.c.version > bindparam("version"),
    )
    .order_by(updates.c.recorded_us)
    .limit(1)
)
_last_published = select(func.max(events.c.published_us)).where(OF_INCIDENT)
_next_published = select(func.min(events.c.published_us)).where(OF_INCIDENT)


class Moment(Struct, frozen=True, kw_only=True):
    """What asks for a moment: a version, a time of publication, or both. Not JSON."""

    version: int | None = None
    published_until: str | None = None


class Beside(Struct, frozen=True, kw_only=True):
    """The newest recorded first. `earlier` and `later` go along the clock that the moment was asked
    by; None at its ends. Not JSON.
    """

    updates: tuple[UpdateRecord, ...]
    earlier: Moment | None
    later: Moment | None


def beside(
    connection: Connection,
    place: tuple[int, str],
    held: Situation,
    question: Question,
    *,
    most: int,
    by: Reader,
) -> Beside:
    """At most so many updates that had come by the moment at which `held` was asked for, without
    those of publishers who are left out.
    """
    return _Beside(connection, place, held, question).told(most, by)


class _Beside:
    def __init__(
        self, connection: Connection, place: tuple[int, str], held: Situation, question: Question
    ) -> None:
        self._connection = connection
        self._question = question
        self._until = held.published_until
        self._values = {
            "of_lane": place[0],
            "of_incident": place[1],
            "version": held.version,
            "recorded": read_instant(held.recorded_at),
        }

    def told(self, most: int, by: Reader) -> Beside:
        newest = self._among(_newest.limit(most), *self._in_time())
        rows = self._connection.execute(newest, self._values).all()
        place = {name: self._values[name] for name in ("of_lane", "of_incident")}
        earlier, later = self._next_to()
        return Beside(
            updates=updates_among(self._connection, place, rows, by), earlier=earlier, later=later
        )

    def _next_to(self) -> tuple[Moment | None, Moment | None]:
        """A version with a time of publication goes along publication, inside that version."""
        asked = self._question
        if asked.published_until_us is not None and asked.as_of_us is None:
            return self._published_beside(asked.published_until_us)
        if asked.version is not None or asked.as_of_us is not None:
            return self._recorded(_before), self._recorded(_after)
        return None, None

    def _published_beside(self, until: int) -> tuple[Moment | None, Moment | None]:
        known = (events.c.version <= self._values["version"],)
        shown = self._one(_last_published, *known, *self._in_time())
        before = self._one(_last_published, *known, events.c.published_us < (shown or until))
        after = self._one(_next_published, *known, events.c.published_us > until)
        return self._published(before), self._published(after)

    def _recorded(self, query: Select[Any]) -> Moment | None:
        version = self._one(query, *self._in_time())
        return None if version is None else Moment(version=version, published_until=self._until)

    def _published(self, moment_us: int | None) -> Moment | None:
        if moment_us is None:
            return None
        return Moment(version=self._question.version, published_until=write_instant(moment_us))

    def _in_time(self) -> tuple[ColumnElement[bool], ...]:
        until = self._question.published_until_us
        return () if until is None else (events.c.published_us <= until,)

    def _one(self, query: Select[Any], *more: ColumnElement[bool]) -> int | None:
        found: int | None = self._connection.scalar(self._among(query, *more), self._values)
        return found

    def _among(self, query: Select[Any], *more: ColumnElement[bool]) -> Select[Any]:
        unheard = self._question.without_publishers
        left_out = (events.c.publisher.not_in(unheard),) if unheard else ()
        return query.where(*left_out, *more)
