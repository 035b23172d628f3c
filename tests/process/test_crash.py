"""DOMAIN.md §10.5: a server killed in the midst of posting keeps every acknowledged update,
whole.
"""

import random
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from uuid import uuid4

import httpx

from service.store.store import Store
from tests.histories import EDITOR, killed, new_incident, told
from tests.process.serving import Server, free_port

WRITERS = 6
REPORTS = 3
ROUNDS = 3


def post_until_it_dies(url, key, number, enough):
    """Update ids that were acknowledged, and the one whose outcome is not known."""
    acknowledged = []
    with httpx.Client(
        base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=30
    ) as client:
        while True:
            update_id = str(uuid4())
            body = {
                **told(f"p{number}", *[killed(n) for n in range(REPORTS)]),
                "update_id": update_id,
            }
            try:
                answer = client.post("/v1/incidents/taji/updates", json=body)
            except httpx.TransportError:
                return acknowledged, update_id
            assert answer.status_code == 201, answer.text
            acknowledged.append(update_id)
            if len(acknowledged) == 5:
                enough.release()


def test_a_server_killed_in_the_midst_of_posting_loses_nothing_and_serves_again(
    database, open_store
):
    store = open_store(database)
    store.open(new_incident("taji"), EDITOR)
    key = store.add_key("writer", "reporter")
    port, acknowledged, unknown = free_port(), set(), set()

    for _ in range(ROUNDS):
        server = Server(database, port)
        server.wait_until_ready()
        told_ids = run_and_kill(server, key)
        acknowledged.update(*(ids for ids, _ in told_ids))
        unknown.update(last for _, last in told_ids)
    restarted = Server(database, port)
    restarted.wait_until_ready()
    stored = everything(httpx.Client(base_url=restarted.url))
    assert restarted.stop() == 0

    assert len(acknowledged) >= ROUNDS * 5
    assert acknowledged <= set(stored)
    assert set(stored) - acknowledged <= unknown
    assert set(stored.values()) == {REPORTS}
    assert_gapless(store)


def run_and_kill(server, key):
    enough = CountDown(WRITERS)
    with ThreadPoolExecutor(WRITERS) as pool:
        posting = [
            pool.submit(post_until_it_dies, server.url, key, number, enough)
            for number in range(WRITERS)
        ]
        assert enough.done.wait(60)
        for _ in range(random.randrange(1, 20)):
            httpx.get(f"{server.url}/v1/incidents/taji")
        server.kill()
        return [writer.result(timeout=60) for writer in posting]


class CountDown:
    """`done` is set once every writer has been acknowledged a few times."""

    def __init__(self, writers):
        self.left, self.done = list(range(writers)), Event()

    def release(self):
        self.left.pop()
        if not self.left:
            self.done.set()


def everything(client):
    """Update id → how many reports of it are stored."""
    stored, after = {}, 1
    while after is not None:
        page = client.get(f"/v1/incidents/taji/events?after_version={after}&limit=1000").json()
        for event in page["events"]:
            stored[event["update_id"]] = stored.get(event["update_id"], 0) + 1
        after = page["next"]
    client.close()
    return stored


def assert_gapless(store: Store):
    feed, cursor, positions = None, "0", []
    while cursor is not None:
        feed = store.feed(after=cursor, types=(), incident=None, limit=1000)
        positions += [event.position for event in feed.events]
        cursor = feed.next
    assert positions == list(range(1, len(positions) + 1))
