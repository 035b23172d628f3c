"""A primary that is gone: a standby takes its place, and nobody misses anything."""

import random
from threading import Event

import pytest
from click.testing import CliRunner

from service.cli import main
from service.errors import Unavailable
from service.store.promoting import promote
from service.store.schema import migrate
from service.store.store import Store
from tests.failover.nodes import Trio
from tests.faults.crowd import crowd
from tests.faults.sites import served
from tests.histories import EDITOR, killed, new_incident, new_update, told

MOST_SECONDS = 0.1


def promoted(three: Trio) -> None:
    """By the command, as an operator does it."""
    standbys = [node.url for node in three.standbys]
    done = CliRunner().invoke(main, ["promote", *standbys])
    assert done.exit_code == 0, done.output
    three.promoted(done.stdout.strip())


def test_whoever_writes_or_reads_through_failovers_loses_and_misses_nothing(three, failovers):
    migrate(three.url)
    store = Store.connect(three.url)
    key = store.add_key("crowd", "reporter")
    store.close()

    with served(three.url) as service, crowd(service.urls, key) as people:
        for _ in range(failovers):
            people.wait_for(acknowledged=random.randint(20, 60))
            Event().wait(random.uniform(0, MOST_SECONDS))
            gone = three.primary
            gone.kill()
            people.wait_for_outage()
            promoted(three)
            people.wait_for(acknowledged=20)
            gone.rewind(three.primary)
            three.join(gone)
        people.wait_for(acknowledged=20)
        figures = people.settle()

    assert figures.broken == {}
    assert figures.acknowledged >= 40 * failovers


def test_the_standby_that_received_most_is_promoted_and_the_other_follows_it(three, open_store):
    migrate(three.url)
    store = open_store(three.url)
    store.open(new_incident("taji"), EDITOR)
    further = random.choice(three.standbys)
    (behind,) = [node for node in three.standbys if node is not further]
    behind.kill()
    store.append("taji", new_update(told("afp", killed(2))), EDITOR)
    three.primary.kill()
    behind.start()

    promoted(three)

    assert three.primary is further
    assert store.now("taji").version == 2
    assert store.append("taji", new_update(told("afp", killed(3))), EDITOR).receipt.version == 3
    three.wait_for_standbys()


def test_a_primary_that_comes_back_after_its_time_is_neither_written_to_nor_read(three, open_store):
    migrate(three.url)
    store = open_store(three.url)
    store.open(new_incident("taji"), EDITOR)
    former = three.primary
    former.kill()
    promoted(three)
    store.append("taji", new_update(told("afp", killed(2))), EDITOR)
    former.start()

    assert store.append("taji", new_update(told("afp", killed(3))), EDITOR).receipt.version == 3
    assert open_store(three.url_of(former, three.primary)).now("taji").version == 3
    three.primary.kill()
    with pytest.raises(Unavailable):
        store.append("taji", new_update(told("afp", killed(4))), EDITOR)
    with pytest.raises(Unavailable):
        store.now("taji")


def test_a_primary_that_lives_on_after_its_time_acknowledges_nothing_and_is_left(three, open_store):
    migrate(three.url)
    store = open_store(three.url)
    store.open(new_incident("taji"), EDITOR)
    assert store.now("taji").version == 1
    promoted(three)
    update = new_update(told("afp", killed(2)))

    with pytest.raises(Unavailable, match="did not say"):
        store.append("taji", update, EDITOR)
    again = store.append("taji", update, EDITOR)

    assert (again.receipt.version, again.replayed) == (2, False)
    assert store.now("taji").version == 2
    assert three.primary.ask("SELECT pg_is_in_recovery()") is False


def test_only_standbys_that_all_answer_are_compared(three):
    first, second = three.standbys

    with pytest.raises(Unavailable, match="takes writes already"):
        promote([first.url, three.primary.url])
    second.kill()
    with pytest.raises(Unavailable):
        promote([first.url, second.url])
    alone = CliRunner().invoke(main, ["promote", first.url])

    assert alone.exit_code == 2
    assert first.ask("SELECT pg_is_in_recovery()") is True
    assert first.ask("SELECT count(*) FROM pg_stat_wal_receiver") == 1
