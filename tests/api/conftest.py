from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from service.app import create_app
from service.domain.moments import read_instant
from service.settings import Settings
from service.store.store import Store


@pytest.fixture
def client(database: str) -> Iterator[FlaskClient]:
    """A client of the whole application on each engine, and the keys of three writers in `keys`."""
    app = create_app(Settings(database_url=database))
    store: Store = app.extensions["sitrep"]
    with app.test_client() as opened:
        opened.keys = {  # type: ignore[attr-defined]
            role: store.add_key(role, role) for role in ("reader", "reporter", "editor")
        }
        yield opened
    store.close()


@pytest.fixture
def post(client: Any) -> Any:
    """`post(path, body, role="reporter", **headers)`"""

    def posted(path: str, body: Any, role: str = "reporter", **headers: str) -> Any:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.post(
            path, json=body, headers={"Authorization": f"Bearer {client.keys[role]}", **sent}
        )

    return posted


class Desk:
    """A service whose clock is set by hand, with one incident that an update is posted to."""

    def __init__(self, database: str, **settings: Any) -> None:
        self._now_us = 0
        app = create_app(Settings(database_url=database, **settings), lambda: self._now_us)
        self.store: Store = app.extensions["sitrep"]
        self.client = app.test_client()
        self._key = self.store.add_key(f"desk-{uuid4()}", "reporter")

    def open(self, at: str) -> None:
        self._post("", at, {"incident": "fire", "title": "Fire", "kind": "accident"})

    def report(self, at: str, *killed: int) -> int:
        """One update, with one report for each number; the incident's version after it."""
        reports = [
            {"type": "casualties", "harm": "killed", "quantity": {"low": low}, "scope": "part"}
            for low in killed
        ]
        return int(self._post("/fire/updates", at, {"reports": reports}).json["version"])

    def get(self, query: str = "", *, head: bool = False, **headers: str) -> Any:
        """`path=…` after the incident's, and headers with `_` for `-`."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        ask = self.client.head if head else self.client.get
        return ask(f"/v1/incidents/fire{query}", headers=sent)

    def set_clock(self, at: str) -> None:
        self._now_us = read_instant(at)

    def _post(self, path: str, at: str, body: Any) -> Any:
        self.set_clock(at)
        answer = self.client.post(
            f"/v1/incidents{path}",
            json={"publisher": {"key": "radio", "kind": "local"}, **body},
            headers={"Authorization": f"Bearer {self._key}"},
        )
        assert answer.status_code == 201, answer.text
        return answer


@pytest.fixture
def new_desk(database: str) -> Iterator[Any]:
    """`new_desk(**settings)` over one store on each engine."""
    with ExitStack() as stack:

        def desk(**settings: Any) -> Desk:
            opened = Desk(database, **settings)
            stack.callback(opened.store.close)
            return opened

        yield desk


@pytest.fixture
def desk(new_desk: Any) -> Desk:
    opened: Desk = new_desk()
    return opened
