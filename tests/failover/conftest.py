from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.failover.nodes import Trio, trio


@pytest.fixture
def three() -> Iterator[Trio]:
    with trio() as started:
        yield started


@pytest.fixture(scope="session")
def unkilled() -> Iterator[Trio]:
    with trio() as started:
        yield started


@pytest.fixture
def lasting(unkilled: Trio) -> Iterator[Trio]:
    """Three that no test kills, with a database of this test's own."""
    yield unkilled.with_database(f"sitrep_{uuid4().hex}")
    for node in unkilled.standbys:
        node.thaw()
        node.command("SELECT pg_wal_replay_resume()")


@pytest.fixture
def failovers(request: pytest.FixtureRequest) -> int:
    """How many primaries are killed in turn: `--rounds`."""
    return int(request.config.getoption("--rounds"))
