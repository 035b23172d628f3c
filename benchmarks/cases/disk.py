"""Case 9: what an event takes on the disk (ARCHITECTURE.md §6)."""

from collections.abc import Iterator

from sqlalchemy import Column, MetaData, Table, create_engine, select, text

from benchmarks.grounds import Ground
from benchmarks.lines import Line, Unit, Yardstick
from benchmarks.rehearsal import Rehearsal
from benchmarks.rounds import Measured
from benchmarks.stories import SHORT, recorded
from service.store.tables import events, payloads

RAW = Yardstick(
    "one raw table",
    "the columns of the same events and payloads in one table with a primary key (lane, position):"
    " no index of what stands, no view, no list, no search, no tree; written in the log's order,"
    " both measured after VACUUM",
)
GOAL = 1.5
CHUNK = 1000

_whole = (
    select(events, payloads.c.salt, payloads.c.body)
    .join(payloads, (payloads.c.lane == events.c.lane) & (payloads.c.event_id == events.c.event_id))
    .order_by(events.c.lane, events.c.position)
)
_raw = Table(
    "raw",
    MetaData(),
    *(
        Column(
            column.name,
            column.type,
            primary_key=column.name in {"lane", "position"},
            autoincrement=False,
            nullable=column.nullable,
        )
        for column in _whole.selected_columns
    ),
)


def per_event(ground: Ground, rehearsal: Rehearsal) -> Iterator[Line]:
    history = rehearsal.effort.history
    for length, incidents in ((history, 1), (SHORT, history // SHORT // 10)):
        with recorded(ground, length, incidents) as url, ground.empty() as raw:
            _copy(url, raw)
            sizes = [Measured((_bytes(place) / (length * incidents),)) for place in (url, raw)]
        of = "1 incident" if incidents == 1 else f"{incidents:,} incidents"
        what = f"an event on the disk, {of} of {length:,}"
        yield Line(9, ground.engine, what, RAW, *sizes, unit=Unit.BYTES, goal=GOAL)


def _copy(url: str, raw: str) -> None:
    source, target = create_engine(url), create_engine(raw)
    with source.connect() as reading, target.begin() as writing:
        _raw.create(writing)
        rows = reading.execution_options(stream_results=True).execute(_whole).mappings()
        for chunk in rows.partitions(CHUNK):
            writing.execute(_raw.insert(), [dict(row) for row in chunk])
    source.dispose()
    target.dispose()


def _bytes(url: str) -> int:
    """Of all tables with their indexes."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("VACUUM"))
        if engine.dialect.name == "sqlite":
            size = (
                connection.execute(text("PRAGMA page_count")).scalar_one()
                * connection.execute(text("PRAGMA page_size")).scalar_one()
            )
        else:
            size = connection.execute(
                text(
                    "SELECT sum(pg_total_relation_size(oid)) FROM pg_class"
                    " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
                )
            ).scalar_one()
    engine.dispose()
    return int(size)
