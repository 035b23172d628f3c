"""A primary that is gone: a standby takes its place, and nobody misses anything."""

import random

import pytest
from click.testing import CliRunner

from service.cli import main
from service.errors import Unavailable
from service.store.promoting import promote
from service.store.schema import migrate
from tests.failover.losing import AFTERWARDS, primary_killed, promoted
from tests.faults.rounds import run_rounds
from tests.histories import EDITOR, killed, new_incident, new_update, told


def test_whoever_writes_or_reads_through_failovers_loses_and_misses_nothing(failovers):
    figures = run_rounds(primary_killed(), lambda rounds: rounds < failovers)

    assert figures.broken == {}
    assert figures.acknowledged >= AFTERWARDS * failovers


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
