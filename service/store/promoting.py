"""A standby of PostgreSQL takes the place of a primary that is gone (docs/failover.md)."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Event
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Composed, Literal

from service.errors import Unavailable

Session = psycopg.Connection[Any]

PATIENCE_SECONDS = 60
PAUSE_SECONDS = 0.05
SETTLED_SECONDS = 0.5

_received = SQL("""
    SELECT greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) - '0/0'::pg_lsn,
           pg_last_wal_replay_lsn() - '0/0'::pg_lsn,
           (SELECT count(*) FROM pg_stat_wal_receiver)
""")
# The control file learns of another timeline late; the name of the last segment has it.
_timeline = SQL("""
    SELECT max(('x' || left(name, 8))::bit(32)::int)
    FROM pg_ls_waldir(), (SELECT setting::bigint AS bytes FROM pg_settings
                          WHERE name = 'wal_segment_size') AS segment,
         LATERAL (SELECT ({reached} - 1) / bytes AS number, 4294967296 / bytes AS in_file) AS last
    WHERE name = left(name, 8) || upper(lpad(to_hex(number / in_file), 8, '0')
                                        || lpad(to_hex(number % in_file), 8, '0'))
""")


@dataclass(frozen=True)
class Promoted:
    """Which standby is the primary now, how far it had come, in bytes of PostgreSQL's log, and by
    how much more than the others.
    """

    address: str
    reached: int
    ahead: tuple[int, ...]


@dataclass
class _Standby:
    address: str
    session: Session
    given: str
    followed: str = ""
    reached: int = 0

    def is_cut_off(self) -> bool:
        """Whether it receives nothing any more and has replayed all that it had received."""
        received, replayed, receivers = self._one(_received)
        self.reached = int(received)
        return not receivers and replayed >= received

    def timeline(self) -> int:
        """Of what it received last."""
        return int(self._one(_timeline.format(reached=Literal(self.reached)))[0] or 0)

    def follow(self, conninfo: str) -> None:
        """The primary there; nobody, where it is empty."""
        self.session.execute(
            SQL("ALTER SYSTEM SET primary_conninfo = {}").format(Literal(conninfo))
        )
        self.session.execute("SELECT pg_reload_conf()")

    def refuse_primary(self) -> None:
        if not self._one(SQL("SELECT pg_is_in_recovery()"))[0]:
            raise Unavailable(f"{self.address} is no standby: it takes writes already")
        self.followed = (
            self._one(SQL("SELECT current_setting('primary_conninfo')"))[0] or self.given
        )

    def _one(self, query: SQL | Composed) -> Any:
        return self.session.execute(query).fetchone()


def promote(conninfos: Sequence[str]) -> Promoted:
    """The standby that received most is the primary when this returns; the others follow it.

    None of them receives from anybody before they are compared: whoever was the primary can
    acknowledge nothing from then on, and neither can it come back with more. Every standby that
    takes part in acknowledging has to be given, by an URL or a connection string of a superuser.
    Raises Unavailable where one does not answer, is no standby, or has not followed the primary
    that the others did.
    """
    opened: list[_Standby] = []
    try:
        for conninfo in conninfos:
            session = psycopg.connect(conninfo, autocommit=True, connect_timeout=5)
            opened.append(_Standby(f"{session.info.host}:{session.info.port}", session, conninfo))
        return _promote(opened)
    except psycopg.Error as failure:
        raise Unavailable(f"a standby does not do as it is told: {failure}") from failure
    finally:
        for standby in opened:
            standby.session.close()


def _promote(standbys: Sequence[_Standby]) -> Promoted:
    for standby in standbys:
        standby.refuse_primary()
    chosen, *others = _compared(standbys)
    promoted = chosen.session.execute(
        "SELECT pg_promote(wait => true, wait_seconds => %s)", [PATIENCE_SECONDS]
    ).fetchone()
    if promoted != (True,):
        raise Unavailable(f"{chosen.address} was told to be the primary and is not yet")
    there = chosen.session.info
    for other in others:
        other.follow(make_conninfo(other.followed, host=there.host, port=there.port))
    ahead = tuple(chosen.reached - other.reached for other in others)
    return Promoted(chosen.address, chosen.reached, ahead)


def _compared(standbys: Sequence[_Standby]) -> list[_Standby]:
    """Cut off, whoever received most first. Where they cannot be compared they follow on."""
    try:
        for standby in standbys:
            standby.follow("")
        _wait_until(lambda: all(standby.is_cut_off() for standby in standbys))
        # One that was just about to follow again has done so by now.
        Event().wait(SETTLED_SECONDS)
        _wait_until(lambda: all(standby.is_cut_off() for standby in standbys))
        _refuse_other_timelines(standbys)
    except BaseException:
        for standby in standbys:
            with suppress(psycopg.Error):
                standby.follow(standby.followed)
        raise
    return sorted(standbys, key=lambda standby: -standby.reached)


def _refuse_other_timelines(standbys: Sequence[_Standby]) -> None:
    """How far a standby has come is no measure where it followed another primary."""
    found = {standby.address: standby.timeline() for standby in standbys}
    if len(set(found.values())) > 1:
        told = ", ".join(f"{address} is on timeline {line}" for address, line in found.items())
        raise Unavailable(f"{told}: leave out whichever did not follow the last primary")


def _wait_until(holds: Callable[[], bool]) -> None:
    deadline, pause = time.monotonic() + PATIENCE_SECONDS, Event()
    while not holds():
        if time.monotonic() > deadline:
            raise Unavailable("a standby did not come to rest in time")
        pause.wait(PAUSE_SECONDS)
