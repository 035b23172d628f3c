"""The release before goes on writing while its store is migrated, and both write side by side."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Event, Semaphore
from uuid import uuid4
from zipfile import ZipFile

import httpx
import pytest
from click.testing import CliRunner

from service.cli import main
from service.store.rebuilding import Which
from service.store.signers import read_key
from tests.histories import killed, told
from tests.process.serving import Server, free_port

BEFORE = Path(__file__).parent.parent / "releases" / "0007.zip"
"""The code of the release that ended with schema 0007."""

WRITERS = 4
ENOUGH = 10


@pytest.fixture(scope="session")
def release_before(tmp_path_factory):
    folder = tmp_path_factory.mktemp("release")
    with ZipFile(BEFORE) as packed:
        packed.extractall(folder)
    return folder


def run_before(release, database, *words):
    environment = {"SITREP_DATABASE_URL": database, "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-m", "service.cli", *words]
    done = subprocess.run(
        command, cwd=release, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


class Writer:
    """Posts to one server until it is told to stop; knows what was acknowledged."""

    def __init__(self, url, key, incident):
        self.acknowledged, self.stopped, self._each = [], Event(), Semaphore(0)
        self._path = f"{url}/v1/incidents/{incident}/updates"
        self._key = key

    def write(self):
        with httpx.Client(headers={"Authorization": f"Bearer {self._key}"}, timeout=60) as client:
            while not self.stopped.is_set():
                update_id = str(uuid4())
                body = {**told("afp", killed(len(self.acknowledged))), "update_id": update_id}
                answer = client.post(self._path, json=body)
                assert answer.status_code == 201, answer.text
                self.acknowledged.append(update_id)
                self._each.release()

    def await_more(self):
        for _ in range(ENOUGH):
            assert self._each.acquire(timeout=60)


def test_a_store_is_migrated_while_the_release_before_writes_to_it(
    empty_database, release_before, tmp_path, open_store
):
    settings = {
        "SITREP_DATABASE_URL": empty_database,
        "SITREP_SIGNING_KEY": str(tmp_path / "signing-key"),
    }
    run_before(release_before, empty_database, "migrate")
    key = run_before(release_before, empty_database, "key", "add", "writer", "--role", "editor")
    with ExitStack() as stack:
        old = serving(stack, empty_database, settings, release=release_before)
        for number in range(WRITERS):
            open_incident(old.url, key, f"story-{number}")
        first = [Writer(old.url, key, f"story-{number}") for number in range(WRITERS)]
        writing = set_writing(stack, first)
        for writer in first:
            writer.await_more()

        migrated = CliRunner().invoke(main, ["migrate"], env=settings)
        for writer in first:
            writer.await_more()
        new = serving(stack, empty_database, settings)
        second = [Writer(new.url, key, f"story-{number}") for number in range(WRITERS)]
        writing += set_writing(stack, second)
        for writer in (*first, *second):
            writer.await_more()

        for writer in (*first, *second):
            writer.stopped.set()
        for done in writing:
            done.result(timeout=60)

    assert migrated.exit_code == 0, migrated.stderr
    signer = read_key(tmp_path / "signing-key")
    store = open_store(empty_database, signer=signer)
    store.custody.sign()
    store.custody.rebuild(Which.OLDER)
    (lane,) = store.custody.verify_log(signer.verifier, {})
    store.custody.review()
    acknowledged = [done for writer in (*first, *second) for done in writer.acknowledged]
    assert lane.events == lane.signed == len(acknowledged) + WRITERS
    assert set(acknowledged) <= set(stored_updates(store))


def serving(stack, database, settings, release=None):
    server = Server(
        database, free_port(), release=release, signing_key=settings["SITREP_SIGNING_KEY"]
    )
    stack.callback(server.stop)
    server.wait_until_ready()
    return server


def set_writing(stack, writers):
    pool = stack.enter_context(ThreadPoolExecutor(len(writers)))
    for writer in writers:
        stack.callback(writer.stopped.set)
    return [pool.submit(writer.write) for writer in writers]


def open_incident(url, key, name):
    body = {"incident": name, "title": name, "kind": "other", "kind_other": "test",
            "publisher": {"key": "desk", "kind": "desk"}}  # fmt: skip
    answer = httpx.post(
        f"{url}/v1/incidents", json=body, headers={"Authorization": f"Bearer {key}"}
    )
    assert answer.status_code == 201, answer.text


def stored_updates(store):
    cursor = "0"
    while cursor is not None:
        page = store.feed(after=cursor, types=(), incident=None, limit=1000)
        yield from (event.update_id for event in page.events)
        cursor = page.next
