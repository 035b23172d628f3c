"""DOMAIN.md §5, When and where."""

import pytest

from service.domain.when import Occurred, span_of
from tests.histories import recorded, situation_of, told


def time(earliest, latest=None, **more):
    occurred = {"earliest": earliest, **({"latest": latest} if latest else {})}
    return {"type": "time", "occurred": {**occurred, **more}}


def place(name, precision=None, role="target"):
    told_precision = {"precision": precision} if precision else {}
    return {"type": "location", "role": role, "name": name, "country": "IQ", **told_precision}


def occurred(*updates):
    return situation_of(recorded(*updates)).overview.occurred


def test_the_time_is_the_intersection_of_the_standing_windows():
    held = occurred(
        told("a", time("2020-03-11")),
        told("b", time("2020-03-11T16:30:00Z", "2020-03-11T17:00:00Z")),
        told("c", time("2020-03-11T16:45:00Z", "2020-03-11T18:00:00Z")),
    )

    assert (held.earliest, held.latest) == (
        "2020-03-11T16:45:00.000000Z",
        "2020-03-11T17:00:00.000000Z",
    )
    assert (held.status, held.because) == ("compatible", (3, 4))


def test_where_the_windows_do_not_meet_the_latest_published_speaks_and_is_disputed():
    held = occurred(
        told("a", time("2020-03-11T16:35:00Z"), at_hour=19),
        told("b", time("2020-03-11T16:52:00Z"), at_hour=18),
    )

    assert (held.earliest, held.status, held.because) == (
        "2020-03-11T16:35:00.000000Z",
        "disputed",
        (2,),
    )
    assert len(held.standing) == 2


def test_a_date_is_the_whole_day_and_a_month_the_whole_month():
    day = occurred(told("a", time("2020-03-11")))
    month = occurred(told("a", time("2020-03")))

    assert (day.earliest, day.latest) == (
        "2020-03-11T00:00:00.000000Z",
        "2020-03-11T23:59:59.999999Z",
    )
    assert (day.precision, month.precision) == ("day", "month")
    assert month.latest == "2020-03-31T23:59:59.999999Z"


def test_each_origins_latest_word_on_the_time_stands():
    held = occurred(
        told("a", time("2020-03-10"), at_hour=12), told("a", time("2020-03-11"), at_hour=13)
    )

    assert held.because == (3,)


def test_the_most_precise_place_of_a_role_leads_and_all_are_listed():
    held = situation_of(
        recorded(
            told("a", place("Baghdad", "city")),
            told("b", place("Camp Taji", "facility")),
            told("c", place("Rashidiya", "locality", role="launch")),
        )
    ).overview.locations

    assert [(where.name, where.role, where.leads) for where in held] == [
        ("Camp Taji", "target", True),
        ("Baghdad", "target", False),
        ("Rashidiya", "launch", True),
    ]


def test_where_nobody_said_when_it_is_not_reported():
    held = situation_of(recorded(told("a", place("Camp Taji")))).overview.occurred

    assert (held.earliest, held.latest, held.precision, held.status) == (
        None,
        None,
        "unknown",
        "unreported",
    )
    assert held.standing == ()


def test_a_single_origins_window_stands_alone():
    held = occurred(told("a", time("2020-03-11T16:30:00Z", "2020-03-11T17:00:00Z")))

    assert (held.status, held.precision) == ("single_origin", "window")


def test_two_windows_that_meet_in_one_moment_give_that_moment():
    held = occurred(
        told("a", time("2020-03-11T16:00:00Z", "2020-03-11T17:00:00Z")),
        told("b", time("2020-03-11T17:00:00Z", "2020-03-11T18:00:00Z")),
    )

    assert held.earliest == held.latest == "2020-03-11T17:00:00.000000Z"
    assert (held.status, held.because) == ("compatible", (2, 3))


def test_the_precision_is_that_of_the_window_that_leads():
    held = occurred(told("a", time("2020-03")), told("b", time("2020-03-11")))

    assert (held.precision, held.because) == ("day", (3,))


def test_a_time_of_day_that_was_given_by_the_day_is_the_whole_day():
    held = occurred(told("a", time("2020-03-11T16:30:00Z", precision="day")))

    assert (held.earliest, held.latest) == (
        "2020-03-11T00:00:00.000000Z",
        "2020-03-11T23:59:59.999999Z",
    )


def test_a_day_that_was_given_by_the_month_is_the_whole_month():
    held = occurred(told("a", time("2020-03-11", precision="month")))

    assert (held.earliest[:10], held.latest[:10]) == ("2020-03-01", "2020-03-31")


def test_a_window_of_days_ends_with_its_last_day():
    held = occurred(told("a", time("2020-03-11", "2020-03-12")))

    assert (held.earliest[:10], held.latest) == ("2020-03-11", "2020-03-12T23:59:59.999999Z")


def test_a_window_that_ends_before_it_begins_is_refused():
    backwards = Occurred(earliest="2020-03-12", latest="2020-03-11")

    with pytest.raises(ValueError, match=r"^latest lies before earliest$"):
        span_of(backwards)


def test_each_origins_time_is_listed():
    held = occurred(told("a", time("2020-03-11")), told("b", time("2020-03-11T16:30:00Z")))

    assert [(one.origin, one.precision, one.because) for one in held.standing] == [
        ("a", "day", (2,)),
        ("b", "instant", (3,)),
    ]
    assert [(one.earliest[:16], one.latest[:16]) for one in held.standing] == [
        ("2020-03-11T00:00", "2020-03-11T23:59"),
        ("2020-03-11T16:30", "2020-03-11T16:30"),
    ]


def test_of_places_with_the_same_precision_the_latest_leads():
    held = situation_of(
        recorded(
            told("a", place("Taji", "facility"), at_hour=12),
            told("b", place("Camp Taji", "facility"), at_hour=14),
            told("c", place("Al Taji", "facility"), at_hour=13),
        )
    ).overview.locations

    assert [(where.name, where.leads) for where in held] == [
        ("Camp Taji", True),
        ("Al Taji", False),
        ("Taji", False),
    ]


def test_a_place_whose_precision_is_not_said_never_leads_one_that_says():
    held = situation_of(
        recorded(told("a", place("Iraq", "country")), told("b", place("a farm"), at_hour=13))
    ).overview.locations

    assert [where.name for where in held] == ["Iraq", "a farm"]


def test_each_origins_latest_word_on_each_role_stands():
    held = situation_of(
        recorded(
            told("a", place("Baghdad", "city"), place("Rashidiya", role="launch"), at_hour=12),
            told("a", place("Camp Taji", "facility"), at_hour=13),
        )
    ).overview.locations

    assert [(where.role, where.name, where.because) for where in held] == [
        ("target", "Camp Taji", (4,)),
        ("launch", "Rashidiya", (3,)),
    ]
