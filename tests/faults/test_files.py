"""An SQLite file that others touch while it is served: nothing is acknowledged that would be lost,
and a mended file is written to again without a restart.
"""

import sqlite3
from contextlib import contextmanager
from threading import Event, Thread

import httpx
import pytest

from service.app import create_app
from service.settings import Settings
from tests.faults.sites import MINDING_MODES, made, served, without_writing
from tests.histories import killed, told
from tests.process.serving import UNENCRYPTED


@pytest.fixture
def file(tmp_path):
    return tmp_path / "sitrep.db"


@pytest.fixture
def post(file):
    """Posts an update to a served file; the answer's status and detail."""
    url, key = made(f"sqlite:///{file}")
    app = create_app(Settings(database_url=url))
    client = app.test_client()
    headers = {"Authorization": f"Bearer {key}"}
    opening = {"incident": "fire", "title": "Fire", "kind": "accident", **told("desk")}
    assert client.post("/v1/incidents", json=opening, headers=headers).status_code == 201

    def posted():
        body = told("afp", killed(1))
        answer = client.post("/v1/incidents/fire/updates", json=body, headers=headers)
        return answer.status_code, answer.json.get("detail")

    posted.client = client
    yield posted
    app.extensions["sitrep"].close()


def test_nothing_is_acknowledged_into_a_file_that_was_moved_away(post, file, tmp_path):
    before = post()
    aside = tmp_path / "aside"
    aside.mkdir()
    for part in tmp_path.glob("sitrep.db*"):
        part.rename(aside / part.name)

    moved, missing = post(), post()
    is_made_anew = file.exists()
    for part in aside.iterdir():
        part.rename(tmp_path / part.name)
    after = post()

    assert (before[0], moved[0], missing[0], after[0]) == (201, 503, 503, 201)
    assert "moved or replaced" in moved[1]
    assert not is_made_anew
    assert post.client.get("/v1/incidents/fire").json["version"] == 3


def test_a_damaged_file_is_told_from_a_silent_one(post, file):
    for part in (file, file.with_name("sitrep.db-wal")):
        with part.open("r+b") as damaged:
            damaged.write(b"x" * part.stat().st_size)

    answers = [post(), post()]
    question = post.client.get("/v1/events")

    assert {answer[0] for answer in answers} == {question.status_code} == {503}
    assert "damaged" in answers[-1][1]
    assert "damaged" in question.json["detail"]


def test_whoever_waits_too_long_for_the_writers_turn_is_told_to_come_back(post, file):
    with sqlite3.connect(file, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        held = post()
        question = post.client.get("/v1/incidents/fire")
        other.execute("ROLLBACK")
    other.close()
    after = post()

    assert held == (503, "the store is busy; a retry is safe")
    assert question.status_code == 200
    assert after[0] == 201


READERS = 8
ROUNDS = 5


@contextmanager
def many_reading(url):
    """Readers who never pause: some connection is always in use."""
    enough = Event()

    def read():
        with httpx.Client(base_url=url, timeout=30, verify=UNENCRYPTED) as client:
            while not enough.is_set():
                client.get("/v1/incidents").raise_for_status()

    readers = [Thread(target=read) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    try:
        yield
    finally:
        enough.set()
        for reader in readers:
            reader.join()


def test_a_file_that_was_read_only_is_written_to_again_while_many_read_it(file):
    url, key = made(f"sqlite:///{file}")
    opening = {"title": "Fire", "kind": "accident", **told("desk")}
    headers = {"Authorization": f"Bearer {key}"}

    def post(service):
        answer = httpx.post(
            f"{service.urls[0]}/v1/incidents", json=opening, headers=headers, timeout=30
        )
        return answer.status_code

    answers = []
    with served(url, within=MINDING_MODES) as service:
        for _ in range(ROUNDS):
            service.stop()
            with without_writing(file.parent, *file.parent.iterdir()):
                service.start()
                with many_reading(service.urls[0]):
                    answers.append(post(service))
            with many_reading(service.urls[0]):
                answers.append(post(service))

    assert answers == [503, 201] * ROUNDS
