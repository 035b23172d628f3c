"""A connection to PostgreSQL that breaks around a COMMIT: what the writer is told, and what is
stored.
"""

from collections import Counter
from uuid import uuid4

import pytest

from service.app import create_app
from service.settings import Settings
from service.store.store import Store
from tests.faults.proxy import How
from tests.faults.sites import behind_proxy
from tests.histories import EDITOR, killed, new_incident, told

PATIENCE = 50
BRIEF = "-c lock_timeout=200 -c idle_in_transaction_session_timeout=1000"
CUTS = [How.BEFORE, How.AT_ONCE, How.AFTER]


@pytest.fixture
def engine_name():
    return "postgresql"


@pytest.fixture
def proxied(database):
    with behind_proxy(database, options=BRIEF) as (url, proxy):
        yield url, proxy


@pytest.fixture
def proxy(proxied):
    return proxied[1]


@pytest.fixture
def post(proxied, store):
    """Posts an update with an id of its own or the one given, through the proxy."""
    store.open(new_incident("taji"), EDITOR)
    key = store.add_key("writer", "reporter")
    app = create_app(Settings(database_url=proxied[0]))
    client = app.test_client()

    def posted(update_id, *reports):
        body = {**told("afp", killed(1), *(reports or [killed(2)])), "update_id": update_id}
        return client.post(
            "/v1/incidents/taji/updates", json=body, headers={"Authorization": f"Bearer {key}"}
        )

    # The driver prepares a statement that comes often: from then on COMMIT passes in other words.
    for _ in range(4):
        assert posted(str(uuid4())).status_code == 201
    yield posted
    app.extensions["sitrep"].close()


def times_stored(store: Store, update_id):
    events = store.events("taji", after_version=0, types=(), limit=1000).events
    return Counter(event.update_id for event in events)[update_id]


@pytest.mark.parametrize("how", CUTS)
def test_one_cut_goes_unnoticed_by_whoever_posts(post, proxy, store, how):
    update_id = str(uuid4())

    proxy.cut(how, times=1)
    answer, again = post(update_id), post(update_id)

    assert proxy.cuts == 1
    assert (answer.status_code, "Idempotent-Replay" in answer.headers) == (201, False)
    assert (again.json, again.headers["Idempotent-Replay"]) == (answer.json, "true")
    assert times_stored(store, update_id) == 2


@pytest.mark.parametrize("how", CUTS)
def test_a_commit_of_unknown_outcome_is_answered_503_and_a_retry_is_safe(post, proxy, store, how):
    update_id = str(uuid4())

    proxy.cut(how)
    unknown = post(update_id)
    proxy.heal()
    answer, again = post(update_id), post(update_id)

    assert (unknown.status_code, unknown.content_type) == (503, "application/problem+json")
    assert int(unknown.headers["Retry-After"]) >= 1
    assert answer.status_code == again.status_code == 201
    assert answer.json == again.json
    assert times_stored(store, update_id) == 2


def test_an_update_that_a_lost_commit_stored_is_a_replay_to_whoever_sends_it_again(post, proxy):
    update_id = str(uuid4())

    proxy.cut(How.AFTER)
    unknown = post(update_id)
    proxy.heal()
    answer = post(update_id)

    assert (unknown.status_code, answer.status_code) == (503, 201)
    assert answer.headers["Idempotent-Replay"] == "true"


@pytest.mark.parametrize("statement", [b"SELECT (extract", b"SELECT events.version", b"BEGIN"])
def test_a_cut_anywhere_else_is_an_outage_that_passes(post, proxy, store, statement):
    update_id = str(uuid4())
    first = post(update_id)

    proxy.cut(How.BEFORE, at=statement)
    unknown = post(update_id)
    proxy.heal()
    again, other = post(update_id), post(str(uuid4()))

    assert proxy.cuts > 1
    assert (first.status_code, unknown.status_code) == (201, 503)
    assert (again.json, other.status_code) == (first.json, 201)
    assert times_stored(store, update_id) == 2


def test_a_cut_while_an_update_is_judged_is_no_refusal_of_it(post, proxy, store):
    update_id, earlier = str(uuid4()), post(str(uuid4())).json["events"][0]["event_id"]
    standing_on_another = killed(2, depends_on=[earlier])

    proxy.cut(How.BEFORE, at=b"SELECT events.version \nFROM")
    unknown = post(update_id, standing_on_another)
    proxy.cut(How.BEFORE, times=1, at=b"SELECT events.version \nFROM")
    answer = post(update_id, standing_on_another)

    assert (unknown.status_code, answer.status_code) == (503, 201)
    assert "Idempotent-Replay" not in answer.headers
    assert times_stored(store, update_id) == 2


def test_a_writer_that_vanished_in_its_transaction_does_not_hold_its_lane_for_long(
    post, proxy, store
):
    update_id = str(uuid4())

    proxy.cut(How.HALF, times=1)
    statuses = [post(update_id).status_code]
    while statuses[-1] != 201 and len(statuses) < PATIENCE:
        statuses.append(post(update_id).status_code)

    assert proxy.cuts == 1
    assert statuses[0] == 503
    assert set(statuses) == {503, 201}
    assert times_stored(store, update_id) == 2
