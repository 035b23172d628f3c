"""What the domain says of a situation, said by the pages: alike in English, and again elsewhere."""

import re

import pytest
from flask import Flask
from hypothesis import given, settings
from msgspec import structs

from service.domain import paths, wording
from service.domain.changes import Change, changes
from service.domain.saying import say_report as say_in_english
from service.domain.situation import Situation
from service.store.answers import ToldReport, UpdateRecord
from service.web import words
from service.web.gaps import CLOSING, TITLES
from service.web.tongues.changes import CAUSES, say_change
from service.web.tongues.reports import say_report
from service.web.tongues.wording import say_counted
from tests.domain.lifelike import histories
from tests.histories import (
    injured,
    killed,
    known_of,
    measure,
    outcome,
    person,
    recorded,
    response,
    retraction,
    says,
    situation_of,
    told,
)

APP = Flask(__name__)
LATIN = re.compile("[A-Za-z]{2}")
WRITTEN = re.compile("\u2068[^\u2069]*\u2069")
PLACE = {
    "type": "location",
    "role": "target",
    "name": "Camp",
    "country": "IQ",
    "relative": {"of": "a city", "distance_km": 24, "bearing": "NW"},
    "precision": "adm1",
}
STORY = recorded(
    told(
        "afp",
        killed("at least 2"),
        injured(3, group={"role": "military", "nationality": "US"}),
        measure("rockets_fired", 15, unit="rockets"),
        says("accusation", "A group", speaker="A man", likelihood="likely", confidence="high"),
        response("announced", "reported", kind="strike", actor="US", target="A camp"),
        person("A. Soldier", harm="killed", role="medic", group={"nationality": "US"}),
        PLACE,
        {"type": "time", "occurred": {"earliest": "2020-03-11", "precision": "day"}},
        {"type": "means", "weapon": "rocket", "basis": "fired", "quantity": "about a dozen"},
        {"type": "damage", "object": "hangar", "extent": "burnt_out", "quantity": "at least 2"},
        killed(9, modality="conditional", origin={"key": "b", "kind": "press", "named": True}),
    ),
    told("bbc", outcome("injured", "killed", 1), says("denial", "A group")),
    told("cnn", killed(1), {"type": "status", "status": "stable"}),
    told("afp", retraction(2)),
)
ARABIC = {"headers": {"Accept-Language": "ar"}}


def in_english(held: Situation) -> list[tuple[str, str]]:
    """Each part of a situation as the pages say it, and as the domain does."""
    overview = held.overview
    return [
        *((words.place(one), wording.say_place(one)) for one in overview.locations),
        *((words.means(one), wording.say_means(one)) for one in overview.means),
        *((words.damage(one), wording.say_damage(one)) for one in overview.damage),
        *((words.person(one), wording.say_person(one)) for one in held.people),
        *((words.where(held, one), wording.say_where(held, one)) for one in held.unknowns),
        *((CLOSING[one.what], one.closes_with) for one in held.unknowns),
        *(
            (words.statement(said), wording.say_statement(said))
            for line in held.attribution.lines
            for said in line.statements
        ),
        *(
            (say_counted(figure), wording.say_counted(figure))
            for path in words.figures(held)
            if (figure := paths.read_figure_path(path))
        ),
        *(
            (words.say_figure(toll), wording.say_figure(toll))
            for toll in words.tolls(held.casualties).values()
        ),
    ]


def test_the_pages_say_in_english_what_the_domain_says():
    parts = in_english(situation_of(STORY))

    assert len(parts) > 20
    assert [(page, domain) for page, domain in parts if page != domain] == []
    assert [
        event for event in STORY if say_report(event.report) != say_in_english(event.report)
    ] == []


@settings(max_examples=30, deadline=None, derandomize=True)
@given(history=histories())
def test_whatever_happened_is_said_again_without_a_word_of_english(history):
    events = recorded(*history)
    before, after = known_of(events[: len(events) // 2 + 1]), known_of(events)
    held = after.situation

    with APP.test_request_context(**ARABIC):
        differences = changes(before, after)
        said = [
            *(say_change(change, held) for change in differences),
            *(say_report(event.report) for event in events),
            *(words.where(held, one) for one in held.unknowns),
        ]

    assert [one for one in said if LATIN.search(WRITTEN.sub("", one))] == []
    assert in_english(held) == [(domain, domain) for _, domain in in_english(held)]
    assert {change.cause for change in differences} <= {None, *CAUSES}
    assert {one.what for one in held.unknowns} <= TITLES.keys() & CLOSING.keys()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            ("casualties.killed", {"low": 2, "high": 2}, {"low": 3, "high": None}),
            "القتلى: 2 ← 3 على الأقل.",
        ),
        (
            ("casualties.killed", {"low": 0, "high": None}, {"low": 3, "high": 5}),
            "القتلى: لم يُبلَّغ عن أحد ← من 3 إلى 5.",
        ),
        (
            ("casualties.killed", {"low": 3, "high": 5}, {"low": 3, "high": 5}),
            "القتلى: من 3 إلى 5، وسنده الآن مختلف.",
        ),
        (("status", "developing", "closed"), "الحالة: قيد التطور ← مغلق."),
        (("attribution.responsibility", "unclaimed", "claimed"), "المسؤولية: لم تُعلَن ← معلَنة."),
    ],
)
def test_a_difference_is_told_from_what_it_is_made_of(change, said):
    path, old, new = change
    told_as = Change(path=path, from_=old, to=new, because=(1,), sentence="In English.")

    with APP.test_request_context(**ARABIC):
        again = say_change(told_as, situation_of(STORY))

    assert again == said
    assert say_change(told_as, situation_of(STORY)) == "In English."


def test_an_update_says_what_its_reports_say_alike_ones_once_and_counts_the_rest():
    update = UpdateRecord(
        incident="taji",
        update_id="u",
        version=9,
        position=9,
        recorded_at="2020-03-11T17:00:00.000000Z",
        recorded_by="anna",
        published_at="2020-03-11T17:00:00.000000Z",
        published=None,
        publisher={"key": "afp"},
        summary=None,
        reports=tuple(
            ToldReport(version=number, event_id="e", type="casualties_reported", report=report)
            for number, report in enumerate(
                [
                    killed("at least 2"),
                    injured(3, group={"nationality": "US"}),
                    None,
                    None,
                    measure("rockets_fired", 15),
                    response("announced", "reported", kind="strike", actor="US"),
                    PLACE,
                    {"type": "time", "occurred": {"earliest": "2020-03-11"}},
                ],
                2,
            )
        ),
    )
    few = structs.replace(update, reports=update.reports[:6])

    with APP.test_request_context():
        said = "killed: at least 2; injured: 3 (US); casualties reported (2); rockets fired: 15"
        assert words.reports(update) == f"{said}; 3 more"
        assert words.reports(few).endswith("rockets fired: 15; strike by US: announced, reported")
    with APP.test_request_context(headers={"Accept-Language": "ar"}):
        assert LATIN.findall(WRITTEN.sub("", words.reports(update))) == []
        assert words.reports(update).endswith("؛ 3 بلاغات أخرى")
