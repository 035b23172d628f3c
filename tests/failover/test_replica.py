"""Reading from a standby: never less than was acknowledged, and on without a primary."""

from uuid import uuid4

import httpx
import pytest

from service.domain.moments import read_moment
from service.errors import BadParameters, NotFound, Unavailable
from service.store.answers import Question
from service.store.schema import migrate
from service.store.store import Store
from tests.faults.crowd import crowd
from tests.histories import EDITOR, killed, new_incident, new_update, told
from tests.process.serving import eventually, serving


@pytest.fixture
def pair(three, open_store):
    """A store whose replica is the first standby, and another store of the same, without one."""
    return stores(three, open_store)


@pytest.fixture
def both(lasting, open_store):
    """The same, where no server is killed."""
    return stores(lasting, open_store)


def stores(three, open_store):
    migrate(three.url)
    caught_up(three)
    replica = three.url_of(three.standbys[0])
    return open_store(three.url, replica=replica), open_store(three.url)


def hold(three):
    """The replica receives, and makes nothing of it visible: what it lags behind stays."""
    three.standbys[0].command("SELECT pg_wal_replay_pause()")
    eventually(lambda: three.standbys[0].ask("SELECT pg_get_wal_replay_pause_state()") == "paused")


def go_on(three):
    three.standbys[0].command("SELECT pg_wal_replay_resume()")


def caught_up(three):
    place = three.primary.ask("SELECT pg_current_wal_insert_lsn()")
    eventually(
        lambda: three.standbys[0].ask(f"SELECT pg_last_wal_replay_lsn() >= '{place}'::pg_lsn")
    )


def appended(store, quantity):
    return store.append("taji", new_update(told("afp", killed(quantity))), EDITOR).receipt


def events_after(store, version):
    return store.events("taji", after_version=version, types=(), limit=100).events


def feed(store, after):
    return store.feed(after=after, types=(), incident=None, limit=100)


def test_what_a_process_acknowledged_it_tells_though_its_replica_lags(lasting, both):
    store, _ = both
    store.open(new_incident("taji"), EDITOR)
    hold(lasting)

    told_so_far = [
        (appended(store, number).version, store.now("taji").version) for number in (2, 3)
    ]

    assert told_so_far == [(2, 2), (3, 3)]
    assert [event.version for event in feed(store, None).events] == [1, 2, 3]
    go_on(lasting)


def test_what_nobody_named_may_be_the_replicas_and_what_was_named_is_not_older(lasting, both):
    store, elsewhere = both
    store.open(new_incident("taji"), EDITOR)
    caught_up(lasting)
    hold(lasting)
    later = appended(elsewhere, 2)
    head = feed(elsewhere, None).cursor

    assert store.now("taji").version == 1
    assert feed(store, None).cursor == "1"

    assert store.now("taji", known=2).version == 2
    assert store.situation("taji", Question(version=2)).version == 2
    assert store.event("taji", 2).version == 2
    assert store.update("taji", later.update_id).version == 2
    assert [event.version for event in events_after(store, 1)] == [2]
    assert feed(store, head).cursor == head
    go_on(lasting)


def test_an_answer_as_of_a_moment_that_the_replica_has_not_reached_is_the_primarys(lasting, both):
    store, elsewhere = both
    opened = store.open(new_incident("taji"), EDITOR).receipt
    caught_up(lasting)
    hold(lasting)
    later = read_moment(appended(elsewhere, 2).recorded_at)

    then = store.situation("taji", Question(as_of_us=later))
    before = store.situation("taji", Question(as_of_us=later - 1))
    first = store.situation("taji", Question(as_of_us=read_moment(opened.recorded_at)))

    assert [(answer.version, answer.immutable) for answer in (then, before, first)] == [
        (2, True),
        (1, True),
        (1, True),
    ]
    go_on(lasting)


def test_without_a_primary_everything_is_read_on_and_nothing_is_recorded(three, pair):
    store, _ = pair
    store.open(new_incident("taji"), EDITOR)
    key = store.add_key("desk", "editor")
    caught_up(three)
    update = told("afp", killed(2))

    with serving(three.url, replica_url=three.url_of(three.standbys[0])) as server:
        three.primary.kill()
        with httpx.Client(base_url=server.url, timeout=30) as client:
            client.headers["Authorization"] = f"Bearer {key}"
            paths = ["", "/v1/incidents", "/v1/incidents/taji", "/v1/events", "/readyz"]
            read = {path: client.get(path).status_code for path in paths}
            missing = client.get("/v1/incidents/nobody-knows")
            strange = client.get("/v1/events", params={"after": "-1"})
            written = client.post("/v1/incidents/taji/updates", json=update)

    assert read == dict.fromkeys(paths, 200)
    assert (missing.status_code, strange.status_code, written.status_code) == (503, 400, 503)
    with pytest.raises(BadParameters):
        feed(store, "-1")


def test_what_was_acknowledged_and_the_replica_does_not_know_is_not_denied(three, pair):
    store, _ = pair
    store.open(new_incident("taji"), EDITOR)
    hold(three)
    appended(store, 2)
    three.primary.kill()

    with pytest.raises(Unavailable):
        store.now("taji")
    with pytest.raises(Unavailable):
        feed(store, None)
    go_on(three)
    eventually(lambda: knows(store, 2))


def knows(store, version):
    try:
        return store.now("taji").version == version
    except Unavailable:
        return False


@pytest.mark.parametrize("end", ["kill", "freeze"])
def test_a_replica_that_does_not_answer_is_not_missed(three, pair, end):
    store, _ = pair
    store.open(new_incident("taji"), EDITOR)
    caught_up(three)
    assert store.now("taji").version == 1
    getattr(three.standbys[0], end)()

    answers = [store.now("taji").version for _ in range(3)]

    assert answers == [1, 1, 1]


def test_a_replica_without_this_releases_schema_is_not_asked(lasting, open_store):
    migrate(lasting.url)
    empty = lasting.with_database(f"sitrep_{uuid4().hex}")
    store = open_store(lasting.url, replica=empty.url_of(empty.primary))

    store.open(new_incident("taji"), EDITOR)

    assert store.now("taji").version == 1


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_what_is_no_standby_of_the_store_is_not_asked(database, another_database, open_store):
    """A primary of before may hold what never lasted; another store holds anything."""
    other = open_store(another_database)
    other.open(new_incident("elsewhere"), EDITOR)
    store = open_store(database, replica=another_database)
    store.open(new_incident("taji"), EDITOR)

    assert store.now("taji").version == 1
    with pytest.raises(NotFound):
        store.now("elsewhere")
    with pytest.raises(NotFound):
        store.situation("elsewhere", Question(version=1))


@pytest.mark.parametrize("only", ["a standby", "this store's"])
def test_a_standby_of_another_database_is_not_asked(lasting, open_store, only):
    migrate(lasting.url)
    other = lasting.with_database(f"sitrep_{uuid4().hex}")
    migrate(other.url)
    told_there = open_store(other.url)
    told_there.open(new_incident("elsewhere"), EDITOR)
    asked = other.standbys[0] if only == "a standby" else other.primary
    caught_up(other)
    store = open_store(lasting.url, replica=other.url_of(asked))

    with pytest.raises(NotFound):
        store.now("elsewhere")


def test_only_postgresql_has_replicas(tmp_path):
    with pytest.raises(ValueError, match="SITREP_REPLICA_URL"):
        Store.connect(f"sqlite:///{tmp_path / 'a.db'}", replica=f"sqlite:///{tmp_path / 'b.db'}")


def test_a_reader_who_hops_between_replica_and_primary_misses_nothing(lasting):
    migrate(lasting.url)
    store = Store.connect(lasting.url)
    key = store.add_key("crowd", "reporter")
    store.close()
    replica = lasting.url_of(lasting.standbys[0])

    with (
        serving(lasting.url) as direct,
        serving(lasting.url, replica_url=replica) as nearby,
        crowd([direct.url, nearby.url], key) as people,
    ):
        people.wait_for(acknowledged=50)
        hold(lasting)
        people.wait_for(acknowledged=50)
        go_on(lasting)
        people.wait_for(acknowledged=50)
        figures = people.settle()

    assert figures.broken == {}
