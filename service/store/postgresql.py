"""An engine over PostgreSQL: what its sessions are told, and when one is used no more."""

import select
from typing import Any

import psycopg
from psycopg.types.array import ListBinaryDumper
from psycopg.types.numeric import Int8BinaryDumper
from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.exc import InvalidatePoolError

from service.store.sessions import Servers, Session

READERS = 16
BUSY_MS = 10_000
STALLED_MS = 60_000
"""How long a transaction may lie idle before PostgreSQL ends it. A writer whose host is gone would
else hold its lane for hours: nothing tells the server.
"""
UNWANTED_PLANS = ("enable_seqscan", "enable_bitmapscan", "enable_hashjoin", "enable_mergejoin")
"""Every question here is a walk down an index. While a table has no statistics yet, PostgreSQL
would plan to read it whole, and keep that plan: measured at 760 ms where the index takes 5.
"""
SESSION = {
    **dict.fromkeys(UNWANTED_PLANS, "off"),
    "lock_timeout": BUSY_MS,
    "idle_in_transaction_session_timeout": STALLED_MS,
    "client_min_messages": "warning",
}
"""What every session is told when it begins. Warnings are heeded: they take back a COMMIT."""

GONE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
UNANSWERED_MS = 25_000
"""A host that is gone without a word is noticed after so long."""


def postgresql(url: URL, *, most_seconds: float | None = None) -> Engine:
    """The engine over the server, or the one primary of the servers, that an URL names. With
    `most_seconds` any of them will do, and none is waited for longer.
    """
    engine = create_engine(
        url,
        pool_size=READERS,
        max_overflow=READERS,
        pool_pre_ping=False,
        isolation_level="AUTOCOMMIT",
        connect_args={
            "connect_timeout": 5,
            "application_name": "sitrep",
            "prepare_threshold": 2,
            "options": _options(url),
            "tcp_user_timeout": UNANSWERED_MS,
            **GONE,
        },
    )
    servers = Servers("read-write" if most_seconds is None else "any")

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: Any, _record: Any, _args: Any, parameters: Any) -> Session:
        session = servers.connect(parameters)
        session.most_seconds = most_seconds
        return session

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        """One type for all integers: a prepared statement is found again by the types of its
        values.
        """
        connection.adapters.register_dumper(int, Int8BinaryDumper)
        connection.adapters.register_dumper(list, ListBinaryDumper)

    @event.listens_for(engine, "checkout")
    def _refuse_ended(connection: Session, _record: Any, _proxy: Any) -> None:
        """The pool then opens a new connection instead of this and all older ones."""
        if has_ended(connection):
            raise InvalidatePoolError

    return engine


def has_ended(driver: Session) -> bool:
    """Whether PostgreSQL has closed this idle connection, as it does when it is stopped or killed,
    or another server is the primary by now. An idle server says nothing: its socket can be read
    only at its end.
    """
    if driver.is_former:
        return True
    poll = select.poll()
    try:
        poll.register(driver.fileno(), select.POLLIN)
    except psycopg.Error:
        return True
    return bool(poll.poll(0))


def _options(url: URL) -> str:
    """What the URL says goes last, and so counts."""
    ours = [f"-c {name}={value}" for name, value in SESSION.items()]
    given = url.query.get("options", ())
    return " ".join([*ours, given] if isinstance(given, str) else [*ours, *given])
