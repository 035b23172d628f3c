"""An export is another store in waiting: versions, positions, moments, hashes and answers stay, on
the other engine too.
"""

from contextlib import closing, contextmanager, nullcontext
from itertools import islice
from uuid import uuid4

import pytest
from hypothesis import given, settings
from sqlalchemy import create_engine, select

from service.errors import NotFound, Refused
from service.proof.bundle import check_export, read_heading, read_lines
from service.proof.doubt import Doubt
from service.proof.note import Signer
from service.store.answers import Question
from service.store.copying import AT_ONCE
from service.store.rebuilding import Which
from service.store.schema import migrate
from service.store.signers import add_signer
from service.store.store import Store
from service.store.tables import events, payloads, updates
from tests.histories import EDITOR, killed, new_incident, new_update, told
from tests.postgres import fresh_database
from tests.store.test_replay import build, clock_from, stories
from tests.store.test_verifying import fill

LOG = (events, payloads, updates)


@pytest.fixture
def signer():
    return Signer.new("log.example")


@pytest.fixture
def signed(database, open_store, signer):
    add_signer(database, signer)
    return open_store(database, signer=signer)


@pytest.fixture
def elsewhere(engine_name, tmp_path, postgres_server, lanes):
    """Makes an empty store on the other engine, whose signer is another one."""

    @contextmanager
    def made(lanes=lanes):
        file = nullcontext(f"sqlite:///{tmp_path / uuid4().hex}.db")
        with file if engine_name == "postgresql" else fresh_database(postgres_server) as url:
            migrate(url, lanes=lanes)
            other = Signer.new("other.example")
            add_signer(url, other)
            with closing(Store.connect(url, signer=other)) as store:
                yield store, url

    return made


def exported(store, incident=None):
    with store.custody.export(incident) as lines:
        return list(lines)


def copy(store, lines):
    """What the last transaction told."""
    heading, *rest = lines
    (*_, copied) = store.custody.copy(read_heading(heading), read_lines(rest))
    store.custody.rebuild(Which.MISSING)
    return copied


def log_of(url):
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = {
            table.name: [
                tuple(bytes(part) if isinstance(part, memoryview) else part for part in row)
                for row in connection.execute(select(table).order_by(*table.primary_key))
            ]
            for table in LOG
        }
    engine.dispose()
    return rows


@pytest.mark.parametrize("lanes", [1, 16])
def test_a_copy_on_the_other_engine_is_the_same_log_with_the_same_answers(
    signed, database, signer, elsewhere
):
    fill(signed)
    with elsewhere() as (other, url):
        copied = copy(other, exported(signed))

        assert (copied.new, copied.known) == (12, 0)
        assert log_of(url) == log_of(database)
        assert other.now("taji").body == signed.now("taji").body
        for version in range(1, 10):
            question = Question(version=version)
            there, here = (store.situation("taji", question) for store in (other, signed))
            assert there.body == here.body
        other.custody.review()
        other.custody.verify_log(other.verifiers()[0], {})


def test_any_story_is_copied_as_it_is(signed, database, open_store, signer, elsewhere):
    ticks = []
    store = open_store(database, clock_from(ticks), signer=signer)

    with elsewhere() as (other, url):

        @settings(max_examples=15, deadline=None)
        @given(story=stories())
        def holds(story):
            incident = build(store, ticks[0], story)
            copy(other, exported(store))
            assert other.now(incident).body == store.now(incident).body
            assert log_of(url) == log_of(database)

        holds()
        other.custody.review()
        store.custody.review()


def test_a_copy_that_broke_off_goes_on_where_it_stopped(signed, database, elsewhere):
    signed.open(new_incident("taji"), EDITOR)
    for number in range(4):
        reports = [killed(n, origin={"key": f"o{n}", "kind": "official"}) for n in range(300)]
        signed.append("taji", new_update(told(f"p{number}", *reports)), EDITOR)
    heading, *rest = exported(signed)
    with elsewhere() as (other, url):
        first = next(iter(other.custody.copy(read_heading(heading), read_lines(rest))))
        broken = islice(other.custody.copy(read_heading(heading), read_lines(rest)), 1)

        assert first.new >= AT_ONCE
        assert [part.known for part in broken] == [first.new]
        copied = copy(other, [heading, *rest])
        assert (copied.new, copied.known) == (1201 - first.new, first.new)
        assert log_of(url) == log_of(database)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda lines: lines[:-1], "breaks off after 12 events"),
        (lambda lines: [*lines[:3], *lines[4:]], "is missing|has 11 events"),
        (
            lambda lines: [*lines[:2], lines[2].replace(b'"salt":"', b'"salt":"00'), *lines[3:]],
            "hashed",
        ),
        (lambda lines: [*lines[:4], b"{", *lines[5:]], "event 4"),
        (lambda lines: [*lines, lines[1]], "something follows"),
        (lambda lines: lines[1:], "no export"),
        (lambda lines: [lines[0].replace(b"export-1", b"export-9"), *lines[1:]], "does not know"),
    ],
)
def test_a_changed_export_holds_nowhere(signed, signer, elsewhere, change, why):
    fill(signed)
    lines = change(exported(signed))

    with pytest.raises(Doubt, match=why):
        check_export(read_heading(lines[0]), lines[1:], [signer.verifier])
    with elsewhere() as (other, _), pytest.raises(Doubt, match=why):
        copy(other, lines)


def test_an_export_holds_by_the_public_key_alone(signed, signer):
    fill(signed)
    heading, *rest = exported(signed)

    checked = check_export(read_heading(heading), rest, [signer.verifier])

    assert (checked.events, checked.erased) == (12, 1)
    with pytest.raises(Doubt, match="not signed by"):
        check_export(read_heading(heading), rest, [Signer.new("log.example").verifier])


def test_a_single_incident_is_exported_with_a_proof_of_each_event(signed, signer):
    fill(signed)
    heading, *rest = exported(signed, "taji")

    checked = check_export(read_heading(heading), rest, [signer.verifier])

    assert checked.events == 9
    stranger = [*rest[:2], rest[2].replace(b'"path":["', b'"path":["00'), *rest[3:]]
    with pytest.raises(Doubt, match="not in the log"):
        check_export(read_heading(heading), stranger, [signer.verifier])
    with pytest.raises(NotFound):
        exported(signed, "nowhere")


def test_one_incident_and_other_lanes_cannot_be_copied(signed, elsewhere):
    fill(signed)
    with elsewhere() as (other, _), pytest.raises(Refused, match="one incident"):
        copy(other, exported(signed, "taji"))
    with elsewhere(lanes=3) as (other, _), pytest.raises(Refused, match="has 1 lanes"):
        copy(other, exported(signed))


def test_a_store_with_a_story_of_its_own_takes_no_other(signed, elsewhere):
    fill(signed)
    with elsewhere() as (other, _):
        other.open(new_incident("own", killed(1)), EDITOR)

        with pytest.raises(Doubt, match="the store holds another event there"):
            copy(other, exported(signed))


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[" * 100_000,
        b'{"format":"sitrep-export-1","incident":null,"lanes":1,"checkpoints":{"x":""},"verifiers":[]}',
    ],
)
def test_what_begins_no_export_is_doubted(text):
    with pytest.raises(Doubt, match="no export"):
        read_heading(text)
