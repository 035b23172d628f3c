"""DOMAIN.md §5, When and where."""

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
