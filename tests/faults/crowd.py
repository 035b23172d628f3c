"""Writers who note what they were told, a reader of the feed and a listener to its stream, over
HTTP and over every outage.

What they note is held against what is stored when the trouble is over.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Condition, Event, Thread
from typing import Any
from uuid import uuid4

import httpx

from tests.process.listening import Listener
from tests.process.serving import UNENCRYPTED

WRITERS = 6
INCIDENTS = ("quake", "fire", "flood")
MOST_REPORTS = 3
PAUSE_SECONDS = 0.05
PATIENCE_SECONDS = 60

Json = dict[str, Any]


@dataclass
class Figures:
    """What became of a run. All but the first four must be 0."""

    rounds: int = 0
    acknowledged: int = 0
    stored: int = 0
    unanswered: int = 0
    lost: int = 0
    half_written: int = 0
    never_sent: int = 0
    gaps: int = 0
    seen_twice: int = 0
    missed: int = 0
    strange: list[str] = field(default_factory=list)

    @property
    def broken(self) -> Json:
        promised = vars(self).items()
        counted = {"rounds", "acknowledged", "stored", "unanswered"}
        return {name: found for name, found in promised if found and name not in counted}


class Crowd:
    """Writes and reads at `urls` until `settle`. Safe to ask from one thread."""

    def __init__(self, urls: Sequence[str], key: str) -> None:
        self._urls, self._key = urls, key
        self._told = Condition()
        self._sent: dict[str, tuple[str, Json]] = {}
        self._receipts: dict[str, Json] = {}
        self._unavailable = 0
        self._strange: list[str] = []
        self._seen: list[Json] = []
        self._stopped, self._quiet, self._gone = Event(), Event(), Event()
        self._writers = [Thread(target=self._write, args=(number,)) for number in range(WRITERS)]
        self._reader = Thread(target=self._tail)
        self._listener = Listener(urls, "/v1/events", again=True)
        for thread in (*self._writers, self._reader):
            thread.start()

    def wait_for(self, acknowledged: int) -> None:
        """Until so many more updates were acknowledged."""
        self._wait(lambda: len(self._receipts), acknowledged)

    def wait_for_outage(self, answers: int = 1) -> None:
        """Until so many more requests were answered 503."""
        self._wait(lambda: self._unavailable, answers)

    def stop(self) -> None:
        """The writers go home, whatever they were about; the reader reads to the end."""
        self._stopped.set()
        for writer in self._writers:
            writer.join(PATIENCE_SECONDS)
        self._quiet.set()

    def leave(self) -> None:
        """Nobody waits any longer for a store that does not get well."""
        self.stop()
        self._gone.set()
        self._reader.join(PATIENCE_SECONDS)
        self._listener.leave()

    def settle(self) -> Figures:
        """The store must be well again. Whoever has no answer yet stays without."""
        self.stop()
        self._reader.join(PATIENCE_SECONDS)
        if self._reader.is_alive():
            self._note("the reader never came to the end of the feed")
        with httpx.Client(base_url=self._urls[0], timeout=30) as client:
            stored = [event for name in INCIDENTS for event in _events(client, name)]
            self._ask_again(client)
        with suppress(AssertionError):  # then it missed some
            self._listener.wait_for(lambda it: len(it.events) >= len(stored))
        return self._figures(stored)

    def _wait(self, count: Callable[[], int], more: int) -> None:
        with self._told:
            enough = count() + more
            if not self._told.wait_for(lambda: count() >= enough, PATIENCE_SECONDS):
                raise AssertionError(f"too few answers: {count()} of {enough}; {self._strange}")

    def _write(self, number: int) -> None:
        with self._client() as client:
            while not self._stopped.is_set():
                incident, update_id = random.choice(INCIDENTS), str(uuid4())
                body = _update(number, update_id)
                with self._told:
                    self._sent[update_id] = (incident, body)
                self._post_until_answered(client, number, update_id)

    def _post_until_answered(self, client: httpx.Client, number: int, update_id: str) -> None:
        """Half of those that get no answer try again; the others never hear of it."""
        incident, body = self._sent[update_id]
        tries, turn = 0, number
        while not self._stopped.is_set():
            url = f"{self._urls[turn % len(self._urls)]}/v1/incidents/{incident}"
            try:
                answer = client.post(f"{url}/updates", json=body)
            except httpx.ConnectError:
                turn += 1
                self._stopped.wait(PAUSE_SECONDS)
                continue
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code == 201:
                self._acknowledge(update_id, answer, is_retry=tries > 0)
                return
            if answer is not None:
                self._turned_away(answer)
            if random.random() < 0.5:
                return
            tries, turn = tries + 1, turn + 1
            self._stopped.wait(PAUSE_SECONDS)

    def _acknowledge(self, update_id: str, answer: httpx.Response, *, is_retry: bool) -> None:
        if "Idempotent-Replay" in answer.headers and not is_retry:
            self._note("called a replay what was sent once")
        with self._told:
            self._receipts[update_id] = answer.json()
            self._told.notify_all()

    def _turned_away(self, answer: httpx.Response) -> None:
        is_clean = (
            answer.status_code == 503
            and answer.headers["Content-Type"] == "application/problem+json"
            and "Retry-After" in answer.headers
        )
        if not is_clean:
            self._note(f"{answer.status_code}: {answer.text}")
        with self._told:
            self._unavailable += 1
            self._told.notify_all()

    def _tail(self) -> None:
        """Reads on until the writers have gone and nothing is left to read."""
        cursor, turn = "0", 0
        with self._client() as client:
            while not self._gone.is_set():
                is_last, turn = self._quiet.is_set(), turn + 1
                url = f"{self._urls[turn % len(self._urls)]}/v1/events"
                page = self._read(client, url, cursor)
                if page is not None:
                    self._seen += page["events"]
                    cursor = page["cursor"]
                    if is_last and not page["events"]:
                        return
                self._gone.wait(PAUSE_SECONDS)

    def _read(self, client: httpx.Client, url: str, cursor: str) -> Json | None:
        try:
            answer = client.get(url, params={"after": cursor, "limit": 500})
        except httpx.TransportError:
            return None
        if answer.status_code != 200:
            self._turned_away(answer)
            return None
        page: Json = answer.json()
        return page

    def _ask_again(self, client: httpx.Client) -> None:
        """Whoever sends an acknowledged update again is answered as the first time."""
        for update_id in random.sample(sorted(self._receipts), k=min(50, len(self._receipts))):
            incident, body = self._sent[update_id]
            again = client.post(
                f"/v1/incidents/{incident}/updates",
                json=body,
                headers={"Authorization": f"Bearer {self._key}"},
            )
            if again.json() != self._receipts[update_id]:
                self._note(f"another receipt: {again.text} for {self._receipts[update_id]}")
            if again.headers.get("Idempotent-Replay") != "true":
                self._note(f"no replay: {update_id}")

    def _figures(self, stored: list[Json]) -> Figures:
        reported = [event for event in stored if event["type"] != "incident_opened"]
        ids = {event["event_id"] for event in reported}
        parts = Counter(event["update_id"] for event in reported)
        seen, heard = (
            Counter(event["event_id"] for event in events)
            for events in (self._seen, self._listener.events)
        )
        everything = {event["event_id"] for event in stored}
        promised = {
            event["event_id"] for told in self._receipts.values() for event in told["events"]
        }
        sent = {update_id: len(body["reports"]) for update_id, (_, body) in self._sent.items()}
        return Figures(
            acknowledged=len(self._receipts),
            stored=len(parts),
            unanswered=len(self._sent) - len(self._receipts),
            lost=len(promised - ids),
            half_written=sum(sent.get(update_id) != count for update_id, count in parts.items()),
            never_sent=len(parts.keys() - sent.keys()),
            gaps=_gaps(stored),
            seen_twice=sum(count > 1 for count in (*seen.values(), *heard.values())),
            missed=len(everything ^ seen.keys()) + len(everything ^ heard.keys()),
            strange=self._strange[:5],
        )

    def _note(self, strange: str) -> None:
        self._strange.append(strange)

    def _client(self) -> httpx.Client:
        key = {"Authorization": f"Bearer {self._key}"}
        return httpx.Client(timeout=30, headers=key, verify=UNENCRYPTED)


@contextmanager
def crowd(urls: Sequence[str], key: str) -> Iterator[Crowd]:
    """Opens the incidents, lets everybody loose, and sends them home in the end."""
    with httpx.Client(base_url=urls[0], timeout=30, verify=UNENCRYPTED) as client:
        for name in INCIDENTS:
            opening = {"incident": name, "title": name, "kind": "disaster"}
            answer = client.post(
                "/v1/incidents",
                json={**opening, "publisher": {"key": "desk", "kind": "desk"}},
                headers={"Authorization": f"Bearer {key}"},
            )
            assert answer.status_code == 201, answer.text
    gathered = Crowd(urls, key)
    try:
        yield gathered
    finally:
        gathered.leave()


def _update(number: int, update_id: str) -> Json:
    reports = [
        {"type": "casualties", "harm": "killed", "quantity": str(random.randrange(100))}
        for _ in range(random.randint(1, MOST_REPORTS))
    ]
    publisher = {"key": f"press-{number}", "kind": "press"}
    return {"update_id": update_id, "publisher": publisher, "reports": reports}


def _events(client: httpx.Client, incident: str) -> list[Json]:
    found: list[Json] = []
    after: str | None = "0"
    while after is not None:
        page = client.get(
            f"/v1/incidents/{incident}/events", params={"after_version": after, "limit": 1000}
        ).json()
        found += page["events"]
        after = page["next"]
    return found


def _gaps(stored: list[Json]) -> int:
    """Of a store of one lane: versions and positions that are missing, or there twice."""
    gaps = 0
    for name in INCIDENTS:
        versions = [event["version"] for event in stored if event["incident"] == name]
        gaps += sum(number != version for number, version in enumerate(versions, 1))
    positions = sorted(event["position"] for event in stored)
    return gaps + sum(number != position for number, position in enumerate(positions, 1))
