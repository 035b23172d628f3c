"""The source ledger: what became of each source's reports and first figures (docs/rules.md)."""

import pytest
from sqlalchemy import create_engine, text

from service.errors import NotFound
from service.store.ledger import Turn
from tests.histories import (
    EDITOR,
    correction,
    injured,
    killed,
    measure,
    new_incident,
    new_update,
    origin,
    retraction,
    told,
)

ALL = Turn(None, 1000)
US = {"nationality": "US"}


@pytest.fixture
def tell(store):
    """`tell(update, …)` records updates of one incident, `taji` unless `of` another."""
    opened = set()

    def recorded(*updates, of="taji"):
        if of not in opened:
            opened.add(of)
            store.open(new_incident(of), EDITOR)
        for update in updates:
            store.append(of, new_update(update), EDITOR)

    return recorded


def of(store, key):
    return store.publisher(key, ALL).publisher


def firsts(counts):
    """Given, stood, fell, open."""
    fares = counts.first_figures
    return fares.given, fares.stood, fares.fell, fares.open


def test_a_publisher_whose_first_toll_was_corrected_to_another_fell(store, tell):
    tell(told("afp", killed(30)), told("afp", correction(2, killed(3)), at_hour=13))

    afp = of(store, "afp")

    assert (afp.reports, afp.acts, afp.corrections, afp.own_corrections) == (1, 1, 1, 1)
    assert firsts(afp) == (1, 0, 1, 0)


def test_at_least_two_stood_when_three_were_confirmed(store, tell):
    tell(told("afp", killed("at least 2")), told("ministry", killed(3), at_hour=14))

    assert firsts(of(store, "afp")) == (1, 1, 0, 0)
    assert firsts(of(store, "ministry")) == (1, 1, 0, 0)


def test_no_losses_fell_when_three_were_found_dead(store, tell):
    tell(told("ministry", killed(0)), told("afp", killed(3), at_hour=14))

    assert firsts(of(store, "ministry")) == (1, 0, 1, 0)


def test_two_is_open_while_the_toll_is_at_least_two(store, tell):
    tell(told("afp", killed(2)), told("bbc", killed("at least 1"), at_hour=14))
    assert firsts(of(store, "afp")) == (1, 1, 0, 0)

    tell(told("bbc", killed("2+"), at_hour=15), told("afp", retraction(2), at_hour=16))

    assert firsts(of(store, "afp")) == (1, 0, 0, 1)
    assert of(store, "afp").retractions == 1


def test_a_first_figure_of_which_nothing_is_left_fell_with_its_own_report(store, tell):
    tell(told("afp", killed(2), injured(4)), told("desk", retraction(2), at_hour=13))

    assert firsts(of(store, "afp")) == (2, 1, 1, 0)


def test_a_number_that_others_bear_out_stands_though_its_report_was_retracted(store, tell):
    tell(
        told("afp", killed(3)),
        told("bbc", killed(3), at_hour=13),
        told("desk", retraction(2), at_hour=14),
    )

    afp = of(store, "afp")

    assert (afp.retractions, firsts(afp)) == (1, (1, 1, 0, 0))


def test_the_first_figure_is_the_first_published_in_whichever_order_it_comes(store, tell):
    tell(told("afp", killed(3), at_hour=18), told("afp", killed(1), at_hour=12))

    assert firsts(of(store, "afp")) == (1, 0, 1, 0)


def test_only_the_first_count_of_a_cell_counts(store, tell):
    tell(told("afp", killed(1)), told("afp", killed(5), at_hour=13), told("afp", killed(3)))

    assert firsts(of(store, "afp")) == (1, 0, 1, 0)


def test_every_group_and_every_measure_is_a_figure_of_its_own(store, tell):
    tell(
        told(
            "afp",
            killed(3),
            killed(2, group=US),
            measure("rockets", 15),
            measure("rockets", 200, unit="kg"),
        ),
        told("bbc", measure("rockets", 18), killed(2, group=US), at_hour=13),
        told("bbc", killed(1, group=US), at_hour=14),
    )

    assert firsts(of(store, "afp")) == (4, 2, 1, 1)


def test_additional_counts_unnamed_parts_and_unknowns_are_no_first_figures(store, tell):
    tell(
        told("afp", killed(2, scope="additional"), killed(1, scope="part"), injured("unknown")),
        told("afp", injured(4), at_hour=13),
    )

    assert firsts(of(store, "afp")) == (1, 1, 0, 0)


def test_a_level_says_nothing_about_another_moments(store, tell):
    tell(
        told("afp", measure("hectares", 50, course="varies")),
        told("bbc", measure("hectares", 200, course="varies"), at_hour=13),
    )

    assert firsts(of(store, "afp")) == (1, 0, 0, 1)


def test_the_desks_figure_is_what_stands(store, tell):
    ruling = {"type": "adjudication", "path": "casualties.killed", "quantity": "3"}
    tell(
        told("afp", killed("at least 1")),
        told("bbc", killed(5), at_hour=13),
        told("desk", {**ruling, "rationale": "the list of names"}, at_hour=14, kind="desk"),
    )

    assert firsts(of(store, "afp")) == (1, 1, 0, 0)
    assert firsts(of(store, "bbc")) == (1, 0, 1, 0)


def test_a_correction_counts_until_it_is_retracted(store, tell):
    tell(told("afp", killed(2)), told("bbc", correction(2, killed(3)), at_hour=13))
    assert (of(store, "afp").corrections, of(store, "afp").own_corrections) == (1, 0)

    tell(told("afp", correction(2, killed(4)), at_hour=14))
    assert (of(store, "afp").corrections, of(store, "afp").own_corrections) == (1, 1)

    tell(told("desk", retraction(3, 4), at_hour=15))
    assert (of(store, "afp").corrections, of(store, "afp").own_corrections) == (0, 0)
    assert firsts(of(store, "afp")) == (1, 1, 0, 0)


def test_all_that_a_publisher_said_since_is_retracted_report_by_report(store, tell):
    since = {"publisher": "afp", "since": "2020-03-11T12:30:00Z"}
    tell(
        told("afp", killed(1)),
        told("afp", killed(2), injured(3), at_hour=13),
        told("bbc", injured(3), at_hour=13),
        told("desk", {"type": "retraction", "targets": since, "reason": "a hoax"}, at_hour=14),
        told("desk", retraction(3), at_hour=15),
    )

    assert (of(store, "afp").reports, of(store, "afp").retractions) == (3, 2)
    assert of(store, "bbc").retractions == 0


def test_disputed_and_endorsed_are_a_sources_reports(store, tell):
    tell(
        told("afp", {**killed(2), "key": "k"}, {"type": "dispute", "target": "k"}),
        told("bbc", {"type": "dispute", "target": 2}, {"type": "endorsement", "target": 2}),
    )
    assert (of(store, "afp").disputed, of(store, "afp").endorsed) == (1, 1)

    tell(told("desk", retraction(3, 4, 5)))
    assert (of(store, "afp").disputed, of(store, "afp").endorsed) == (0, 0)


def test_an_origin_is_counted_at_each_publisher_and_across_them(store, tell):
    army = {"origin": {**origin("army", "military"), "name": "The Army"}}
    tell(
        told("afp", killed(1, **army)),
        told("bbc", killed(2, **army), killed(2), at_hour=13),
    )

    asked = store.origin("army", ALL)
    afp, bbc = asked.publishers

    assert (asked.origin.name, asked.origin.kind) == ("The Army", "military")
    assert (asked.origin.reports, asked.origin.updates, asked.origin.incidents) == (2, 2, 1)
    assert firsts(asked.origin) == (1, 0, 1, 0)
    assert [(one.key, firsts(one)) for one in (afp, bbc)] == [
        ("afp", (1, 0, 1, 0)),
        ("bbc", (1, 1, 0, 0)),
    ]
    assert [one.key for one in store.publisher("bbc", ALL).origins] == ["army", "bbc"]
    assert (of(store, "bbc").reports, of(store, "bbc").updates) == (2, 1)
    assert firsts(of(store, "bbc")) == (1, 1, 0, 0)


def test_a_publisher_is_called_what_it_called_itself_last(store, tell):
    def named(update, name=None, kind="press"):
        publisher = {"key": "afp", "kind": kind, **({"name": name} if name else {})}
        return {**update, "publisher": publisher}

    tell(named(told("afp", killed(1)), "Agence"), named(told("afp", killed(2)), "AFP"))
    tell(named(told("afp", killed(2)), kind="agency"), of="besmaya")

    assert (of(store, "afp").name, of(store, "afp").kind) == ("AFP", "agency")


def test_a_name_goes_with_the_payload_that_told_it(store, tell, database):
    witness = {"key": "witness-1", "kind": "witness", "name": "Somebody"}
    tell(told("afp", killed(1, origin=witness)))
    assert store.origin("witness-1", ALL).origin.name == "Somebody"

    engine = create_engine(database)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM payloads"))
    engine.dispose()

    assert store.origin("witness-1", ALL).origin.name is None


def test_what_a_publisher_told_is_listed_incident_by_incident(store, tell):
    for number in range(5):
        tell(told("afp", killed(number)), of=f"story-{number}")
    tell(told("afp", killed(9), at_hour=13), of="story-3")

    first = store.publisher("afp", Turn(None, 3))
    rest = store.publisher("afp", Turn(first.next, 3))

    assert [one.incident for one in first.incidents] == ["story-0", "story-1", "story-2"]
    assert [one.incident for one in rest.incidents] == ["story-3", "story-4"]
    assert (rest.next, rest.incidents[0].reports) == (None, 2)
    assert firsts(rest.incidents[0]) == (1, 0, 1, 0)
    assert (first.publisher.incidents, first.publisher.reports) == (5, 6)


def test_whom_no_event_names_is_not_there(store, tell):
    tell(told("afp", killed(1)))

    with pytest.raises(NotFound):
        store.publisher("bbc", ALL)
    with pytest.raises(NotFound):
        store.origin("army", ALL)


def test_an_update_that_is_refused_or_sent_again_is_not_counted(store, tell):
    tell(told("afp", killed(1)))
    again = new_update(told("afp", killed(2)))
    for _ in range(2):
        store.append("taji", again, EDITOR)

    assert (of(store, "afp").updates, of(store, "afp").reports) == (2, 2)


@pytest.mark.parametrize("lanes", [1, 16])
def test_publishers_are_summed_over_the_lanes_in_pages_of_their_keys(store):
    for number in range(12):
        store.open(new_incident(f"story-{number}", killed(1)), EDITOR)
        for key in ("afp", "bbc", f"local-{number % 3}"):
            store.append(f"story-{number}", new_update(told(key, killed(1))), EDITOR)

    pages, cursor = [], None
    while not pages or cursor:
        page = store.publishers(Turn(cursor, 2))
        pages.append([(one.key, one.incidents, one.reports) for one in page.publishers])
        cursor = page.next

    assert pages == [
        [("afp", 12, 12), ("bbc", 12, 12)],
        [("desk", 12, 12), ("local-0", 4, 4)],
        [("local-1", 4, 4), ("local-2", 4, 4)],
    ]
    assert len(store.publishers(Turn(None, 9, prefix="lo")).publishers) == 3
    assert len(store.publisher("afp", ALL).incidents) == 12
