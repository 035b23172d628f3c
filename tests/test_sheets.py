"""Tables of updates (docs/formats.md): written, read and taken again without loss; and what is
wrong with them said by row and column, before anything is stored.
"""

import csv
import json
from decimal import Decimal
from io import StringIO
from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from schemas.body import read_object, write, write_sorted
from schemas.update import load_update
from service.app import create_app
from service.cli import main
from service.commands.destinations import AtHand
from service.commands.sheets import rehearse, send
from service.errors import Malformed, Refused
from service.formats.cells import cells_of, report_of
from service.formats.sheet import read
from service.formats.updates import COLUMNS, rows
from service.settings import Settings
from service.store.answers import Question
from service.store.retelling import Turn
from service.store.schema import migrate
from service.store.store import Store
from service.stories import TAJI
from tests.domain.lifelike import histories
from tests.histories import (
    EDITOR,
    correction,
    injured,
    killed,
    marking,
    new_incident,
    new_update,
    retraction,
    told,
)
from tests.over_http import over_http

GOLDEN = Path(__file__).parent / "golden" / "reports"
POSTED = [json.loads(path.read_text("utf-8"))["posted"] for path in sorted(GOLDEN.glob("*.json"))]
WHOLE = Turn(limit=1000, ascending=True)
BASE = {
    "incident": "harbour-fire",
    "title": "Fire at the harbour",
    "kind": "accident",
    "published_at": "2020-03-11T12:00:00Z",
    "publisher_key": "harbour-radio",
    "publisher_kind": "local",
    "type": "casualties",
    "harm": "injured",
}
EXAMPLE = Path(__file__).parents[1] / "docs" / "examples" / "updates.csv"

slugs = count()


@pytest.fixture
def take(database):
    """Runs `sitrep import` on the store."""

    def run(*words):
        settings = {"SITREP_DATABASE_URL": database}
        return CliRunner().invoke(main, ["import", *map(str, words)], env=settings)

    return run


@pytest.fixture
def take_there(database, take):
    """The same over HTTP, with a key."""
    app = create_app(Settings(database_url=database))
    with over_http(app) as address:
        yield lambda key, *words: take(*words, "--url", address, "--key", key)
    app.extensions["sitrep"].close()


@pytest.fixture
def sheet(tmp_path):
    """`sheet(*rows)` is a file of these rows, each beside what all have in common."""

    def written(*told_rows, name="updates.csv"):
        path = tmp_path / name
        path.write_bytes(table(*({**BASE, **row} for row in told_rows)))
        return path

    return written


def table(*told_rows):
    into = StringIO(newline="")
    names = [name for name in COLUMNS if any(name in row for row in told_rows)]
    writer = csv.DictWriter(into, names)
    writer.writeheader()
    writer.writerows(told_rows)
    return into.getvalue().encode()


def exported(store, incident):
    return rows(store.retold(incident, Question(desk=True), WHOLE))


def what_holds(store, incident):
    """The situation at several bounds, but for when this store recorded it."""
    asked = [
        Question(),
        Question(published_until_us=1_583_950_000_000_000),
        Question(version=1),
    ]
    held = (store.retold(incident, one, Turn(limit=0)).situation for one in asked)
    return [structs.replace(one, position=0, recorded_at="") for one in held]


@pytest.mark.parametrize("posted", POSTED, ids=lambda posted: posted["type"])
def test_every_report_that_there_is_comes_back_from_its_cells(posted):
    whole = read_object(write(posted))

    report, faults = report_of(cells_of(whole))

    assert (write_sorted(report), faults) == (write_sorted(whole), [])


scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.decimals(allow_nan=False, allow_infinity=False, places=3).map(Decimal)
    | st.text(max_size=8)
)
odd_values = scalars | st.dictionaries(st.sampled_from(["low", "high", "best", "x"]), scalars)
odd_reports = st.dictionaries(
    st.sampled_from(["type", "quantity", "group", "origin", "geometry", "occurred", "name", "z"]),
    odd_values
    | st.just({"type": "Point", "coordinates": [1, -2]})
    | st.just({"type": "Point", "coordinates": [1, 2, 3]})
    | st.just({"key": "a", "named": False})
    | st.just({}),
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(odd_reports)
def test_whatever_a_column_cannot_hold_stays_json(report):
    whole = read_object(write(report))

    back, faults = report_of(cells_of(whole))

    assert (write_sorted(back), faults) == (write_sorted(whole), [])


def test_the_story_of_taji_is_the_same_after_a_table(database, another_database, open_store, take):
    CliRunner().invoke(main, ["import", str(TAJI)], env={"SITREP_DATABASE_URL": another_database})
    original, copy = open_store(another_database), open_store(database)
    names = [line.incident for line in original.incidents(cursor=None, limit=99).incidents]

    for name in names:
        for update in read(exported(original, name)).updates:
            assert send(AtHand(copy), update)

    for name in names:
        assert what_holds(copy, name) == what_holds(original, name)
        assert exported(copy, name) == exported(original, name)
        told_again = read(exported(original, name)).updates
        assert not any(send(AtHand(original), update) for update in told_again)


@pytest.fixture(scope="module")
def two_stores(tmp_path_factory, open_stores):
    return open_stores(*(tmp_path_factory.mktemp("sheets") / name for name in ("a.db", "b.db")))


@pytest.fixture(scope="module")
def open_stores():
    opened = []

    def made(*files):
        for file in files:
            migrate(f"sqlite:///{file}")
            opened.append(Store.connect(f"sqlite:///{file}"))
        return opened

    yield made
    for store in opened:
        store.close()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(history=histories())
def test_any_history_is_the_same_after_a_table(two_stores, history):
    original, copy = two_stores
    name = f"story-{next(slugs)}"
    original.open(new_incident(name), EDITOR)
    for update in history:
        try:
            original.append(name, load_update(write(update)), EDITOR)
        except Refused:
            continue

    for update in read(exported(original, name)).updates:
        assert send(AtHand(copy), update)

    assert what_holds(copy, name) == what_holds(original, name)
    assert exported(copy, name) == exported(original, name)


def test_the_table_that_is_served_is_the_one_that_is_taken(
    database, another_database, take, tmp_path
):
    app = create_app(Settings(database_url=another_database))
    store = app.extensions["sitrep"]
    store.open(new_incident("taji", killed(2), title="Taji"), EDITOR)
    for turn in range(5):
        store.append("taji", new_update(told("afp", killed(turn), injured(9))), EDITOR)
    path, pages = "/v1/incidents/taji/updates.csv?limit=4", []
    while path:
        answer = app.test_client().get(path)
        (tmp_path / f"{len(pages)}.csv").write_bytes(answer.data)
        pages.append(tmp_path / f"{len(pages)}.csv")
        path = answer.headers["Link"].split(">")[0][1:] if "Link" in answer.headers else None

    first, again = take(*pages), take(*pages)

    assert [one.exit_code for one in (first, again)] == [0, 0], first.stderr
    assert first.stderr.splitlines() == [
        "4 taken, 0 already there, 0 refused",
        "2 taken, 0 already there, 0 refused",
    ]
    assert again.stderr.splitlines()[0] == "0 taken, 4 already there, 0 refused"
    served = app.test_client().get("/v1/incidents/taji").json["casualties"]
    store.close()
    other = create_app(Settings(database_url=database))
    assert other.test_client().get("/v1/incidents/taji").json["casualties"] == served
    other.extensions["sitrep"].close()


def test_the_example_in_the_documents_is_taken(take, store):
    dry, first, again = take(EXAMPLE, "--dry-run"), take(EXAMPLE), take(EXAMPLE)

    assert dry.stderr == "4 to take, 0 already there, 0 refused; nothing was stored\n"
    assert first.stderr == "4 taken, 0 already there, 0 refused\n"
    assert again.stderr == "0 taken, 4 already there, 0 refused\n"
    held = store.retold("harbour-fire", Question(), Turn(limit=0)).situation
    assert (held.casualties.injured.low, held.casualties.killed.best) == (5, 1)


def test_nothing_is_stored_where_one_row_is_wrong(take, sheet, store):
    file = sheet(
        {"low": "2", "high": "2"},
        {"published_at": "2020-03-11T13:00:00Z", "low": "many"},
        {"published_at": "2020-03-11T14:00:00Z", "low": "5", "high": "3"},
        {"published_at": "2020-03-11T15:00:00Z", "harm": "hurt", "low": "1"},
        {"published_at": "yesterday", "low": "1", "publisher_kind": "radio"},
    )

    ended = take(file)

    assert ended.exit_code == 1
    assert [line.removeprefix(f"{file}: ") for line in ended.stderr.splitlines()] == [
        "row 3, low: must be a number such as 3 or 2.5",
        "row 4, quantity: low 5 lies above high 3",
        "row 5, harm: must be one of: killed, injured, missing, captured, displaced, unspecified",
        "row 6, published_at: not an RFC 3339 timestamp with offset, such as 2020-03-11T17:00:00Z",
        ended.stderr.splitlines()[4].removeprefix(f"{file}: "),
        "4 refused; nothing was stored",
    ]
    assert ended.stderr.splitlines()[4].startswith(f"{file}: row 6, publisher_kind: must be one of")
    assert store.incidents(cursor=None, limit=9).incidents == ()


def test_what_only_the_record_shows_to_be_wrong_is_found_before_anything_is_stored(
    take, sheet, store
):
    take(sheet({"low": "2"}, name="first.csv"))
    before = store.now("harbour-fire").body
    fix = {"type": "", "harm": "", "report": json.dumps(correction(2, injured(4)))}
    lost = {"type": "", "harm": "", "report": json.dumps(retraction(9))}

    right = take(sheet({**fix, "published_at": "2020-03-12"}), "--dry-run")
    wrong = take(
        sheet({"published_at": "2020-03-12", "low": "3"}, {**lost, "published_at": "2020-03-13"})
    )

    assert right.stderr == "1 to take, 0 already there, 0 refused; nothing was stored\n"
    assert wrong.exit_code == 1
    assert "row 3, report: " in wrong.stderr
    assert store.now("harbour-fire").body == before


def test_the_right_rows_can_be_taken_alone(take, sheet, store):
    file = sheet(
        {"low": "2"},
        {"published_at": "2020-03-11T13:00:00Z", "low": "many"},
        {"published_at": "2020-03-11T14:00:00Z", "low": "3"},
    )

    ended = take(file, "--skip-bad")

    assert ended.exit_code == 1
    assert ended.stderr.splitlines()[-1] == "2 taken, 0 already there, 1 refused"
    assert store.retold("harbour-fire", Question(), Turn(limit=0)).situation.version == 3


def test_what_points_by_number_past_a_row_that_is_left_out_is_left_out_too(take, sheet, store):
    fix = {"type": "", "harm": "", "report": json.dumps(correction(3, injured(4)))}
    file = sheet(
        {"published_at": "2020-03-11T12:30:00Z", "low": "many"},
        {"low": "2"},
        {"low": "9", "published_at": "2020-03-11T13:00:00Z"},
        {**fix, "published_at": "2020-03-11T14:00:00Z"},
    )

    ended = take(file, "--skip-bad")

    assert "row 5: points to an event by its number" in ended.stderr
    assert ended.stderr.splitlines()[-1] == "2 taken, 0 already there, 2 refused"


def test_an_update_is_taken_whole_or_not_at_all(take, sheet, store):
    one = {"update_id": "0196f3a0-0000-7000-8000-000000000001"}
    file = sheet({**one, "low": "2"}, {**one, "harm": "wounded", "low": "1"})

    ended = take(file, "--skip-bad")

    assert ended.stderr.splitlines()[-1] == "0 taken, 0 already there, 1 refused"
    assert store.incidents(cursor=None, limit=9).incidents == ()


def test_rows_of_one_update_say_the_same_of_it_and_follow_one_another():
    one = {**BASE, "low": "1", "update_id": "0196f3a0-0000-7000-8000-000000000001"}
    other = {**BASE, "low": "1", "published_at": "2020-03-12"}

    apart = read(table(one, other, one))
    unlike = read(table(one, {**one, "publisher_key": "somebody-else"}))

    assert [str(fault) for fault in apart.faults] == ["row 4, update_id: its update began in row 2"]
    assert [str(fault) for fault in unlike.faults] == [
        "row 3, publisher_key: says something else than row 2 of the same update"
    ]


def test_what_is_withheld_is_exported_as_missing_and_not_imported(store):
    store.open(new_incident("taji"), EDITOR)
    store.append("taji", new_update(told("afp", killed(2, phrase="Quixotella"))), EDITOR)
    store.append("taji", new_update(told("desk", marking(2, audience="desk"))), EDITOR)

    body = rows(store.retold("taji", Question(), WHOLE))
    taken = read(body)

    assert b"Quixotella" not in body
    assert str(taken.faults[0]) == (
        "row 3, missing: event 2 (casualties_reported) is withheld or erased: "
        "there is nothing to import"
    )
    assert "Quixotella" in str(read(exported(store, "taji")).updates)


def test_a_quantity_is_words_or_numbers():
    both = read(table({**BASE, "quantity": "two", "low": "2"}))

    assert str(both.faults[0]) == ("row 2, low: words of a quantity, or its numbers, but not both")


def test_a_column_and_the_json_beside_it_do_not_say_the_same_thing_twice():
    twice = read(table({**BASE, "low": "2", "report": '{"harm": "killed"}'}))
    broken = read(table({**BASE, "low": "2", "report": "{"}))

    assert str(twice.faults[0]) == "row 2, report: harm has a column, which is filled too"
    assert str(broken.faults[0]).startswith("row 2, report: it is not JSON")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "the table is empty"),
        (b"incident,wrong\n", "row 1: unknown column 'wrong'"),
        (b"incident,incident\n", "row 1: a column stands there twice"),
        (b"incident,type\n", "row 1: the column publisher_key is missing"),
        (table(BASE).replace(b"Fire", b"F\xfcre"), "line 2 is not UTF-8"),
        (table(BASE) + b'"x', "row 3 is no CSV"),
        (table(BASE) + b"x," * 40, "row 3 has 41 cells"),
        ("incident\n".encode("utf-16"), "line 1 is not UTF-8"),
    ],
)
def test_what_is_no_such_table_is_named(data, said):
    with pytest.raises(Malformed, match=said):
        read(data)


def test_a_table_as_a_spreadsheet_saves_it_is_read():
    plain = table({**BASE, "low": "2", "phrase": "'=two, at least"})

    saved = b"\xef\xbb\xbf" + plain.replace(b"\r\n", b"\n") + b",,,\n"

    assert read(saved) == read(plain)
    assert read(plain).updates[0].body["reports"][0]["phrase"] == "=two, at least"


def test_a_rehearsal_knows_the_record_with_what_was_erased_in_it(store):
    store.open(new_incident("taji"), EDITOR)
    store.append("taji", new_update(told("afp", killed(2), killed(3, scope="part"))), EDITOR)
    admin = structs.replace(EDITOR, role="admin")
    store.append("taji", new_update(told("desk", {"type": "erasure", "targets": [2]})), admin)
    fix = {**BASE, "incident": "taji", "type": "", "harm": "", "report": json.dumps(retraction(3))}

    verdict = rehearse(AtHand(store), read(table(fix)))

    assert (len(verdict.new), verdict.faults) == (1, ())


@pytest.mark.parametrize("words", [["--dry-run"], ["--skip-bad"]])
def test_what_is_for_tables_is_for_tables_alone(take, words, tmp_path):
    (tmp_path / "a.ndjson").write_text("{}")
    (tmp_path / "a.csv").write_text("incident")

    assert take(tmp_path / "a.ndjson", *words).exit_code == 2
    assert take(tmp_path / "a.ndjson", tmp_path / "a.csv").exit_code == 2


def test_over_http_a_table_is_taken_as_it_is_here(take_there, store):
    key = store.add_key("anna", "editor")

    dry, first, again = (take_there(key, EXAMPLE, *more) for more in (["--dry-run"], [], []))

    assert dry.stderr == "4 to take, 0 already there, 0 refused; nothing was stored\n"
    assert first.stderr == "4 taken, 0 already there, 0 refused\n"
    assert again.stderr == "0 taken, 4 already there, 0 refused\n"
    held = store.retold("harbour-fire", Question(), Turn(limit=0)).situation
    assert (held.casualties.injured.low, held.casualties.killed.best) == (5, 1)
    told_by = {one.recorded_by for one in updates_of(store, "harbour-fire")}
    assert told_by == {"anna"}


def test_over_http_the_story_of_taji_is_the_same_after_a_table(
    store, another_database, open_store, take_there, tmp_path
):
    CliRunner().invoke(main, ["import", str(TAJI)], env={"SITREP_DATABASE_URL": another_database})
    original, key = open_store(another_database), store.add_key("anna", "admin")
    names = [line.incident for line in original.incidents(cursor=None, limit=99).incidents]
    files = [tmp_path / f"{name}.csv" for name in names]
    for name, file in zip(names, files, strict=True):
        file.write_bytes(exported(original, name))

    first, again = take_there(key, *files), take_there(key, *files)

    assert (first.exit_code, again.exit_code) == (0, 0), first.stderr
    assert {line.split(",")[0] for line in again.stderr.splitlines()} == {"0 taken"}
    for name in names:
        assert what_holds(store, name) == what_holds(original, name)
        assert exported(store, name) == exported(original, name)


def test_over_http_what_only_the_record_shows_to_be_wrong_is_found_before_anything_is_stored(
    take, take_there, sheet, store
):
    take(sheet({"low": "2"}, name="first.csv"))
    before = store.now("harbour-fire").body
    lost = {"type": "", "harm": "", "report": json.dumps(retraction(9))}
    file = sheet({"published_at": "2020-03-12", "low": "3"}, {**lost, "published_at": "2020-03-13"})

    here, there = take(file), take_there(store.add_key("anna", "editor"), file)

    assert (there.exit_code, there.stderr) == (1, here.stderr)
    assert "row 3, report: " in there.stderr
    assert store.now("harbour-fire").body == before


def test_over_http_a_rehearsal_makes_do_without_what_the_key_may_not_read(take_there, sheet, store):
    store.open(new_incident("harbour-fire"), EDITOR)
    store.append(
        "harbour-fire", new_update(told("afp", killed(2), killed(3, scope="part"))), EDITOR
    )
    store.append("harbour-fire", new_update(told("desk", marking(2, audience="desk"))), EDITOR)
    more = {"type": "", "harm": "", "report": json.dumps(correction(3, killed(1, scope="part")))}
    file = sheet({**more, "publisher_key": "afp", "published_at": "2020-03-13"})

    ended = take_there(store.add_key("anna", "reporter"), file)

    assert ended.stderr == "1 taken, 0 already there, 0 refused\n"


def test_over_http_a_key_that_may_not_post_stops_the_import(take_there, sheet, store):
    ended = take_there(store.add_key("anna", "reader"), sheet({"low": "2"}))

    assert ended.exit_code == 1
    assert "Broken off after 0; the same command goes on from there." in ended.stderr
    assert ended.stderr.splitlines()[-1].startswith("Error: http://127.0.0.1:")
    assert store.incidents(cursor=None, limit=9).incidents == ()


def updates_of(store, incident):
    return store.updates(incident, cursor=None, limit=99, ascending=True).updates
