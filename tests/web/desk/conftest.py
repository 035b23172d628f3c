from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from service.app import create_app
from service.domain.moments import read_instant
from service.roles import ROLES
from service.settings import Settings
from service.store.store import Store
from tests.histories import EDITOR, Json, killed, new_incident, new_update, told
from tests.web.desk.browsing import Browser


class Newsroom:
    """A service whose clock is set by hand, with the incident `taji` that afp told first of."""

    def __init__(self, database: str, **settings: Any) -> None:
        self.now_us = read_instant("2020-03-11T20:00:00Z")
        self.app: Flask = create_app(
            Settings(database_url=database, **settings), lambda: self.now_us
        )
        self.store: Store = self.app.extensions["sitrep"]
        self.store.open(new_incident("taji", title="Rockets on Taji"), EDITOR)
        self.tell(told("afp", killed("at least 2", phrase="two dead")))
        self.keys = {role: self.store.add_key(role, role) for role in ROLES}

    def tell(self, update: Json, incident: str = "taji") -> None:
        self.store.append(incident, new_update(update), EDITOR)

    def pass_by(self, *, hours: float) -> None:
        self.store.uses(cursor=None, limit=1)  # What was done until now is noted with its time.
        self.now_us += int(hours * 3_600_000_000)

    def visitor(self, base: str = "http://localhost") -> Browser:
        return Browser(self.app, base)

    def signed_in(self, role: str = "reporter") -> Browser:
        browser = self.visitor()
        browser.sign_in(self.keys[role])
        return browser


@pytest.fixture
def new_newsroom(database: str) -> Iterator[Callable[..., Newsroom]]:
    opened: list[Newsroom] = []

    def newsroom(**settings: Any) -> Newsroom:
        opened.append(Newsroom(database, **settings))
        return opened[-1]

    yield newsroom
    for one in opened:
        one.store.close()


@pytest.fixture
def newsroom(new_newsroom: Callable[..., Newsroom]) -> Newsroom:
    return new_newsroom()
