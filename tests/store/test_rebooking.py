"""The ledger follows from the events: derived again it is what the appends booked."""

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from service.store.answers import Question
from service.store.asking import ask
from service.store.engine import writing
from service.store.lanes import lane_of
from service.store.ledger import Turn
from service.store.rebooking import rebook
from tests.histories import (
    EDITOR,
    correction,
    killed,
    new_incident,
    new_update,
    origin,
    retraction,
    told,
)
from tests.store.test_replay import build, clock_from, stories

TABLES = {
    "ledger": text("SELECT * FROM ledger ORDER BY lane, incident, publisher, origin"),
    "accounts": text("SELECT * FROM accounts ORDER BY lane, publisher, origin"),
    "firsts": text("SELECT * FROM firsts ORDER BY lane, incident, first"),
}
EMPTIED = ("DELETE FROM ledger", "DELETE FROM accounts", "DELETE FROM firsts")
SUMS = text(
    "SELECT publisher, origin, count(*) AS incidents, sum(updates), sum(reports), sum(acts),"
    " sum(corrections), sum(own_corrections), sum(retractions), sum(disputed), sum(endorsed),"
    " sum(stood), sum(fell), sum(open), min(first_us), max(last_us)"
    " FROM ledger GROUP BY publisher, origin ORDER BY publisher, origin"
)
ACCOUNTS = text(
    "SELECT publisher, origin, incidents, updates, reports, acts, corrections, own_corrections,"
    " retractions, disputed, endorsed, stood, fell, open, first_us, last_us"
    " FROM accounts ORDER BY publisher, origin"
)


def rows_of(store):
    with store._reading() as connection:
        return {
            table: [tuple(row) for row in connection.execute(query)]
            for table, query in TABLES.items()
        }


def booked_again(store, incident):
    """The ledger after one incident was booked anew."""
    lane = lane_of(incident, store.lanes)
    with store._engine.connect() as connection, writing(connection):
        asked = ask(connection, lane, incident, Question(), None)
        known, unseen = asked.known, asked.bounds.withheld
        rebook(connection, lane, incident, known.standing, known.situation, unseen=unseen)
    return rows_of(store)


def run(database, *statements):
    engine = create_engine(database)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def test_what_is_booked_again_equals_what_the_appends_booked(database, open_store):
    ticks = []
    store = open_store(database, clock_from(ticks))

    @settings(max_examples=60, deadline=None)
    @given(story=stories(), forgetful=st.booleans())
    def holds(story, forgetful):
        if forgetful:
            store._appender._memory.forget()
        incident = build(store, ticks[0], story)
        booked = rows_of(store)

        assert booked_again(store, incident) == booked
        with store._reading() as connection:
            sums = [tuple(map(int_or_text, row)) for row in connection.execute(SUMS)]
            assert [tuple(row) for row in connection.execute(ACCOUNTS)] == sums

    holds()


def int_or_text(value):
    return value if isinstance(value, str) else int(value)


def test_an_account_that_lost_its_incidents_gets_them_back(store, database):
    for slug in ("taji", "besmaya"):
        store.open(new_incident(slug), EDITOR)
        named = {"publisher": {"key": "afp", "kind": "agency", "name": f"AFP on {slug}"}}
        stable = {"type": "status", "status": "stable"}
        desk = {"key": "desk", "kind": "desk", "name": "The desk"}
        army = origin("army", "military", named=False)
        for toll in (1, 1, 2):
            update = {**told("afp", killed(toll, origin=army)), **named}
            store.append(slug, new_update(update), EDITOR)
        store.append(slug, new_update(told("afp", correction(2, killed(3)))), EDITOR)
        store.append(slug, new_update(told("bbc", killed(3))), EDITOR)
        store.append(slug, new_update(told("desk", retraction(6))), EDITOR)
        for _ in range(2):
            update = {**told("desk", stable), "publisher": desk}
            store.append(slug, new_update(update), EDITOR)
    booked = rows_of(store)
    run(database, *EMPTIED)

    booked_again(store, "taji")

    assert booked_again(store, "besmaya") == booked


def test_an_incident_of_the_release_before_is_counted_once_it_is_booked(
    database, open_store, store
):
    store.open(new_incident("taji", killed(1)), EDITOR)
    store.append("taji", new_update(told("afp", killed(1))), EDITOR)
    run(database, *EMPTIED)
    other = open_store(database)
    other.append("taji", new_update(told("afp", killed(2), at_hour=13)), EDITOR)

    booked_again(other, "taji")

    afp = other.publisher("afp", Turn(None, 1)).publisher
    assert (afp.incidents, afp.reports, afp.first_figures.fell) == (1, 2, 1)
    assert other.publisher("desk", Turn(None, 1)).publisher.reports == 1


def test_an_erased_report_counts_as_one_but_gives_no_figure(store, database):
    store.open(new_incident("taji"), EDITOR)
    store.append("taji", new_update(told("afp", killed(1), killed(2, group={"sex": "f"}))), EDITOR)
    run(
        database,
        "DELETE FROM payloads WHERE event_id IN (SELECT event_id FROM events WHERE version = 2)",
    )

    booked_again(store, "taji")

    afp = store.publisher("afp", Turn(None, 1)).publisher
    assert (afp.reports, afp.first_figures.given) == (2, 1)
