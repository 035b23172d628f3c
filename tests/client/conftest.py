from collections.abc import Iterator
from typing import Any

import pytest

from tests.client.asking import asking
from tests.process.taji import Served


@pytest.fixture(params=["sync", "async"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def client(taji: Served, kind: str) -> Iterator[Any]:
    """Each client, with an editor's key."""
    with asking(kind, taji.url, key=taji.keys["editor"]) as opened:
        yield opened
