"""Turns: what stands in the slots of some parts of a situation at one point of an axis, and every
point where that may change.

Found by the index alone: what stood at a page's start costs as much as what stands, and each turn
one more walk down the rank of the slots that it touches, however long the history is.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from service.domain.moments import DAY_US
from service.domain.report import Standing
from service.domain.series import Turn
from service.domain.standing import Bounds, Trust
from service.store import axes
from service.store.axes import COURSES, Axis
from service.store.index import SlotId, part_id, read_standing, shape_of, values_of
from service.store.plan import AHEAD_US
from service.store.tables import updates

LEAD_US = DAY_US + AHEAD_US
"""How far a publication may lie ahead of its recording: today's date is that day's end. So a search
of the past does not go through what was recorded since.
"""
FIRST, LAST = -(2**62), 2**62
"""Before and after any moment."""


_built: dict[Any, Select[Any]] = {}
"""Every query by its shape, so that its compiled form is found again."""


_version_at = (
    select(updates.c.version)
    .where(
        updates.c.lane == bindparam("of_lane"),
        updates.c.incident == bindparam("of_incident"),
        updates.c.recorded_us <= bindparam("moment"),
    )
    .order_by(updates.c.recorded_us.desc())
    .limit(1)
)


class Turning:
    """The turns of some parts of one incident along an axis. The question: its bounds, of which
    `version` is given, whom it trusts, and when that version was recorded.

    Points are microseconds; after one, up to and with another. An update is one point in the
    record.
    """

    def __init__(
        self,
        connection: Connection,
        place: tuple[int, str],
        question: tuple[Bounds, Trust, int],
        *,
        axis: Axis,
        parts: Sequence[str],
    ) -> None:
        self._connection = connection
        self._axis = axis
        self._bounds, trust, self._recorded_us = question
        self._place = {"of_lane": place[0], "of_incident": place[1]}
        self._parts = [part_id(part) for part in parts]
        self._values = {
            **self._place,
            **values_of(self._bounds, trust),
            **{f"part_{number}": part for number, part in enumerate(self._parts)},
            "parts": self._parts,
        }
        self._shape = shape_of({*self._values, COURSES[axis].limit})

    def is_told(self) -> bool:
        """Whether anything was ever said of these parts, inside the record alone."""
        values = {**self._values, "after": 0, "upto": LAST}
        return self._run(axes.told, (self._shape, len(self._parts)), values).first() is not None

    def points(self, after_us: int | None, upto_us: int | None, most: int) -> list[int]:
        """The first points where something may change."""
        after, upto = self._within(after_us, upto_us)
        if self._axis is not Axis.RECORDED:
            return [row.at for row in self._points(after, upto, most)]
        found: dict[int, None] = {}
        while len(found) < most:
            rows = self._points(after, upto, most)
            found.update((row.recorded_us, None) for row in rows)
            if len(rows) < most:
                break
            after = rows[-1].last
        return list(found)[:most]

    def start(self, at_us: int) -> Turn:
        """What stands at a point."""
        _, at = self._within(None, at_us)
        values = {**self._values, COURSES[self._axis].limit: at}
        rows = [tuple(row) for row in self._run(axes.start, self._shape, values)]
        held = read_standing(self._connection, self._place, rows)
        latest = max((version for _, version in held), default=0)
        return Turn(
            at_us,
            at if self._axis is Axis.RECORDED else latest,
            {slot: standing for (slot, _), standing in held.items()},
        )

    def between(self, after_us: int | None, upto_us: int | None) -> list[Turn]:
        """What stands since each point where something may have changed."""
        after, upto = self._within(after_us, upto_us)
        values = {**self._values, "after": after, "upto": upto}
        rows = self._run(axes.changes, (self._shape, len(self._parts)), values).all()
        held = read_standing(
            self._connection, self._place, {(row.slot, row.standing) for row in rows}
        )
        turns: defaultdict[int, dict[SlotId, Standing | None]] = defaultdict(dict)
        versions: defaultdict[int, int] = defaultdict(int)
        for row in rows:
            turns[row.at][row.slot] = held.get((row.slot, row.standing))
            versions[row.at] = max(versions[row.at], row.version)
        return [Turn(at_us, versions[at_us], turns[at_us]) for at_us in sorted(turns)]

    def _points(self, after: int, upto: int, most: int) -> Sequence[Any]:
        values = {**self._values, "after": after, "upto": upto, "most": most}
        rows: Sequence[Any] = self._run(axes.points, (self._shape, len(self._parts)), values).all()
        return rows

    def _within(self, after_us: int | None, upto_us: int | None) -> tuple[int, int]:
        """Points as the columns of the axis have them. The record's are versions."""
        after = FIRST if after_us is None else after_us
        upto = LAST if upto_us is None else upto_us
        last = self._bounds.version or 0
        if self._axis is Axis.RECORDED:
            return self._version_at(after), min(self._version_at(upto), last)
        if self._axis is Axis.EFFECTIVE:
            return after, upto
        until = self._bounds.published_us
        return after, min(upto, self._recorded_us + LEAD_US, LAST if until is None else until)

    def _version_at(self, moment_us: int) -> int:
        values = {**self._place, "moment": moment_us}
        return int(self._connection.execute(_version_at, values).scalar() or 0)

    def _run(self, build: Callable[[Axis, Any], Any], shape: Any, values: Any) -> Any:
        key = (build, self._axis, shape)
        if key not in _built:
            _built[key] = build(self._axis, shape)
        return self._connection.execute(_built[key], values)
