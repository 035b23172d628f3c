from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.app import create_app
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
