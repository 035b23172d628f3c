"""Rows that hold for a period: from a moment of recording until the moment that ends it."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Table, bindparam, select

from service.store.shelves import FOREVER
from service.store.statements import Batch, Insert, Update

Row = dict[str, Any]


class _End(Update):
    """Ends what holds until further notice."""

    def __init__(self, table: Table, keys: Iterable[str]) -> None:
        super().__init__(table, keys=tuple(keys), columns=("until_us",))
        self.sqlite = f"{self.sqlite} AND until_us = {FOREVER}"
        self.one = f"{self.one} AND until_us = {FOREVER}"
        self.many = f"{self.many} AND t.until_us = {FOREVER}"


class Timeline:
    """A table of periods; `keys` tell what each row is about."""

    def __init__(self, table: Table, *keys: str) -> None:
        self.keys = ("lane", "incident", *keys)
        self.insert = Insert(table)
        self.end = _End(table, self.keys)

    def key(self, row: Row) -> tuple[Any, ...]:
        return tuple(row[name] for name in self.keys)


class Periods:
    """The periods that a round begins and ends. Nothing is in the batch before `finish`: a period
    may begin and end within the round.
    """

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._begun: dict[tuple[Timeline, tuple[Any, ...]], list[Row]] = {}
        self._ended: list[tuple[Timeline, Row]] = []

    def begin(self, timeline: Timeline, row: Row) -> None:
        self._begun.setdefault((timeline, timeline.key(row)), []).append(
            {**row, "until_us": FOREVER}
        )

    def end(self, timeline: Timeline, row: Row, at_us: int) -> None:
        begun = self._begun.get((timeline, timeline.key(row)))
        if begun is None:
            self._ended.append((timeline, {**row, "until_us": at_us}))
            return
        for one in begun:
            one["until_us"] = min(one["until_us"], at_us)

    def finish(self) -> None:
        """Ends first: they must not end what this round begins."""
        for timeline, row in self._ended:
            self._batch.add(timeline.end, row)
        for (timeline, _), rows in self._begun.items():
            for row in rows:
                self._batch.add(timeline.insert, row)
        self._ended, self._begun = [], {}


def keys_holding(
    connection: Connection, table: Table, name: str, place: dict[str, Any]
) -> set[Any]:
    """What holds of one incident now, by the column that tells it."""
    query = select(table.c[name]).where(
        table.c.lane == bindparam("of_lane"),
        table.c.incident == bindparam("of_incident"),
        table.c.until_us == FOREVER,
    )
    return set(connection.execute(query, place).scalars())
