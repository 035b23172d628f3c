from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result

from service.cli import main
from tests.process.taji import Served


@pytest.fixture
def sitrep(taji: Served, where: str) -> Callable[..., Result]:
    """Runs the command over the served story: its database (at hand), or its address."""
    at_hand = {"SITREP_DATABASE_URL": taji.database, "SITREP_SIGNING_KEY": taji.signing_key}
    settings = at_hand if where == "at hand" else {"SITREP_URL": taji.url}

    def run(*words: str, **environment: Any) -> Result:
        return CliRunner().invoke(main, words, env={**settings, **environment})

    return run
