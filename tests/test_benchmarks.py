"""The benchmarks' bare driver: it writes the rows that the store writes, or measures nothing."""

from contextlib import ExitStack, closing, contextmanager

import pytest

from benchmarks.effort import Effort
from benchmarks.grounds import SIGNER
from benchmarks.material import REPORTER
from benchmarks.rehearsal import rehearse
from benchmarks.yardsticks.bare import BareDriver, refuse_other_rows
from service.store.schema import migrate
from service.store.signers import add_signer
from service.store.store import Store
from tests.postgres import fresh_database

LITTLE = Effort(
    rounds=1, appends=1, warm_up=1, seconds=0.1, questions=1, history=10, crowd=10, incidents=10
)


@contextmanager
def migrated(engine, folder, server):
    with ExitStack() as stack:
        url = (
            f"sqlite:///{folder / 'sitrep.db'}"
            if engine == "sqlite"
            else stack.enter_context(fresh_database(server))
        )
        migrate(url)
        add_signer(url, SIGNER)
        yield url


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_the_bare_driver_writes_the_rows_of_the_store(engine, tmp_path_factory, postgres_server):
    rehearsal = rehearse(LITTLE, engine)
    with (
        migrated(engine, tmp_path_factory.mktemp("own"), postgres_server) as own,
        migrated(engine, tmp_path_factory.mktemp("bare"), postgres_server) as bare,
        closing(Store.connect(own, signer=SIGNER)) as store,
        closing(BareDriver.connect(bare)) as driver,
    ):
        for opening in rehearsal.openings:
            store.open(opening.incident, REPORTER)
            driver.write(opening.written)
        for step in rehearsal.steps:
            store.append(step.posted.incident, step.update, REPORTER, expecting=step.expecting)
            driver.write(step.written)

        refuse_other_rows(own, bare)
