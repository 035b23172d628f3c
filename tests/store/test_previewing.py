"""A preview tells what an append would do, and leaves no trace of itself."""

import re
from uuid import uuid4

import pytest

from service.errors import Forbidden, IncidentExists, NotFound, Refused, VersionConflict
from service.proof.note import Signer
from tests.histories import (
    EDITOR,
    REPORTER,
    correction,
    injured,
    killed,
    marking,
    new_incident,
    new_update,
    outcome,
    person,
    retraction,
    says,
    settled,
    told,
)
from tests.signing import add_signer
from tests.store.test_erasing import ADMIN, erasure, everything

US = {"nationality": "US"}
MERGER = {"type": "merge", "into": "other", "reason": "the same"}

UPDATES = {
    "figures": told("reuters", killed({"low": 5}), injured(12), says("claim", "A group")),
    "a correction": told("afp", correction(2, killed("7"))),
    "a retraction": told("desk", retraction(2)),
    "a ruling": told("desk", settled(3)),
    "a marking": told("desk", marking(2, audience="desk")),
    "a release": told("desk", marking(4, audience="public")),
    "an outcome": told("afp", outcome("injured", "killed", 1)),
    "a merger": told("desk", MERGER),
    "an erasure": told("desk", erasure(3)),
    "what stands on siblings": told(
        "afp", killed(1, key="a", group=US), killed(1, depends_on=["a"])
    ),
}


@pytest.fixture
def taji(database, open_store):
    """A signed store, told a story in which something is withheld."""
    signer = Signer.new("log.example")
    add_signer(database, signer)
    store = open_store(database, signer=signer)
    store.open(new_incident("other"), EDITOR)
    store.open(new_incident("taji"), EDITOR)
    store.append("taji", new_update(told("afp", killed(2, group=US), injured(4))), EDITOR)
    store.append("taji", new_update(told("afp", person("Jane Doe"), at_hour=13)), EDITOR)
    return store


@pytest.mark.parametrize("what", UPDATES)
def test_a_preview_foretells_the_receipt_and_changes_no_byte_of_the_store(taji, database, what):
    update = new_update(UPDATES[what])
    before = everything(database)

    foreseen = taji.preview("taji", update, ADMIN)

    assert everything(database) == before
    appended = taji.append("taji", update, ADMIN, expecting=foreseen.follows).receipt
    assert foreseen.version == appended.version
    assert not foreseen.recorded
    assert [(one.version, one.type, one.key) for one in foreseen.events] == [
        (one.version, one.type, one.key) for one in appended.events
    ]
    assert [same(one) for one in foreseen.changes] == [same(one) for one in appended.changes]


def same(change):
    """Ids of events aside, which are made when an update is recorded."""
    return re.sub("[0-9a-f-]{36}", "", repr(change))


def test_what_would_be_refused_is_refused_alike_and_the_next_append_goes_on(taji, database):
    before = everything(database)

    for refusal, update, by in (
        (Refused, told("desk", retraction(99)), EDITOR),
        (Forbidden, told("desk", retraction(2)), REPORTER),
        (Refused, {**told("afp", killed(1)), "published_at": "2999-01-01"}, EDITOR),
    ):
        for ask in (taji.preview, taji.append):
            with pytest.raises(refusal):
                ask("taji", new_update(update), by)
    with pytest.raises(NotFound):
        taji.preview("nowhere", new_update(told("afp", killed(1))), EDITOR)
    with pytest.raises(VersionConflict):
        taji.preview("taji", new_update(told("afp", killed(1))), EDITOR, expecting=2)

    assert everything(database) == before


def test_an_opening_is_foreseen_too(taji, database):
    before = everything(database)
    opening = new_incident("fire", killed(2))

    foreseen = taji.preview("fire", opening.update, EDITOR, opening=opening)

    assert (foreseen.follows, foreseen.version) == (0, 2)
    assert [one.type for one in foreseen.events] == ["incident_opened", "casualties_reported"]
    assert everything(database) == before
    with pytest.raises(IncidentExists):
        taji.preview("taji", opening.update, EDITOR, opening=opening)


def test_an_update_that_was_recorded_before_is_known_again(taji):
    update = new_update(told("reuters", killed(5)), str(uuid4()))
    receipt = taji.append("taji", update, EDITOR).receipt

    foreseen = taji.preview("taji", update, EDITOR)

    assert foreseen.recorded
    assert foreseen.version == receipt.version
