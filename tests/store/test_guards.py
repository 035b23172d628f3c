"""What the database itself promises: events that never change, hashes that chain, a schema that is
known.
"""

from hashlib import sha256

import msgspec
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from service.errors import Unavailable
from service.proof.chain import GENESIS
from service.store.engine import connect
from service.store.lanes import lane_of
from service.store.schema import migrate
from service.store.sealing import envelope_of, read_event
from service.store.shelves import FULL_TEXT
from service.store.store import Store
from service.store.tables import metadata
from tests.histories import EDITOR, correction, killed, new_incident, new_update, retraction, told

ROWS = text(
    "SELECT e.*, p.body, p.salt FROM events e "
    "JOIN payloads p ON p.lane = e.lane AND p.event_id = e.event_id ORDER BY version"
)


@pytest.fixture
def filled(store):
    store.open(new_incident("taji", killed(1)), EDITOR)
    for update in (
        told("afp", killed(2)),
        told("desk", correction(2, killed(3))),
        told("desk", retraction(3)),
    ):
        store.append("taji", new_update(update), EDITOR)
    return store


def run(url, statement):
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET origin = 'x'",
        "DELETE FROM events",
        "DELETE FROM events WHERE version = 1",
    ],
)
def test_events_refuse_to_be_changed_or_removed(filled, database, statement):
    with pytest.raises(DBAPIError, match=r"append-only|permission denied"):
        run(database, statement)

    assert len(filled.events("taji", after_version=0, types=(), limit=10).events) == 5


def test_events_refuse_truncation_by_the_trigger_even_where_the_right_is_given(
    filled, database, engine_name
):
    if engine_name == "sqlite":
        statements = ["DELETE FROM events"]
    else:
        run(database, "GRANT UPDATE, DELETE, TRUNCATE ON events TO CURRENT_USER")
        statements = ["TRUNCATE events", "DELETE FROM events", "UPDATE events SET origin = 'x'"]

    for statement in statements:
        with pytest.raises(DBAPIError, match="append-only"):
            run(database, statement)


def test_every_event_is_sealed_by_its_payload_and_the_event_before_it(filled, database):
    engine = create_engine(database)
    with engine.connect() as connection:
        rows = connection.execute(ROWS).mappings().all()
    engine.dispose()

    leaf = GENESIS
    for row in rows:
        envelope = envelope_of(read_event(row), incident=row["incident"], actor=row["actor"])
        assert row["commitment"] == sha256(row["salt"] + row["body"]).digest()
        leaf = sha256(msgspec.json.encode(envelope) + row["commitment"] + leaf).digest()
        assert row["leaf"] == leaf
    assert len(rows) == 5


def test_the_migrations_make_the_tables_that_the_code_expects(database):
    engine = connect(database)
    with engine.connect() as connection:
        opts = {
            "compare_type": False,
            "include_name": lambda name, *_: name is None or not name.startswith(FULL_TEXT),
        }
        context = MigrationContext.configure(connection, opts=opts)
        differences = compare_metadata(context, metadata)
    engine.dispose()

    assert differences == []


def test_a_store_of_another_release_is_refused_with_what_to_do(empty_database):
    with pytest.raises(Unavailable, match="sitrep migrate"):
        Store.connect(empty_database)


def test_the_number_of_lanes_is_kept_by_the_store(empty_database, open_store):
    migrate(empty_database, lanes=16)
    migrate(empty_database, lanes=4)

    assert open_store(empty_database).lanes == 16


def test_a_lane_is_a_property_of_the_incidents_name():
    lanes = {lane_of(f"incident-{number}", 16) for number in range(500)}

    assert lanes == set(range(16))
    assert {lane_of(f"incident-{number}", 1) for number in range(50)} == {0}


def test_an_unreachable_database_is_unavailable():
    with pytest.raises(Unavailable):
        Store.connect("postgresql+psycopg://nobody@127.0.0.1:9/nothing")
