"""Telling listeners: what one misses is read in the store, and nothing is lost on the way."""

import asyncio
import json
import sqlite3
from contextlib import closing
from threading import Thread

import pytest

from service.outlets.live import Live
from service.store.answers import encode
from service.store.following import Listener, OfAll, Told
from service.store.lanes import lane_of
from tests.histories import EDITOR, killed, new_incident, new_update, told
from tests.process.serving import eventually

INCIDENTS = ("fire", "flood", "quake", "storm")


@pytest.fixture
def lanes():
    return 16


@pytest.fixture
def store(database, open_store):
    opened = open_store(database)
    for name in INCIDENTS:
        opened.open(new_incident(name, killed(1)), EDITOR)
    return opened


@pytest.fixture
def live(store):
    telling = Live(store, most=10, beat_s=60)
    yield telling
    telling.close()


def events(store):
    return store.feed(after=None, types=(), incident=None, limit=1000).events


def heard(sent):
    blocks = b"".join(sent).decode().split("\n\n")
    return [json.loads(block.split("data: ")[1]) for block in blocks if "data: " in block]


async def collect(sent, data):
    sent.append(data)


def anybody(follower):
    return Listener(follower, desk=False, may_go_on=lambda: True)


def test_what_was_taken_before_a_gap_is_told_before_the_gap_is_filled(store, live):
    follower, sent = OfAll(store.feed_end(), store.lanes), []
    for name in INCIDENTS[1], INCIDENTS[0], INCIDENTS[0]:
        store.append(name, new_update(told("afp", killed(2))), EDITOR)
    level, missing, beyond = events(store)[-3:]
    known = [Told(lane_of(one.incident, store.lanes), one, encode(one)) for one in (level, beyond)]

    asyncio.run(live._take(known, anybody(follower), lambda data: collect(sent, data)))

    assert [one["event_id"] for one in heard(sent)] == [
        one.event_id for one in (level, missing, beyond)
    ]


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_listeners_go_on_once_a_damaged_store_is_mended(store, live, tmp_path, caplog):
    sent = []
    listener = anybody(OfAll(store.feed_end(), store.lanes))
    listening = Thread(
        target=asyncio.run, args=(live.listen(listener, lambda data: collect(sent, data)),)
    )

    def write(statement):
        with closing(sqlite3.connect(tmp_path / "sitrep.db", isolation_level=None)) as file:
            file.execute(statement)

    def append():
        store.append("fire", new_update(told("afp", killed(2))), EDITOR)

    listening.start()
    append()
    eventually(lambda: len(heard(sent)) == 1)
    write("CREATE TABLE mended AS SELECT lane, position FROM lane_heads")
    write("UPDATE lane_heads SET position = 'damaged'")
    eventually(lambda: "cannot be followed" in caplog.text)
    write(
        "UPDATE lane_heads SET position = (SELECT position FROM mended"
        " WHERE mended.lane = lane_heads.lane)"
    )
    append()
    eventually(lambda: len(heard(sent)) == 2)
    live.close()
    listening.join(30)

    assert [one["version"] for one in heard(sent)] == [3, 4]
    assert not listening.is_alive()
