from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest

from tests.faults.sites import Grounds
from tests.postgres import Breakable, breakable_postgres


@pytest.fixture(scope="session")
def breakable() -> Iterator[object]:
    """Gives the one server that tests may kill, started when it is first asked for."""
    with ExitStack() as stack:

        @cache
        def started() -> Breakable:
            return stack.enter_context(breakable_postgres())

        yield started


@pytest.fixture
def grounds(tmp_path: Path, breakable: object) -> Grounds:
    return Grounds(tmp_path, breakable)  # type: ignore[arg-type] # what `started` is
