"""A database or a service that goes and comes back: whoever is there afterwards notices nothing."""

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest

from service.errors import Unavailable
from service.store.schema import migrate
from tests.faults.sites import served
from tests.histories import EDITOR, killed, new_incident, new_update, told
from tests.postgres import fresh_database
from tests.process.serving import eventually

READERS = 6


@pytest.mark.parametrize("end", ["kill", "stop_at_once"])
def test_once_the_database_is_back_every_question_is_answered_at_once(breakable, open_store, end):
    with fresh_database(breakable().url) as url:
        migrate(url)
        store = open_store(url)
        store.open(new_incident("taji", killed(1)), EDITOR)
        together = Barrier(READERS)

        def ask(_):
            with store._reading():
                together.wait(30)

        with ThreadPoolExecutor(READERS) as pool:
            list(pool.map(ask, range(READERS)))
        getattr(breakable(), end)()
        with pytest.raises(Unavailable):
            store.now("taji")
        with pytest.raises(Unavailable):
            store.append("taji", new_update(told("afp", killed(2))), EDITOR)
        breakable().start()

        assert [store.now("taji").version for _ in range(READERS + 1)] == [2] * (READERS + 1)
        assert store.append("taji", new_update(told("afp", killed(2))), EDITOR).receipt.version == 3
        assert store.add_key("late", "reader")


def test_a_server_told_to_stop_answers_what_it_has_begun_and_takes_nothing_new(
    database, open_store
):
    store = open_store(database)
    store.open(new_incident("taji"), EDITOR)
    key = store.add_key("writer", "reporter")
    update_id = str(uuid4())
    body = json.dumps({**told("afp", killed(1)), "update_id": update_id}).encode()

    with served(database) as service:
        host, port = service.urls[0].removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=30) as begun:
            begun.sendall(
                f"POST /v1/incidents/taji/updates HTTP/1.1\r\nHost: {host}\r\n"
                f"Authorization: Bearer {key}\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(body)}\r\nExpect: 100-continue\r\n\r\n".encode()
            )
            went_on = begun.recv(1000)
            service.tell_to_stop()
            eventually(lambda: not takes_connections(host, int(port)))
            begun.sendall(body)
            answer = b"".join(iter(lambda: begun.recv(1000), b""))
        service.stop()

    assert went_on.startswith(b"HTTP/1.1 100")
    assert answer.startswith(b"HTTP/1.1 201")
    assert store.update("taji", update_id).version == 2


def takes_connections(host, port):
    try:
        socket.create_connection((host, port), timeout=5).close()
    except OSError:
        return False
    return True
