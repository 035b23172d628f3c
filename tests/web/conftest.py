from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient

from service.app import create_app
from service.settings import Settings
from service.store.store import Store
from tests.histories import EDITOR, Json, new_incident, new_update


@pytest.fixture
def reader(database: str) -> Iterator[FlaskClient]:
    app = create_app(Settings(database_url=database))
    with app.test_client() as client:
        yield client
    app.extensions["sitrep"].close()


@pytest.fixture
def tell(store: Store) -> Callable[..., None]:
    """Opens an incident, then records updates one after another: version 1, 2, and so on."""

    def recorded(slug: str, *updates: Json, title: str = "A story") -> None:
        store.open(new_incident(slug, title=title), EDITOR)
        for update in updates:
            store.append(slug, new_update(update), EDITOR)

    return recorded
