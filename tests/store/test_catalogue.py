"""The catalogue: pages that stay, whatever is written; rows that can be rebuilt; words that any
reader may type.
"""

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Event

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, select

from service.domain.moments import read_instant
from service.domain.words import sought, words_in
from service.store.answers import Selection
from service.store.engine import connect, writing
from service.store.lanes import lane_of
from service.store.rebuilding import rebuild_incident
from service.store.tables import metadata
from tests.histories import (
    EDITOR,
    at,
    correction,
    killed,
    new_incident,
    new_update,
    retraction,
    told,
)

DERIVED = ("catalogue", "places", "links", "texts")
TOLD = ["Camp Taji", "Tājī's camp", "open fire", "北京 fire", "U.S. base 2020", "x"]


def place(name, country="IQ"):
    point = {"type": "Point", "coordinates": [44.25, 33.5]}
    return {
        "type": "location",
        "role": "target",
        "name": name,
        "country": country,
        "geometry": point,
    }


def pages(store, selection, limit=7, between=lambda: None):
    """Every slug of a selection, page by page."""
    found, cursor = [], None
    while True:
        page = store.incidents(selection, cursor=cursor, limit=limit)
        found += [one.incident for one in page.incidents]
        cursor = page.next
        if cursor is None:
            return found
        between()


def rows_of(url):
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = {
            table: sorted(
                tuple(bytes(one) if isinstance(one, memoryview) else one for one in row)
                for row in connection.execute(select(metadata.tables[table]))
            )
            for table in DERIVED
        }
    engine.dispose()
    return rows


@pytest.mark.parametrize("lanes", [1, 16])
@pytest.mark.parametrize(
    "selection",
    [
        Selection(sort="updated"),
        Selection(sort="killed"),
        Selection(countries=("IQ",)),
        Selection(words=sought("fire")),
        Selection(statuses=("developing",)),
    ],
    ids=lambda selection: f"{selection.sort}-{len(selection.words)}-{len(selection.countries)}",
)
def test_no_incident_comes_twice_or_is_missed_while_others_write(store, selection):
    slugs = {f"story-{number:02}" for number in range(30)}
    for slug in sorted(slugs):
        store.open(new_incident(slug, place("fire"), killed(1)), EDITOR)
    done, written = Event(), Event()

    def write():
        for number in count():
            slug = f"story-{number % 30:02}"
            closed = {"type": "status", "status": ["closed", "developing"][number // 30 % 2]}
            update = told("afp", killed(number, effective_at=at(13)), closed, place("x", "SY"))
            store.append(slug, new_update(update), EDITOR)
            store.append(slug, new_update(told("afp", place("fire"))), EDITOR)
            store.open(new_incident(f"new-{number}", place("fire"), killed(number)), EDITOR)
            written.set()
            if done.is_set():
                return

    def wait_for_a_write():
        written.clear()
        assert written.wait(timeout=30)

    with ThreadPoolExecutor(1) as writer:
        writing_on = writer.submit(write)
        try:
            for _ in range(3):
                found = pages(store, selection, between=wait_for_a_write)
                assert len(found) == len(set(found))
                if not selection.statuses:
                    assert slugs <= set(found)
        finally:
            done.set()
            writing_on.result(timeout=60)


@pytest.mark.parametrize("lanes", [1, 16])
def test_a_list_as_of_a_moment_is_the_same_whatever_is_written_later(store):
    for number in range(20):
        last = store.open(new_incident(f"story-{number}", killed(number)), EDITOR)
    moment_us = read_instant(last.receipt.recorded_at)
    selections = [
        Selection(as_of_us=moment_us, sort=sort, min_killed=5)
        for sort in ("opened", "updated", "killed")
    ]
    before = [pages(store, selection) for selection in selections]

    for number in range(20):
        store.append(
            f"story-{number}", new_update(told("a", killed(50, effective_at=at(13)))), EDITOR
        )
        store.open(new_incident(f"later-{number}", killed(60)), EDITOR)

    assert [pages(store, selection) for selection in selections] == before
    assert before[0] == before[1] == before[2]
    assert len(before[0]) == 15


def test_an_update_that_changes_no_listed_fact_writes_nothing_to_the_catalogue(store, database):
    store.open(new_incident("taji", place("Taji"), killed(2)), EDITOR)
    before = rows_of(database)

    store.append("taji", new_update(told("afp", killed(2))), EDITOR)
    after = rows_of(database)

    assert {name: after[name] for name in ("places", "links")} == {
        name: before[name] for name in ("places", "links")
    }
    assert len(after["catalogue"]) == 2
    store.append("taji", new_update(told("afp", killed(2))), EDITOR)
    assert rows_of(database)["catalogue"] == after["catalogue"]


SAID = {
    "place": lambda choice: [place(TOLD[choice % 6], ["IQ", "SY"][choice % 2])],
    "status": lambda choice: [{"type": "status", "status": ["closed", "stable"][choice % 2]}],
    "link": lambda choice: [{"type": "link", "to": f"other-{choice % 2}", "relation": "follows"}],
    "unlink": lambda _: [{"type": "unlink", "to": "other-1", "relation": "follows"}],
    "person": lambda choice: [
        {"type": "person", "name": "Ann", "next_of_kin_informed": bool(choice % 2)}
    ],
    "since": lambda choice: [
        retraction() | {"targets": {"publisher": ["afp", "bbc"][choice % 2], "since": at(12)}}
    ],
    "title": lambda choice: [{"type": "title", "title": TOLD[choice % 6]}],
    "killed": lambda choice: [killed(choice % 5), place(TOLD[choice % 6])],
}
ACTS = st.sampled_from([*SAID, "retract", "correct"])


@pytest.fixture
def told_at_random(database, open_store):
    """Records a story of random acts; one that has nothing to act on counts the dead instead."""
    store, slugs = open_store(database), count()

    def record(story):
        slug = f"story-{next(slugs)}"
        kinds, heard = {1: "opening"}, set()
        store.open(new_incident(slug), EDITOR)
        for act, choice in story:
            version = len(kinds)
            places = [one for one, kind in kinds.items() if kind == "location"]
            fallible = [one for one, kind in kinds.items() if kind not in {"opening", "retraction"}]
            if act == "retract" and fallible:
                reports = [retraction(fallible[choice % len(fallible)])]
            elif act == "correct" and places:
                target = places[choice % len(places)]
                reports = [correction(target, place(TOLD[choice % 5]), kind="place")]
            elif act == "since" and choice % 2 not in heard:
                reports = SAID["killed"](choice)
            else:
                reports = SAID.get(act, SAID["killed"])(choice)
            heard |= {choice % 2 for report in reports if report["type"] != "retraction"}
            update = told(["afp", "bbc"][choice % 2], *reports)
            update["summary"] = f"Summary {choice % 3}"
            store.append(slug, new_update(update), EDITOR)
            kinds |= {version + 1 + at: one["type"] for at, one in enumerate(reports)}
        return slug

    return record


def test_rebuilt_rows_are_those_that_the_appends_wrote(database, told_at_random):
    engine = connect(database)

    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.tuples(ACTS, st.integers(0, 30)), max_size=12))
    def rebuilt_equals_live(story):
        slug = told_at_random(story)
        live = rows_of(database)

        with engine.connect() as connection, writing(connection):
            rebuild_incident(connection, lane_of(slug, 1), slug)

        assert rows_of(database) == live

    rebuilt_equals_live()
    engine.dispose()


def test_a_rebuilt_incident_is_found_by_its_words_and_by_no_others(store, database):
    store.open(new_incident("taji", place("Camp Taji")), EDITOR)
    engine = connect(database)
    with engine.connect() as connection, writing(connection):
        rebuild_incident(connection, 0, "taji")
        rebuild_incident(connection, 0, "taji")
    engine.dispose()

    assert pages(store, Selection(words=sought("taji"))) == ["taji"]
    assert pages(store, Selection(words=sought("balad"))) == []


def _found_by_reading(query, corpus):
    """The plain reference: every text of every incident, read word by word."""
    terms = sought(query)
    return {
        slug
        for slug, texts in corpus.items()
        if all(any(_tells(words_in(one), term) for one in texts) for term in terms)
    }


def _tells(words, term):
    length = len(term.words)
    for begin in range(len(words) - length + 1):
        *most, last = words[begin : begin + length]
        ends = last.startswith(term.words[-1]) if term.prefix else last == term.words[-1]
        if ends and tuple(most) == term.words[:-1]:
            return True
    return False


SCRAPS = """
taji TĀJĪ "camp taji" cam* " * fire NEAR( OR -x ' \\ body: 北 u.s. & | ! <-> :* % ; 2020 ^ {
"""
QUERIES = st.one_of(
    st.text(max_size=30),
    st.lists(st.sampled_from([*SCRAPS.split(), "camp taji", "\x00"]), max_size=6).map(" ".join),
)


@pytest.mark.parametrize("later", [0, 40])
def test_whatever_a_reader_types_finds_what_reading_everything_finds(store, later):
    corpus = {}
    for number, name in enumerate(TOLD):
        slug = f"story-{number}"
        store.open(new_incident(slug, place(name), title=f"Story {number}"), EDITOR)
        store.append(slug, new_update(told("afp", place(TOLD[number - 1]))), EDITOR)
        corpus[slug] = [name, TOLD[number - 1], f"Story {number}", "afp", "desk"]
    for number in range(later):
        store.open(new_incident(f"later-{number}", title="Later"), EDITOR)
        corpus[f"later-{number}"] = ["Later", "desk"]

    @settings(max_examples=200, deadline=None)
    @given(QUERIES)
    def finds_the_same(query):
        try:
            terms = sought(query)
        except ValueError:
            return
        assert set(pages(store, Selection(words=terms))) == _found_by_reading(query, corpus)

    finds_the_same()


@pytest.mark.parametrize("lanes", [1, 16])
@pytest.mark.parametrize("sort", ["opened", "updated", "occurred", "killed"])
@pytest.mark.parametrize("limit", [1, 7, 100])
def test_words_that_few_or_many_tell_give_the_pages_of_the_whole_list(store, sort, limit):
    for number in range(60):
        words = [f"{every}th{number % every}" for every in (1, 2, 15, 60)]
        name = " ".join(words)
        store.open(new_incident(f"story-{number}", place(name), killed(number % 9)), EDITOR)
    for number in range(0, 60, 7):
        store.append(f"story-{number}", new_update(told("afp", place("later"))), EDITOR)

    whole = pages(store, Selection(kinds=("other",), sort=sort), limit=100)
    told_of = {
        "1th0": whole,
        "1th0 2th1": [slug for slug in whole if _number(slug) % 2 == 1],
        "15th14": [slug for slug in whole if _number(slug) % 15 == 14],
        "60th59": ["story-59"],
        "later": [slug for slug in whole if _number(slug) % 7 == 0],
    }

    for query, slugs in told_of.items():
        assert pages(store, Selection(words=sought(query), sort=sort), limit) == slugs


def _number(slug):
    return int(slug.removeprefix("story-"))


def test_a_word_that_an_incident_tells_after_many_others_is_found(store):
    for slug in ("first", "second"):
        store.open(new_incident(slug), EDITOR)
        for number in range(40):
            store.append(slug, new_update(told("afp", place(f"town {number}"))), EDITOR)
    store.append("first", new_update(told("afp", place("quarry"))), EDITOR)

    assert pages(store, Selection(words=sought("quarry"))) == ["first"]
    assert pages(store, Selection(words=sought('town "afp"'))) == ["second", "first"]
