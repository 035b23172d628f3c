"""The form of every report type posts what an API client would have posted."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.reports import SCHEMAS
from schemas.update import load_update
from service.domain.quantity import amount
from service.store.drafts import Begun
from service.web.desk.sources import Known
from service.web.desk.typed import key_of, moment, shown, understood
from service.web.desk.widgets import report_parts, widgets_in
from service.web.desk.writing import body_of, fields_of, reports_in, without_report
from tests.web.reading import Outline

GOLDEN = sorted((Path(__file__).parents[2] / "golden" / "reports").glob("*.json"))
POSTED = [
    told
    for told in (json.loads(file.read_text("utf-8"))["posted"] for file in GOLDEN)
    if told["type"] in SCHEMAS
]
SOURCE = {"/publisher/key": "afp", "/publisher/kind": "press"}


def loaded(fields: dict[str, str]) -> Any:
    begun = Begun(
        update_id="0196c0de-0000-7000-8000-000000000001", incident="taji", version=1, fields=fields
    )
    return load_update(body_of(begun, Known()))


def meaning(report: Any) -> Any:
    told = msgspec.to_builtins(report)
    quantity = getattr(report, "quantity", None)
    if quantity is not None:
        told["quantity"] = msgspec.to_builtins(amount(quantity))
        told["quantity"].pop("best", None)
    if "replacement" in told and "quantity" in told["replacement"]:
        wanted = msgspec.convert(told["replacement"]["quantity"], type=Any)
        told["replacement"] = {**told["replacement"], "quantity": low_of(wanted)}
    return told


def low_of(quantity: Any) -> str:
    return str(amount(quantity).low) if isinstance(quantity, str) else str(quantity["low"])


@pytest.mark.parametrize("posted", POSTED, ids=lambda told: told["type"])
def test_a_report_of_any_type_goes_into_the_form_and_out_again(posted):
    fields = {**SOURCE, **dict(fields_of(posted, "/reports/0"))}

    again = loaded(fields).reports[0].report

    body = json.dumps({"publisher": {"key": "afp", "kind": "press"}, "reports": [posted]}).encode()
    assert meaning(again) == meaning(load_update(body).reports[0].report)


@pytest.mark.parametrize("posted", POSTED, ids=lambda told: told["type"])
def test_every_key_of_a_report_has_a_field(posted):
    fields = dict(fields_of(posted, "/reports/0"))

    own, more = report_parts(posted["type"], "/reports/0", fields)

    asked = {one.pointer for one in widgets_in([*own, more])}
    assert fields.keys() - {"/reports/0/type"} <= asked


def test_a_report_of_any_type_has_a_form_that_is_well_formed(newsroom):
    browser = newsroom.signed_in("admin")

    pages = [browser.go(f"/desk/incidents/taji/update?type={type_}").text for type_ in SCHEMAS]

    for page in pages:
        outline = Outline(page)
        assert outline.open == []
        assert len(outline.ids) == len(set(outline.ids))
        fields = [page.count(f'<{tag} id="f-') for tag in ("select", "input", "textarea")]
        assert page.count("<label for=") == sum(fields)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2020-03-11 17:00", "2020-03-11T17:00:00Z"),
        ("2020-03-11 7:05", "2020-03-11T07:05:00Z"),
        ("2020-03-11 17:00:30 UTC", "2020-03-11T17:00:30Z"),
        ("2020-03-11 20:00 +03:00", "2020-03-11T20:00:00+03:00"),
        ("2020-03-11T20:00+0300", "2020-03-11T20:00:00+03:00"),
        *((same, same) for same in ("2020-03-11", "2020-03", "2020-03-11 25:00", "yesterday")),
    ],
)
def test_a_moment_is_understood_as_it_is_typed(typed, meant):
    assert moment(typed) == meant


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("about a dozen", "10 to 14, best 12"),
        ("at least 2", "at least 2"),
        ("2 to 5, best 3", "2 to 5, best 3"),
        ("at least two best 3", "at least 2, best 3"),
        ('{"low": 2, "high": 2}', "2"),
        ("none", "0"),
    ],
)
def test_a_quantity_is_understood_as_it_is_typed(typed, read):
    assert understood(typed) == read


@pytest.mark.parametrize(
    ("value", "typed"),
    [
        ({"low": 2}, "at least 2"),
        ({"low": 2, "high": 2, "best": 2}, "2"),
        ({"low": 2, "high": 5, "best": 3}, "2 to 5, best 3"),
        ({"type": "Point", "coordinates": [44.25, 33.5]}, "33.5, 44.25"),
        (True, "yes"),
        (["a", 3], "a, 3"),
        (None, ""),
    ],
)
def test_a_value_is_shown_as_somebody_would_type_it(value, typed):
    assert shown(value) == typed


@pytest.mark.parametrize(
    ("name", "key"),
    [("The Drive", "the-drive"), ("Télé 7", "tele-7"), ("BBC.co.uk", "bbc.co.uk"), ("北京", "")],
)
def test_a_key_is_made_from_a_name(name, key):
    assert key_of(name) == key


def test_what_is_counted_goes_by_a_name_without_blanks():
    fields = {
        **SOURCE,
        "/reports/0/type": "measure",
        "/reports/0/name": "Rockets fired",
        "/reports/0/quantity": "about 15",
    }

    assert loaded(fields).reports[0].report.name == "rockets_fired"


@settings(max_examples=60, deadline=None)
@given(
    types=st.lists(st.sampled_from(sorted(SCHEMAS)), max_size=6),
    gone=st.integers(0, 5),
)
def test_a_report_that_is_removed_takes_its_fields_and_no_others(types, gone):
    fields = {"/summary": "s"}
    for number, type_ in enumerate(types):
        fields |= {f"/reports/{number}/type": type_, f"/reports/{number}/key": f"k{number}"}

    kept = without_report(fields, gone)

    left = [number for number in range(len(types)) if number != gone]
    assert reports_in(kept) == [types[number] for number in left]
    assert [kept[f"/reports/{place}/key"] for place in range(len(left))] == [
        f"k{number}" for number in left
    ]
    assert kept["/summary"] == "s"
    assert len(kept) == 1 + 2 * len(left)
