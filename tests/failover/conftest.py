from collections.abc import Iterator

import pytest

from tests.failover.nodes import Trio, trio


@pytest.fixture
def three() -> Iterator[Trio]:
    with trio() as started:
        yield started


@pytest.fixture
def failovers(request: pytest.FixtureRequest) -> int:
    """How many primaries are killed in turn: `--rounds`."""
    return int(request.config.getoption("--rounds"))
