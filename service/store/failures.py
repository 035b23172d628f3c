"""What a failure of the database means to whoever asked: try again at once, come back later, or
neither.
"""

import sqlite3

from psycopg import OperationalError
from sqlalchemy.exc import DBAPIError, InterfaceError

from service.errors import Unavailable
from service.store.sessions import Unconfirmed

# The first two characters are PostgreSQL's class of an error (its manual, appendix A).
AT_ONCE = ("08", "40", "57P01", "57P02", "57P03")
LATER = ("25006", "25P03", "53", "55P03", "57", "58")

FULL, READ_ONLY, BUSY = "the store's disk is full", "the store is read-only", "the store is busy"
SILENT = "the database does not answer"
DAMAGED = "the store's file is damaged"
UNSURE = "the database did not say whether this lasts"
POSTGRESQL_SAID = {"53100": FULL, "25006": READ_ONLY, "55P03": BUSY}
SQLITE_SAID = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_IOERR: "the store's disk fails",
    sqlite3.SQLITE_CANTOPEN: "the store's file cannot be opened",
    sqlite3.SQLITE_PROTOCOL: BUSY,
    sqlite3.SQLITE_NOMEM: "the store has no memory left",
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
}
WAITED_FOR = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def is_mended_at_once(failure: DBAPIError) -> bool:
    """A lost connection, a conflict, a deadlock, a file that was opened while it was read-only:
    what another try on a new connection may mend. Not what has been waited for already.
    """
    if isinstance(failure.orig, Unconfirmed):
        return False
    if failure.connection_invalidated or isinstance(failure, InterfaceError):
        return True
    if _is_without_answer(failure):
        return True
    code = _sqlite_code(failure)
    if code is not None:
        return code in SQLITE_SAID and code not in WAITED_FOR
    return _state(failure).startswith(AT_ONCE)


def is_outage(failure: DBAPIError) -> bool:
    """Whether it is the database's own state, whatever it was asked."""
    code = _sqlite_code(failure)
    if code is not None:
        return code in SQLITE_SAID
    if isinstance(failure.orig, Unconfirmed):
        return True
    return is_mended_at_once(failure) or _state(failure).startswith(LATER)


def outage(failure: DBAPIError) -> Unavailable:
    """What the caller is told, who may send the same again."""
    code = _sqlite_code(failure)
    if code is not None:
        said = SQLITE_SAID.get(code, SILENT)
    elif isinstance(failure.orig, Unconfirmed):
        said = UNSURE
    else:
        said = POSTGRESQL_SAID.get(_state(failure), SILENT)
    return Unavailable(f"{said}; a retry is safe")


def _is_without_answer(failure: DBAPIError) -> bool:
    """Whether no server said what failed: the driver lost it, though its connection may not know
    that yet.
    """
    return isinstance(failure.orig, OperationalError) and failure.orig.sqlstate is None


def _sqlite_code(failure: DBAPIError) -> int | None:
    """The primary result code, of which the extended ones are kinds."""
    code = getattr(failure.orig, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def _state(failure: DBAPIError) -> str:
    return getattr(failure.orig, "sqlstate", None) or ""
