"""What is acknowledged is on a standby; where no standby answers, nothing is acknowledged."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from service.errors import Unavailable
from service.store.schema import migrate
from service.store.sessions import COMMIT_SECONDS
from tests.histories import EDITOR, killed, new_incident, new_update, told
from tests.process.serving import eventually

WAITING = "FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND application_name = 'sitrep'"
PATIENCE_SECONDS = 60


@pytest.fixture
def lonely(lasting, open_store):
    """A store with an incident, whose standbys stand still until they are thawed."""
    migrate(lasting.url)
    store = open_store(lasting.url)
    store.open(new_incident("taji"), EDITOR)
    for node in lasting.standbys:
        node.freeze()
    return store


@pytest.mark.parametrize("end", ["pg_cancel_backend", "pg_terminate_backend"])
def test_a_wait_for_standbys_that_is_cancelled_is_no_acknowledgement(
    lasting, lonely, open_store, end
):
    update = new_update(told("afp", killed(2)))

    def waits() -> bool:
        return lasting.primary.ask(f"SELECT count(*) {WAITING}") == 1

    with ThreadPoolExecutor(1) as pool:
        posting = pool.submit(lonely.append, "taji", update, EDITOR)
        eventually(waits)
        lasting.primary.command(f"SELECT {end}(pid) {WAITING}")
        if end == "pg_terminate_backend":
            eventually(waits)
            lasting.primary.command(f"SELECT pg_cancel_backend(pid) {WAITING}")
        with pytest.raises(Unavailable, match="did not say"):
            posting.result(PATIENCE_SECONDS)
        again = pool.submit(lonely.append, "taji", update, EDITOR)
        eventually(waits)
        for node in lasting.standbys:
            node.thaw()

        assert again.result(PATIENCE_SECONDS).receipt.version == 2
    lasting.wait_for_standbys()
    assert any(
        open_store(lasting.url_of(node)).now("taji").version == 2 for node in lasting.standbys
    )


def test_without_standbys_a_writer_is_told_in_time_that_nothing_is_known(lasting, lonely):
    update = new_update(told("afp", killed(2)))

    began = time.monotonic()
    with pytest.raises(Unavailable, match="did not say"):
        lonely.append("taji", update, EDITOR)
    took = time.monotonic() - began

    assert COMMIT_SECONDS <= took < COMMIT_SECONDS + 5
    assert lonely.now("taji").version == 1
    for node in lasting.standbys:
        node.thaw()
    eventually(lambda: lonely.now("taji").version == 2)
    assert lonely.append("taji", update, EDITOR).replayed
