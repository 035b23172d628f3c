"""A store under test, and an incident in it, spoken to over HTTP."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from threading import Barrier
from typing import Any, Self, TypeVar
from uuid import uuid4

import httpx

WRITERS = 16
PAGE = 1000
PRESS = {"key": "afp", "kind": "press"}

Json = dict[str, Any]
Result = TypeVar("Result")


class Site:
    """`lanes` is how many orders the store keeps side by side, None where that is not known."""

    def __init__(self, client: httpx.Client, keys: Mapping[str, str], lanes: int | None) -> None:
        self.http, self.keys, self.lanes = client, keys, lanes

    @classmethod
    @contextmanager
    def at(cls, url: str, keys: Mapping[str, str], *, lanes: int | None = None) -> Iterator[Self]:
        limits = httpx.Limits(max_connections=4 * WRITERS)
        with httpx.Client(base_url=url, timeout=60, limits=limits) as client:
            yield cls(client, keys, lanes)

    def post(
        self, path: str, body: Json | bytes, role: str | None = "editor", **headers: str
    ) -> httpx.Response:
        """With the key of a role or none; headers with `_` for `-`."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if role is not None:
            sent["Authorization"] = f"Bearer {self.keys[role]}"
        if isinstance(body, bytes):
            return self.http.post(
                path, content=body, headers={"Content-Type": "application/json", **sent}
            )
        return self.http.post(path, json=body, headers=sent)

    def open_story(self, **more: Any) -> "Story":
        name = f"story-{uuid4()}"
        opening = {"incident": name, "title": "A story", "kind": "other", "publisher": PRESS}
        answer = self.post("/v1/incidents", {**opening, **more})
        assert answer.status_code == 201, answer.text
        return Story(self, name, answer.json())

    def end_of_feed(self) -> str:
        """The cursor after everything that has been told so far."""
        *_, last = self.feed_pages("0")
        return str(last["cursor"])

    def feed(self, after: str, **asked: Any) -> list[Json]:
        """Everything after a cursor."""
        return [event for page in self.feed_pages(after, **asked) for event in page["events"]]

    def feed_pages(self, after: str, *, limit: int = PAGE, **asked: Any) -> Iterator[Json]:
        cursor: str | None = after
        while cursor is not None:
            query = {"after": cursor, "limit": limit, **asked}
            page = good(self.http.get("/v1/events", params=query)).json()
            yield page
            cursor = page["next"]


class Story:
    """One incident, told by an editor."""

    def __init__(self, site: Site, name: str, receipt: Json) -> None:
        self.site, self.name, self.receipt = site, name, receipt
        self.path = f"/v1/incidents/{name}"

    def post(
        self, body: Json | bytes, role: str | None = "editor", **headers: str
    ) -> httpx.Response:
        return self.site.post(f"{self.path}/updates", body, role, **headers)

    def tell(self, *reports: Json, **more: Any) -> Json:
        """The receipt of an update."""
        answer = self.post(update(*reports, **more))
        assert answer.status_code == 201, answer.text
        receipt: Json = answer.json()
        return receipt

    def get(
        self, path: str = "", headers: Mapping[str, str] | None = None, **asked: Any
    ) -> httpx.Response:
        return self.site.http.get(f"{self.path}{path}", params=asked, headers=headers)

    def situation(self, **asked: Any) -> Json:
        held: Json = good(self.get(**asked)).json()
        return held

    def events(self) -> list[Json]:
        found: list[Json] = []
        after: str | None = "0"
        while after is not None:
            page = good(self.get("/events", after_version=after, limit=PAGE)).json()
            found += page["events"]
            after = page["next"]
        return found


def update(*reports: Json, **more: Any) -> Json:
    return {"publisher": PRESS, "reports": list(reports), **more}


def killed(quantity: Any, **more: Any) -> Json:
    return {"type": "casualties", "harm": "killed", "quantity": quantity, **more}


def good(answer: httpx.Response) -> httpx.Response:
    assert answer.status_code == 200, answer.text
    return answer


def problem(answer: httpx.Response) -> Json:
    """What an answer says went wrong, in the form of RFC 9457."""
    assert answer.headers["Content-Type"] == "application/problem+json", answer.text
    told: Json = answer.json()
    assert told["status"] == answer.status_code
    return told


def together(work: Callable[[int], Result], writers: int = WRITERS) -> list[Result]:
    """`work(number)` in threads that begin at one moment."""
    start = Barrier(writers)

    def begin(number: int) -> Result:
        start.wait(60)
        return work(number)

    with ThreadPoolExecutor(writers) as pool:
        return list(pool.map(begin, range(writers)))


def in_order(numbers: Sequence[Any]) -> bool:
    """Strictly rising."""
    return all(first < second for first, second in pairwise(numbers))
