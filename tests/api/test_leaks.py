"""Nobody but the desk learns what is withheld: two stores that differ in it alone answer alike."""

import re
from collections.abc import Iterator

import pytest
from flask import Response
from msgspec import structs

from service.domain.lifecycle import IncidentKind
from service.store.answers import Selection
from service.store.ledger import Turn
from tests.api.secrets_told import OTHER, TRUE, House, asked_of, paths
from tests.histories import EDITOR, killed, marking, new_incident, new_update, told
from tests.signing import signed

VARIES = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{64}\b"
    r"|[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{91}=|(?<=salt\":\")[0-9a-f]{32}"
)
"""Ids, hashes, signatures and salts: random in every store."""

WAYS = {
    "for the desk": {"audience": "desk"},
    "under embargo": {"embargo_until": "2031-01-01T00:00:00Z"},
}


@pytest.fixture(params=WAYS)
def houses(
    database: str, another_database: str, request: pytest.FixtureRequest
) -> Iterator[tuple[House, House]]:
    """One with the secret, one with another in its place."""
    way = WAYS[request.param]
    with signed(database, another_database) as (one, other):
        opened = House(one, TRUE, way), House(other, OTHER, way)
        yield opened
        for house in opened:
            house.store.close()


def seen(answer: Response) -> tuple[int, dict[str, str], str]:
    """All of an answer that a client can see, but for what is random in every store."""
    if answer.mimetype == "application/octet-stream":
        return answer.status_code, {}, f"{len(answer.data)} bytes of hashes"
    body, ids = VARIES.subn("…", answer.text)
    headers = dict(answer.headers)
    if ids:
        headers.pop("ETag", None)
    return answer.status_code, headers, body


def test_stores_that_differ_in_what_is_withheld_answer_the_public_alike(houses):
    """And without a word of it, where nobody asked with it."""
    one, other = houses
    answered = 0

    for asked in asked_of(one):
        here, there = one.get(asked), other.get(asked)
        answered += here.status_code == 200
        assert seen(here) == seen(there), asked
        if TRUE.word.lower() not in asked.lower():
            said = here.data.decode(errors="replace")
            assert TRUE.word.lower() not in f"{said}{here.headers}".lower(), asked

    assert answered > 800
    assert TRUE.word in one.get("/v1/incidents/taji", "reporter").text
    assert TRUE.word in one.get("/incidents/taji", "reporter").text


def test_a_readers_key_reads_what_the_public_reads(houses):
    house, _ = houses

    for _, path in paths(house):
        assert seen(house.get(path, "reader")) == seen(house.get(path)), path


def test_what_was_released_is_counted_as_if_it_had_never_been_withheld(
    database, another_database, open_store
):
    kept, plain = open_store(database), open_store(another_database)
    for store in (kept, plain):
        store.open(new_incident("taji"), EDITOR)
        for first in (9, 3):
            store.append("taji", new_update(told("afp", killed(first))), EDITOR)
    before = first_figures(kept)

    kept.append("taji", new_update(told("desk", marking(2, audience="desk"))), EDITOR)
    withheld = first_figures(kept)
    kept.append("taji", new_update(told("desk", marking(2, audience="public"))), EDITOR)

    assert (before.fell, before.stood) == (1, 0)
    assert (withheld.fell, withheld.stood) == (0, 1)
    assert first_figures(kept) == first_figures(plain)


def first_figures(store):
    return store.publisher("afp", Turn(None, 1)).publisher.first_figures


def test_an_incident_whose_opening_is_withheld_is_of_no_kind(database, open_store):
    store = open_store(database)
    store.open(structs.replace(new_incident("taji"), kind=IncidentKind.RIOT), EDITOR)
    store.append("taji", new_update(told("desk", marking(1, audience="desk"))), EDITOR)

    listed = store.incidents(cursor=None, limit=1).incidents[0]

    assert (listed.title, listed.kind) == ("taji", "other")
    riots = store.incidents(Selection(kinds=("riot",)), cursor=None, limit=1)
    assert riots.incidents == ()
