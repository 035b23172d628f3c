"""Keys: how they are changed and end, and what is kept of what they did."""

from threading import Barrier, Thread

import pytest
from msgspec import structs
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from service.domain.moments import SECOND_US, read_instant, write_instant
from service.domain.update import Writer
from service.errors import NotFound, Refused
from service.store.audit import A_BATCH, Audit
from service.store.uses import Use

HOUR_US = 3600 * SECOND_US
ADA = Writer(name="ada", role="reporter")


class Clock:
    def __init__(self):
        self.now_us = read_instant("2026-01-01T00:00:00Z")

    def __call__(self):
        return self.now_us

    def later(self, hours):
        return self.now_us + int(hours * HOUR_US)

    def pass_hours(self, hours):
        self.now_us = self.later(hours)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(database, open_store, clock):
    return open_store(database, clock)


def test_a_key_ends_by_itself_at_the_moment_that_it_was_given(store, clock):
    key = store.add_key("ada", "reporter", clock.later(2))

    clock.pass_hours(1)
    before = store.authenticate(key)
    clock.pass_hours(1)

    assert before == ADA
    assert store.authenticate(key) is None
    assert store.holder(key).writer == ADA
    assert store.keys()[0].expires_at == write_instant(clock.now_us)


def test_a_key_that_would_have_ended_already_is_not_made(store, clock):
    with pytest.raises(Refused):
        store.add_key("ada", "reporter", clock.now_us)

    assert store.keys() == ()


def test_the_secret_of_before_opens_as_long_as_it_was_kept(store, clock):
    old = store.add_key("ada", "reporter")
    new = store.rotate_key("ada", keep_us=2 * HOUR_US)

    clock.pass_hours(1)
    during = store.authenticate(old), store.authenticate(new)
    clock.pass_hours(1)

    assert during == (ADA, ADA)
    assert (store.authenticate(old), store.authenticate(new)) == (None, ADA)


def test_a_secret_in_wrong_hands_is_void_at_once_with_all_before_it(store):
    first = store.add_key("ada", "reporter")
    second = store.rotate_key("ada", keep_us=HOUR_US)
    third = store.rotate_key("ada", keep_us=0)

    opened = [store.authenticate(secret) for secret in (first, second, third)]

    assert opened == [None, None, ADA]


def test_a_key_may_be_changed_again_while_the_secret_before_is_kept(store, clock):
    first = store.add_key("ada", "reporter")
    second = store.rotate_key("ada", keep_us=3 * HOUR_US)
    clock.pass_hours(1)
    third = store.rotate_key("ada", keep_us=3 * HOUR_US)

    both = [store.authenticate(secret) for secret in (first, second, third)]
    clock.pass_hours(2)

    assert both == [ADA, ADA, ADA]
    assert [store.authenticate(secret) for secret in (first, second, third)] == [None, ADA, ADA]


def test_revoking_a_key_ends_every_secret_of_it(store):
    old = store.add_key("ada", "reporter")
    new = store.rotate_key("ada", keep_us=HOUR_US)

    store.revoke_key("ada")

    assert store.authenticate(old) is store.authenticate(new) is None
    with pytest.raises(Refused):
        store.rotate_key("ada", keep_us=0)


def test_the_end_of_a_key_holds_for_the_secret_of_before_too(store, clock):
    old = store.add_key("ada", "reporter", clock.later(1))
    new = store.rotate_key("ada", keep_us=9 * HOUR_US)

    clock.pass_hours(1)

    assert store.authenticate(old) is store.authenticate(new) is None
    with pytest.raises(Refused):
        store.rotate_key("ada", keep_us=0)
    later = store.rotate_key("ada", keep_us=0, expires_us=clock.later(5))
    assert store.authenticate(later) == ADA


def test_a_key_that_nobody_has_is_not_changed(store):
    with pytest.raises(NotFound):
        store.rotate_key("bob", keep_us=0)


def test_what_keys_did_is_told_page_by_page_the_newest_first(store, clock):
    store.add_key("ada", "reporter")
    for number in range(5):
        clock.pass_hours(1)
        store.note(use(clock, "ada" if number % 2 else None, 200 + number))

    first = store.uses(cursor=None, limit=3)
    rest = store.uses(cursor=first.next, limit=3)

    assert [one.status for one in (*first.uses, *rest.uses)] == [204, 203, 202, 201, 200]
    assert rest.next is None
    assert [one.status for one in store.uses("ada", cursor=None, limit=9).uses] == [203, 201]


def test_a_key_says_when_it_last_opened_something(store, clock):
    for name in ("ada", "bob"):
        store.add_key(name, "reporter")
    clock.pass_hours(1)
    store.note(use(clock, "ada", 201))
    opened_us = clock.now_us
    clock.pass_hours(1)
    store.note(use(clock, "ada", 401, opened=False))

    store.uses(cursor=None, limit=1)

    listed = store.keys()
    assert [key.last_used_at for key in listed] == [write_instant(opened_us), None]


def test_what_was_done_is_written_when_the_store_is_closed(database, open_store, clock):
    first = open_store(database, clock)
    first.note(use(clock, None, 401))
    first.close()

    told = open_store(database, clock).uses(cursor=None, limit=9).uses

    assert [(one.key, one.status) for one in told] == [(None, 401)]


def test_what_is_old_is_forgotten(store, clock):
    store.keep_uses(days=2)
    for _ in range(4):
        clock.pass_hours(25)
        store.note(use(clock, None, 200))
        told = store.uses(cursor=None, limit=9).uses

    assert len(told) == 2
    clock.pass_hours(1)
    assert store.drop_uses(0) == 2


def test_what_keys_did_cannot_be_changed(store, clock, database):
    store.note(use(clock, None, 401))
    store.uses(cursor=None, limit=1)

    with pytest.raises(DBAPIError, match="append-only"):
        run(database, "UPDATE key_uses SET status = 200")

    assert store.uses(cursor=None, limit=1).uses[0].status == 401


def test_many_uses_are_written_without_waiting_for_a_second_to_pass(clock):
    written = Written()
    audit = Audit(written)

    for _ in range(A_BATCH):
        audit.note(use(clock, None, 401))
    written.wait()
    audit.close()

    assert written.uses == A_BATCH


def test_readings_that_are_alike_are_told_together_and_writes_each(store, clock):
    alike = [structs.replace(use(clock, "ada", 200), method="GET") for _ in range(3)]
    for one in (*alike, structs.replace(alike[0], route="feed.list_feed", times=1)):
        store.note(one)
    for _ in range(2):
        store.note(use(clock, "ada", 201))

    told = store.uses(cursor=None, limit=9).uses

    assert sorted((one.route, one.times) for one in told) == [
        ("feed.list_feed", 1),
        ("incidents.append_update", 1),
        ("incidents.append_update", 1),
        ("incidents.append_update", 3),
    ]


def test_what_the_store_did_not_take_is_written_later(clock):
    written = Written(failures=1)
    audit = Audit(written)
    audit.note(use(clock, None, 200))

    with pytest.raises(OSError, match="full"):
        audit.flush()
    audit.flush()
    audit.close()

    assert written.uses == 1


def test_uses_that_several_threads_note_are_all_written(store, clock):
    start = Barrier(8)

    def note():
        start.wait()
        for _ in range(100):
            store.note(use(clock, None, 200))

    threads = [Thread(target=note) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(store.uses(cursor=None, limit=1000).uses) == 800


class Written:
    """Counts what is written, and refuses some of it at first."""

    def __init__(self, failures=0):
        self.uses = 0
        self._failures = failures
        self._some = Barrier(2)

    def __call__(self, told):
        if self._failures:
            self._failures -= 1
            raise OSError("the disk is full")
        self.uses += len(told)
        if self.uses >= A_BATCH:
            self._some.wait(10)

    def wait(self):
        self._some.wait(10)


def use(clock, name, status, *, opened=True):
    return Use(
        at_us=clock(),
        name=name,
        opened=opened,
        method="POST",
        route="incidents.append_update",
        incident="taji",
        status=status,
        address="192.0.2.7",
    )


def run(url, statement):
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()
