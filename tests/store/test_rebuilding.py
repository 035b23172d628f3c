"""DOMAIN.md §10.2: whatever is derived can be dropped and derived again; it changes no byte."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from alembic.config import Config
from hypothesis import given, settings
from sqlalchemy import MetaData, create_engine, delete, insert, select, text

from service.domain.standing import Origins
from service.store.answers import Question
from service.store.appending import Appender
from service.store.engine import connect, writing
from service.store.growing import Trees
from service.store.plan import Request
from service.store.rebuilding import Which, rebuild_incident
from service.store.schema import migrate
from service.store.tables import incidents, slots, standing, voids
from tests.histories import (
    EDITOR,
    at,
    correction,
    injured,
    killed,
    new_incident,
    new_update,
    retraction,
    told,
)
from tests.store.folding import folded, log_of
from tests.store.test_replay import build, clock_from, stories

DERIVED = (incidents, standing, voids, slots)
OLD_STORE = Path(__file__).parent / "fixtures" / "release_0001.db"
"""A story with corrections and retractions, written by the code of schema 0001."""


def derived(url):
    """Every row that follows from others, table by table."""
    engine = connect(url)
    with engine.connect() as connection:
        rows = {
            table.name: sorted(tuple(row) for row in connection.execute(select(table)))
            for table in DERIVED
        }
    engine.dispose()
    return rows


def run(url, *statements):
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def drop(url):
    """Everything that is derived."""
    engine = connect(url)
    with engine.connect() as connection:
        for table in DERIVED:
            connection.execute(delete(table))
    engine.dispose()


def derive_again(connection, incident, *, dropped):
    with writing(connection):
        for table in DERIVED if dropped else ():
            connection.execute(delete(table).where(table.c.incident == incident))
        rebuild_incident(connection, 0, incident)


def tell(store, *reports, by="afp", at_hour=12):
    store.append("taji", new_update(told(by, *reports, at_hour=at_hour)), EDITOR)


@pytest.fixture
def filled(store):
    """One incident with all that makes rows fall, and one without."""
    store.open(new_incident("elsewhere", killed(7)), EDITOR)
    store.open(new_incident("taji", killed(1)), EDITOR)
    tell(store, killed(20, key="us"), injured(5, depends_on=["us"]), at_hour=13)
    tell(store, correction(3, killed(2)), at_hour=14)
    tell(store, killed(9), retraction(4), by="bbc", at_hour=15)
    tell(store, retraction(5), retraction(3), by="desk", at_hour=16)
    return store


def test_what_was_dropped_is_derived_again_byte_for_byte(filled, database):
    before = derived(database)
    drop(database)

    assert filled.custody.rebuild() == 2

    assert derived(database) == before


def test_what_was_garbled_is_derived_again_byte_for_byte(filled, database):
    before = derived(database)
    run(
        database,
        "UPDATE standing SET origin = 'x', voices = 0, peak_us = 0, part = 1",
        "UPDATE voids SET retracts = 0, publisher = 'x'",
        "UPDATE slots SET lead_us = 0",
        "UPDATE incidents SET opened_title = 'x', opened_us = 0, position = 0",
    )

    filled.custody.rebuild()

    assert derived(database) == before


def test_any_story_is_derived_again_as_its_appends_derived_it(database, open_store):
    ticks = []
    store = open_store(database, clock_from(ticks))

    @settings(max_examples=40, deadline=None)
    @given(story=stories())
    def holds(story):
        incident = build(store, ticks[0], story)
        before = derived(database)
        derive_again(connection, incident, dropped=False)
        assert derived(database) == before
        derive_again(connection, incident, dropped=True)
        assert derived(database) == before

    engine = connect(database)
    with engine.connect() as connection:
        holds()
    engine.dispose()
    before = derived(database)
    drop(database)
    store.custody.rebuild()
    assert derived(database) == before


def test_an_incident_opened_and_written_to_in_one_round_was_opened_when_it_was(database, store):
    opening, update = new_incident("taji"), new_update(told("afp", killed(2)))
    engine = connect(database)
    appender = Appender(engine, None, Trees(None, 1))
    appender.commit(
        [
            Request(lane=0, incident="taji", update=opening.update, by=EDITOR, opening=opening),
            Request(lane=0, incident="taji", update=update, by=EDITOR),
        ]
    )
    appender.close()
    engine.dispose()
    before = derived(database)

    store.custody.rebuild()

    opened = store.incidents(cursor=None, limit=1).incidents[0].opened_at
    assert derived(database) == before
    assert opened == store.event("taji", 1).recorded_at != store.event("taji", 2).recorded_at


def test_a_long_incident_is_derived_again_piece_by_piece(store, database):
    store.open(new_incident("taji"), EDITOR)
    tell(store, *[killed(one) for one in range(100)], at_hour=11)
    for number in range(13):
        counts = [killed(one, effective_at=at(one % 24)) for one in range(98)]
        acts = [correction(2 + 50 * number, killed(number)), retraction(4 + 60 * number)]
        tell(store, *acts, *counts, at_hour=12 + number % 3)
    before = derived(database)
    drop(database)

    store.custody.rebuild()

    assert derived(database) == before
    assert len(log_of(database, "taji")) == 1401


def test_a_rebuild_can_be_broken_off_and_done_again(filled, database):
    before = derived(database)
    run(database, "DELETE FROM standing")

    def give_up(done, total):
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        filled.custody.rebuild(progress=give_up)
    filled.custody.rebuild()

    assert derived(database) == before


def test_a_rebuild_tells_how_many_events_are_done(filled):
    seen = []

    filled.custody.rebuild(progress=lambda done, total: seen.append((done, total)))

    assert seen == [(0, 11), (2, 11), (11, 11)]


def test_writers_go_on_while_a_store_is_rebuilt(filled, database, open_store):
    other = open_store(database)

    with ThreadPoolExecutor() as pool:
        rebuilding = pool.submit(lambda: [other.custody.rebuild() for _ in range(5)])
        for number in range(20):
            tell(filled, killed(number, depends_on=[2]), at_hour=17)
        rebuilding.result()

    log = log_of(database, "taji")
    assert len(log) == 29
    assert filled.now("taji").body == folded(log, "taji", Question())
    before = derived(database)
    filled.custody.rebuild()
    assert derived(database) == before


def test_an_erased_retraction_keeps_its_effect(store, database):
    store.open(new_incident("taji"), EDITOR)
    tell(store, killed(30, origin={"key": "army", "kind": "military"}), at_hour=13)
    tell(store, killed(3), at_hour=14)
    tell(store, retraction(3), by="desk", at_hour=15)
    run(
        database,
        "DELETE FROM payloads WHERE event_id IN "
        "(SELECT event_id FROM events WHERE type = 'report_retracted')",
    )

    before = derived(database)
    store.custody.rebuild()

    after = derived(database)
    assert (after["standing"], after["voids"]) == (before["standing"], before["voids"])
    assert b'"because":[2]' in store.now("taji").body


@pytest.fixture
def old_store(tmp_path):
    file = tmp_path / "old.db"
    shutil.copy(OLD_STORE, file)
    return f"sqlite:///{file}"


def test_a_store_of_the_release_before_answers_like_the_fold_once_it_is_derived_again(
    old_store, open_store
):
    migrate(old_store)
    store = open_store(old_store)

    assert store.custody.rebuild(Which.OLDER) == 1
    assert store.custody.rebuild(Which.OLDER) == 0

    log = log_of(old_store, "taji")
    published = sorted({event.published_us for event, _ in log})
    for until_us, heard, without in product(
        [None, *published], Origins, [(), ("army",), ("sources", "bbc")]
    ):
        question = Question(published_until_us=until_us, origins=heard, without_origins=without)
        assert store.situation("taji", question).body == folded(log, "taji", question)
    assert store.now("taji").body == folded(log, "taji", Question())


def test_an_incident_of_the_release_before_is_derived_again_before_it_goes_on(
    old_store, open_store
):
    """Its retractions would else be taken for corrections."""
    migrate(old_store)
    store = open_store(old_store)

    tell(store, correction(2, killed(6)), at_hour=23)

    assert store.now("taji").body == folded(log_of(old_store, "taji"), "taji", Question())
    before = derived(old_store)
    store.custody.rebuild()
    assert derived(old_store) == before


def test_what_the_release_before_wrote_since_is_found_and_derived_again(filled, database):
    """It neither fills the new columns nor says that the incident was derived."""
    before = derived(database)
    run(
        database,
        "UPDATE standing SET origin = '', root_origin = '', voices = 0, part = 0"
        " WHERE incident = 'taji' AND version > 7",
        "UPDATE voids SET origin = '', retracts = 0 WHERE incident = 'taji' AND by > 7",
        "UPDATE incidents SET derived_version = 7 WHERE incident = 'taji'",
    )

    assert filled.custody.rebuild(Which.OLDER) == 1

    assert derived(database) == before


def columns_of_release_before(url):
    """The tables as schema 0001 makes them."""
    config = Config()
    config.set_main_option("script_location", "migrations")
    engine = connect(url)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        found = MetaData()
        found.reflect(connection)
    engine.dispose()
    return found


def test_the_release_before_goes_on_writing_beside_this_one(empty_database, open_store):
    """Its rows lack the new columns, and are found and derived again."""
    known = columns_of_release_before(empty_database)
    migrate(empty_database)
    store = open_store(empty_database)
    store.open(new_incident("taji", killed(1)), EDITOR)
    tell(store, killed(20, origin={"key": "army", "kind": "military"}), at_hour=13)
    tell(store, correction(3, killed(2)), retraction(2), at_hour=14)
    before = derived(empty_database)

    copy_as_the_release_before(empty_database, known, "taji", "copied")
    store.custody.rebuild(Which.OLDER)
    army = Question(without_origins=("army",))

    log = log_of(empty_database, "copied")
    assert store.situation("copied", army).body == folded(log, "copied", army)
    copied = [row[3:] for row in derived(empty_database)["standing"] if row[1] == "copied"]
    assert copied == [row[3:] for row in before["standing"]]


def copy_as_the_release_before(url, known, incident, name):
    """An incident again under another name, by inserts that name the columns of schema 0001."""
    engine = connect(url)
    with engine.connect() as connection:
        ids = {}
        for table in ("updates", "events", "standing", "voids", "slots", "incidents"):
            rows = connection.execute(select(known.tables[table]).filter_by(incident=incident))
            for row in rows.mappings().all():
                changed = {**row, "incident": name}
                if "position" in row:
                    changed["position"] += 1000
                if table == "events":
                    changed["event_id"] = ids[row["event_id"]] = uuid4().bytes
                connection.execute(insert(known.tables[table]), changed)
        payloads = known.tables["payloads"]
        for old, new in ids.items():
            row = connection.execute(select(payloads).filter_by(event_id=old)).mappings().one()
            connection.execute(insert(payloads), {**row, "event_id": new})
        connection.execute(text("UPDATE lane_heads SET position = position + 1000"))
    engine.dispose()
