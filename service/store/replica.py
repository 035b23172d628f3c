"""Reading from a standby: whatever it knows enough for, and everything while the primary is gone
(docs/adr/0014).
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from functools import wraps
from threading import Lock
from typing import Any, NamedTuple, TypeVar, cast

from sqlalchemy import Connection, Engine, text

from service.errors import Malformed, SitrepError, Unavailable
from service.store.failures import BUSY
from service.store.lanes import read_heads
from service.store.lending import Lender
from service.store.schema import refuse_other_schema

REST_SECONDS = 5.0
"""Whoever did not answer is not asked for so long, unless nobody else can."""

Told = TypeVar("Told")


class Needs(NamedTuple):
    """What must be known for an answer: lanes up to positions, and up to moments."""

    positions: Mapping[int, int] = {}
    recorded_us: Mapping[int, int] = {}


NOTHING = Needs()
BEHIND = "the replica has not come so far yet"


class Behind(Unavailable):
    """The standby does not know yet what is asked for."""


class Replica:
    """The standby of one process, and what this process acknowledged: it tells nobody less."""

    def __init__(self, engine: Engine, database: "Identity") -> None:
        self._engine = engine
        self._lender = Lender(engine)
        self._database = database
        self._acknowledged: dict[int, int] = {}
        self._changing = Lock()
        self.rests, self.primary_rests = _Rest(), _Rest()

    def acknowledge(self, lane: int, position: int) -> None:
        """From now on no answer is from before that."""
        with self._changing:
            if self._acknowledged.get(lane, 0) < position:
                self._acknowledged = {**self._acknowledged, lane: position}

    @contextmanager
    def lent(self, needs: Needs) -> Iterator[Connection]:
        """A connection to the standby, which knows what is needed. Raises Behind, Unavailable."""
        try:
            with self._lender.lent() as connection:
                self._refuse_behind(connection, needs)
                yield connection
        except Behind:
            raise
        except Unavailable:
            self.rests.begin()
            raise

    def close(self) -> None:
        self._lender.close()
        self._engine.dispose()

    def _refuse_behind(self, connection: Connection, needs: Needs) -> None:
        """What one statement has seen of a server, the next one sees at least."""
        wanted = Needs(_later(self._acknowledged, needs.positions), needs.recorded_us)
        reached = connection.info.get("reached")
        if reached is None:
            self._refuse_stranger(connection)
        elif _suffices(reached, wanted):
            return
        heads = read_heads(connection)
        connection.info["reached"] = reached = Needs(
            {head.lane: head.position for head in heads},
            {head.lane: head.recorded_us for head in heads},
        )
        if not _suffices(reached, wanted):
            raise Behind(BEHIND)

    def _refuse_stranger(self, connection: Connection) -> None:
        """What is no standby may have been the primary once, and gone another way since."""
        refuse_other_schema(connection)
        if not connection.execute(_stands_by).scalar_one():
            raise Unavailable("the replica is no standby")
        if identity(connection) != self._database:
            raise Unavailable("the replica is one of another store")


class Identity(NamedTuple):
    """Which cluster of servers, which database of it."""

    cluster: int
    database: int


_stands_by = text("SELECT pg_is_in_recovery()")
_identity = text(
    "SELECT system_identifier, oid::bigint FROM pg_control_system(), pg_database"
    " WHERE datname = current_database()"
)


def identity(connection: Connection) -> Identity:
    """The same on a primary and its standbys."""
    return Identity(*connection.execute(_identity).one())


def _later(one: Mapping[int, int], other: Mapping[int, int]) -> dict[int, int]:
    return {lane: max(one.get(lane, 0), other.get(lane, 0)) for lane in {*one, *other}}


def _suffices(reached: Needs, wanted: Needs) -> bool:
    return all(
        have.get(lane, -1) >= least
        for have, need in zip(reached, wanted, strict=True)
        for lane, least in need.items()
    )


class _Rest:
    def __init__(self) -> None:
        self._until = 0.0

    def begin(self) -> None:
        self._until = time.monotonic() + REST_SECONDS

    def __bool__(self) -> bool:
        return time.monotonic() < self._until


class _There:
    """Lends connections to the standby in place of those to the primary."""

    def __init__(self, replica: Replica, needs: Needs) -> None:
        self._replica, self._needs = replica, needs

    @contextmanager
    def lent(self) -> Iterator[Connection]:
        with self._replica.lent(self._needs) as connection:
            yield connection


class Reading:
    """What is asked of a standby too, where there is one: then over connections that `_there`
    lends.
    """

    _replica: Replica | None = None
    _there: _There | None = None


Method = TypeVar("Method", bound=Callable[..., Any])


def anywhere(
    *,
    needs: Callable[..., Needs | None] | None = None,
    enough: Callable[..., object] | None = None,
) -> Callable[[Method], Method]:
    """A question that a standby may answer. Where it cannot, or knows of no such thing, the primary
    is asked; where that is gone, the standby answers as well as it can.

    Both are asked with the question's own arguments: what it `needs`, None for the primary while
    there is one, and whether an answer is `enough`.
    """

    def decorate(method: Method) -> Method:
        @wraps(method)
        def ask(self: Reading, *args: Any, **named: Any) -> Any:
            replica = self._replica
            if replica is None:
                return method(self, *args, **named)

            def there(wanted: Needs) -> Any:
                elsewhere = copy(self)
                elsewhere._replica, elsewhere._there = None, _There(replica, wanted)
                told = method(elsewhere, *args, **named)
                if enough is not None and not enough(told, *args, **named):
                    raise Behind(BEHIND)
                return told

            wanted = NOTHING if needs is None else needs(self, *args, **named)
            return _first_of(replica, there, lambda: method(self, *args, **named), wanted)

        return cast("Method", ask)

    return decorate


def _first_of(
    replica: Replica, there: Callable[[Needs], Told], here: Callable[[], Told], wanted: Needs | None
) -> Told:
    if replica.primary_rests:
        wanted = wanted or NOTHING
    if wanted is not None and not replica.rests:
        try:
            return there(wanted)
        except SitrepError:
            """The primary has the last word."""
    try:
        return here()
    except Unavailable as gone:
        if BUSY in str(gone):
            raise
        replica.primary_rests.begin()
        try:
            return there(NOTHING)
        except Malformed:
            raise
        except SitrepError:
            raise gone from None
