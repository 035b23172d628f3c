"""Reviewing what is derived: the log is copied into a store of its own and everything derived anew,
and both stores are read side by side.
"""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from itertools import zip_longest
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, String, Table, select

from service.proof.bundle import Heading
from service.proof.doubt import Doubt
from service.store.copying import copy_into
from service.store.engine import connect, is_sqlite
from service.store.exporting import events_in
from service.store.growing import Trees
from service.store.lanes import read_heads
from service.store.rebuilding import Progress, Which, rebuild
from service.store.schema import migrate
from service.store.search import postgresql_body
from service.store.shelves import accounts, catalogue, firsts, ledger, links, places, texts
from service.store.statements import run
from service.store.tables import (
    incidents,
    reached,
    slots,
    standing,
    voids,
    withholdings,
)

DERIVED: tuple[Table, ...] = (
    *(incidents, slots, standing, voids, reached, withholdings),
    *(catalogue, places, links, texts, ledger, accounts, firsts),
)
PAGE = 1000


def review(connection: Connection, progress: Progress) -> int:
    """Raises Doubt, which names the first row that differs."""
    sizes = [head.position for head in read_heads(connection)]
    with TemporaryDirectory(prefix="sitrep-review-") as folder:
        url = f"sqlite:///{folder}/sitrep.db"
        migrate(url, lanes=len(sizes))
        engine = connect(url)
        try:
            with engine.connect() as anew:
                run(anew, "PRAGMA synchronous=OFF")  # it goes in a moment
                _derive(connection, anew, sizes, progress)
                return sum(_hold_to(connection, anew, table) for table in DERIVED)
        finally:
            engine.dispose()


def _derive(
    connection: Connection, anew: Connection, sizes: Sequence[int], progress: Progress
) -> None:
    heading = Heading(incident=None, lanes=len(sizes), checkpoints={}, verifiers=())
    copied = copy_into(anew, Trees(None, len(sizes)), heading, events_in(connection, sizes))
    for so_far in copied:
        progress(so_far.new, 2 * sum(sizes))
    rebuild(anew, Which.ALL, progress=lambda done, total: progress(total + done, 2 * total))


def _hold_to(connection: Connection, anew: Connection, table: Table) -> int:
    number = 0
    with closing(_rows(connection, table)) as found, closing(_rows(anew, table)) as rows:
        should: Iterator[tuple[Any, ...]] = rows
        if table is texts and not is_sqlite(connection):
            should = ((*row[:-1], postgresql_body(row[-1].split())) for row in rows)
        for kept, derived in zip_longest(found, should):
            if kept != derived:
                raise Doubt(_difference(table, kept, derived))
            number += 1
    return number


def _rows(connection: Connection, table: Table) -> Generator[tuple[Any, ...]]:
    """In the order of the key, of its bytes where it is text."""
    keys = [
        column.collate("C")
        if isinstance(column.type, String) and not is_sqlite(connection)
        else column
        for column in table.primary_key
    ]
    query = select(table).order_by(*keys).execution_options(stream_results=True, yield_per=PAGE)
    with connection.execute(query) as rows:
        for row in rows:
            yield tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)


def _difference(table: Table, kept: tuple[Any, ...] | None, derived: tuple[Any, ...] | None) -> str:
    size = len(table.primary_key)
    names = [column.name for column in table.columns]
    if kept is None or (derived is not None and derived[:size] < kept[:size]):
        return f"{table.name}: the row {_key(names, derived, size)} is missing"
    if derived is None or kept[:size] < derived[:size]:
        return f"{table.name}: the row {_key(names, kept, size)} follows from nothing in the log"
    changed = [name for name, *pair in zip(names, kept, derived, strict=True) if pair[0] != pair[1]]
    what = ", ".join(changed)
    return f"{table.name}: {what} of {_key(names, kept, size)} is not what the log says"


def _key(names: Sequence[str], row: tuple[Any, ...] | None, size: int) -> str:
    told = zip(names[:size], (row or ())[:size], strict=True)
    return " ".join(
        f"{name} {value.hex() if isinstance(value, bytes) else value}" for name, value in told
    )
