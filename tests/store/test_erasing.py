"""DOMAIN.md §10.1: erased words are gone, at every moment; envelopes, order and hashes stay."""

import json
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, select, table, text

from service.domain.update import Writer
from service.domain.words import sought
from service.errors import Forbidden, IdReused, Refused
from service.proof.note import Signer
from service.store.answers import Question, Selection
from service.store.signers import add_signer
from tests.histories import (
    EDITOR,
    correction,
    killed,
    marking,
    new_incident,
    new_update,
    person,
    retraction,
    told,
)
from tests.store.folding import folded, log_of
from tests.store.test_rebuilding import derived

ADMIN = Writer(name="admin", role="admin")
NAME = "Wilhelmina Quackenbush"


def erasure(*targets, **more):
    return {"type": "erasure", "targets": list(targets), "reason": "asked for by her", **more}


class News:
    """A signed store and one incident in it."""

    def __init__(self, store):
        self.store = store
        self.store.open(new_incident("taji", killed(2)), EDITOR)

    def tell(self, *reports, by="afp", writer=EDITOR, at_hour=12, **more):
        update = new_update({**told(by, *reports, at_hour=at_hour), **more})
        return self.store.append("taji", update, writer).receipt

    def now(self):
        return json.loads(self.store.now("taji").body)

    def then(self, version):
        return json.loads(self.store.situation("taji", Question(version=version)).body)


@pytest.fixture
def signer():
    return Signer.new("log.example")


@pytest.fixture
def news(database, open_store, signer):
    add_signer(database, signer)
    return News(open_store(database, signer=signer))


def everything(url):
    """Every byte that the store's tables hold."""
    engine = create_engine(url)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            listed = "SELECT name FROM sqlite_schema WHERE type = 'table'"
        else:
            listed = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        names = connection.execute(text(listed)).scalars().all()
        rows = [
            repr(tuple(bytes(value) if isinstance(value, memoryview) else value for value in row))
            for name in names
            for row in connection.execute(select("*").select_from(table(name)))
        ]
    engine.dispose()
    return "\n".join(rows)


def test_erased_words_are_in_no_table_and_in_no_file(news, database):
    news.tell(person(NAME, informed=True), killed(3), summary=f"{NAME} is among the dead.")
    news.tell({"type": "context", "paraphrase": f"{NAME} came last year."}, at_hour=13)
    assert "uackenbush" in everything(database)

    news.tell(erasure(3, 5), by="desk", writer=ADMIN, at_hour=14)

    kept = everything(database)
    assert "uackenbush" not in kept.lower()
    if make_url(database).get_backend_name() == "sqlite":
        news.store.close()
        folder = Path(make_url(database).database).parent
        on_disk = b"".join(file.read_bytes() for file in folder.glob("sitrep.db*"))
        assert b"quackenbush" not in on_disk.lower()


def test_what_was_erased_stands_for_nothing_at_any_moment(news):
    before = news.now()["casualties"]["killed"]
    news.tell(killed(30, phrase="thirty of her family"))
    news.tell(erasure(3), by="desk", writer=ADMIN, at_hour=13)

    assert news.now()["casualties"]["killed"] == before
    assert news.then(3)["casualties"]["killed"] == before
    assert news.now()["erasures"] == [{"targets": [3], "by": 4, "reason": "asked for by her"}]
    event = news.store.event("taji", 3)
    assert (event.report, event.type) == (None, "casualties_reported")
    found = news.store.incidents(Selection(words=sought("family")), cursor=None, limit=5).incidents
    assert found == ()


def test_the_rest_of_the_update_stays(news):
    news.tell(person(NAME, informed=True), killed(5))

    news.tell(erasure(3), by="desk", writer=ADMIN)

    assert news.now()["casualties"]["killed"]["because"] == [4]


def test_a_report_and_its_corrections_are_erased_together(news):
    news.tell(killed(30), by="bbc")
    news.tell(correction(3, killed(31)), by="desk", at_hour=13)
    news.tell(correction(4, killed(32)), by="desk", at_hour=14)

    receipt = news.tell(erasure(4), by="desk", writer=ADMIN, at_hour=15)

    assert news.store.event("taji", receipt.version).refs == {"targets": (3, 4, 5)}
    assert news.now()["casualties"]["killed"]["because"] == [2]
    assert news.now()["corrections"] == []


def test_a_retraction_keeps_its_effect_when_its_reason_is_erased(news):
    news.tell(killed(9), by="bbc")
    news.tell(retraction(3, reason=f"{NAME} says so"), by="desk", at_hour=13)
    before = news.now()["casualties"]

    news.tell(erasure(4), by="desk", writer=ADMIN, at_hour=14)

    assert news.now()["casualties"] == before


@pytest.mark.parametrize(
    ("act", "version"),
    [
        (marking(2, audience="desk"), 3),
        ({"type": "retraction", "targets": {"publisher": "desk", "since": "2020-03-11"}}, 3),
        (erasure(2), 3),
    ],
)
def test_what_acts_by_its_words_cannot_be_erased(news, act, version):
    news.tell(act, by="desk", writer=ADMIN)

    with pytest.raises(Refused, match="its effect would go too") as refusal:
        news.tell(erasure(version), by="desk", writer=ADMIN)

    assert refusal.value.faults[0].pointer == "/reports/0/targets"


def test_an_erasure_needs_an_admin_and_a_target_recorded_before(news):
    with pytest.raises(Forbidden, match="admin"):
        news.tell(erasure(2))
    with pytest.raises(Refused, match="comes with this very update"):
        news.tell(killed(4, key="own"), erasure("own"), writer=ADMIN)
    with pytest.raises(Refused, match="names no event"):
        news.tell(erasure(99), writer=ADMIN)

    assert news.now()["version"] == 2


def test_an_erased_report_cannot_be_corrected(news):
    news.tell(erasure(2), by="desk", writer=ADMIN)

    with pytest.raises(Refused, match="were erased"):
        news.tell(correction(2, killed(1)), by="desk")


def test_an_erased_update_does_not_come_back_by_a_retry(news):
    update = new_update(told("bbc", killed(30)))
    news.store.append("taji", update, EDITOR)
    news.tell(erasure(3), by="desk", writer=ADMIN, at_hour=13)

    with pytest.raises(IdReused):
        news.store.append("taji", update, EDITOR)

    assert news.now()["version"] == 4


def test_an_erased_opening_leaves_the_incident_its_name(news):
    news.tell(erasure(1), by="desk", writer=ADMIN)

    assert news.now()["title"] == "taji"


def test_every_event_is_still_proven_and_the_log_holds(news, signer):
    news.tell(person(NAME, informed=True), killed(5))
    news.tell(erasure(3), by="desk", writer=ADMIN)

    (lane,) = news.store.custody.verify_log(signer.verifier, {})
    proof = news.store.proof("taji", 3)

    assert (lane.events, lane.erased, lane.signed) == (5, 1, 5)
    assert (proof.payload, proof.salt) == (None, None)
    assert len(proof.commitment) == 64


def test_derived_again_or_folded_it_is_the_same(news, database):
    news.tell(killed(30), person(NAME, informed=True), by="bbc")
    news.tell(correction(3, killed(31)), by="desk", at_hour=13)
    news.tell(killed(7, depends_on=[3]), by="afp", at_hour=14)
    news.tell(erasure(3), by="desk", writer=ADMIN, at_hour=15)
    news.tell(killed(8), by="reuters", at_hour=16)
    before = derived(database)

    news.store.custody.rebuild()

    assert derived(database) == before
    log = log_of(database, "taji")
    for version in range(1, 9):
        question = Question(version=version)
        assert news.store.situation("taji", question).body == folded(log, "taji", question)


def test_answers_to_the_past_are_tagged_anew(news):
    news.tell(killed(30), by="bbc")
    before = news.store.situation("taji", Question(version=3))

    news.tell(erasure(3), by="desk", writer=ADMIN)

    after = news.store.situation("taji", Question(version=3))
    assert (after.version, after.reading) == (before.version, "e4")
    assert before.reading == ""


def test_another_process_goes_on_from_what_is_left(news, database, open_store, signer):
    with closing(open_store(database, signer=signer)) as other:
        other.append("taji", new_update(told("bbc", killed(30))), EDITOR)
        news.tell(erasure(3), by="desk", writer=ADMIN, at_hour=13)
        other.append("taji", new_update(told("reuters", killed(3), at_hour=14)), EDITOR)

        assert json.loads(other.now("taji").body)["casualties"]["killed"]["because"] == [5]
