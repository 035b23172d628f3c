"""Sessions of PostgreSQL: with which of its servers, for how long a COMMIT is waited for, and when
its success is none.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import Any, Self, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.connection import _WAIT_INTERVAL
from psycopg.errors import Diagnostic

Answered = TypeVar("Answered")

COMMIT_SECONDS = 10.0
"""A COMMIT that waits for standbys waits for ever, whatever the server's own limits: they end
before the wait begins.
"""
STANDBY = 0
"""What a server that writes no timeline is said to write."""

_timeline = """
    SELECT CASE WHEN pg_is_in_recovery() THEN 0
    ELSE ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int END
"""


class Unconfirmed(psycopg.OperationalError):
    """PostgreSQL did not say that what was committed will last."""


class Session(psycopg.Connection[Any]):
    """A connection whose COMMIT either lasts or raises Unconfirmed."""

    most_seconds: float | None = None
    """How long any answer is waited for."""

    timeline = 0
    servers: "Servers | None" = None
    _warning: str | None = None

    @property
    def is_former(self) -> bool:
        """Whether its server was the primary, and another is by now."""
        return self.servers is not None and self.servers.have_left(self.timeline)

    @classmethod
    def connect(cls, conninfo: str = "", **parameters: Any) -> Self:
        session = super().connect(conninfo, **parameters)
        session.add_notice_handler(session._note)
        return session

    def commit_surely(self) -> None:
        """Raises Unconfirmed where there is no answer in time, and where a wait for standbys was
        cancelled: PostgreSQL then warns and calls it a success. The session is over in both cases;
        a COMMIT that still waits goes on waiting, and is not made visible by a cancellation.
        """
        self._warning = None
        with self._waiting_at_most(COMMIT_SECONDS):
            done = self.execute("COMMIT").statusmessage
        if done != "COMMIT":
            raise psycopg.InternalError(f"a COMMIT ended as {done}")
        if self._warning is not None:
            self._give_up()
            raise Unconfirmed(self._warning)

    def wait(
        self, gen: PQGen[Answered], interval: float = _WAIT_INTERVAL, timeout: float | None = None
    ) -> Answered:
        if self.most_seconds is None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.most_seconds)
        except psycopg.errors._WaitTimeout as silence:
            self._give_up()
            raise Unconfirmed("there was no answer in time") from silence

    def _give_up(self) -> None:
        """Another may be the primary without this one's knowledge."""
        self.close()
        if self.servers is not None:
            self.servers.doubt()

    @contextmanager
    def _waiting_at_most(self, seconds: float) -> Iterator[None]:
        usual, self.most_seconds = self.most_seconds, seconds
        try:
            yield
        finally:
            self.most_seconds = usual

    def _note(self, notice: Diagnostic) -> None:
        """Its words may be of any language; its kind is not."""
        if notice.severity_nonlocalized == "WARNING":
            self._warning = notice.message_primary


class Servers:
    """The servers that an URL names. One that is still on a timeline which another has left is not
    asked: it was the primary before a standby was promoted, and does not know of it.
    """

    def __init__(self, wanted: str) -> None:
        """`wanted` is the target_session_attrs of several hosts that come without any."""
        self._wanted = wanted
        self._newest = 0
        self._doubted = True
        self._last: Mapping[str, Any] = {}
        self._changing = Lock()

    def doubt(self) -> None:
        """Next time all of them are looked at again."""
        self._doubted = True

    def have_left(self, timeline: int) -> bool:
        return STANDBY < timeline < self._newest

    def connect(self, parameters: Mapping[str, Any]) -> Session:
        """A session with the first that takes it; at first, and where there was doubt, with the one
        of all that take it which is on the newest timeline. Raises OperationalError where there is
        none.
        """
        found, failure, is_known = None, None, not self._doubted
        for one in self._in_turn(parameters):
            try:
                session = self._opened(one)
            except psycopg.OperationalError as refused:
                failure = refused
                continue
            if found is not None:
                found.close()
            found, self._last = session, one
            with self._changing:
                self._newest = max(self._newest, session.timeline)
            if is_known or session.timeline == STANDBY:
                break
        if found is None:
            raise failure or psycopg.OperationalError("the URL names no server")
        self._doubted = False
        return found

    def _opened(self, parameters: Mapping[str, Any]) -> Session:
        """Raises OperationalError, also for a server on a timeline that another has left."""
        session = Session.connect(**parameters, autocommit=True)
        try:
            session.timeline = session.execute(_timeline).fetchone()[0]  # type: ignore[index] # one
        except BaseException:
            session.close()
            raise
        session.servers = self
        if session.is_former:
            session.close()
            raise psycopg.OperationalError(
                f"{parameters.get('host')} is no primary any more: it writes timeline"
                f" {session.timeline}, and another timeline {self._newest}"
            )
        return session

    def _in_turn(self, parameters: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """Each with the parameters of its own, the one that was found last first."""
        hosts = str(parameters.get("host", "")).split(",")
        if len(hosts) == 1:
            return [parameters]
        ports = str(parameters.get("port", "")).split(",")
        if len(ports) == 1:
            ports *= len(hosts)
        if len(ports) != len(hosts):
            raise psycopg.OperationalError("the URL names one port, or one for each host")
        shared = {"target_session_attrs": self._wanted, **parameters}
        turns = [
            {**shared, "host": host, "port": port} for host, port in zip(hosts, ports, strict=True)
        ]
        return sorted(turns, key=lambda one: one != self._last)
