"""DOMAIN.md §5: any other counted thing, by the rules for casualties or as a level."""

from decimal import Decimal

from tests.histories import measure, recorded, situation_of, told


def measures(*updates):
    return situation_of(recorded(*updates)).overview.measures


def test_a_measure_that_accumulates_follows_the_rules_for_casualties():
    held = measures(
        told("iraq", measure("rockets_impacted", 10), at_hour=17),
        told("oir", measure("rockets_impacted", "at least 15"), at_hour=17.5),
        told("centcom", measure("rockets_impacted", 18), at_hour=21),
    )["rockets_impacted"]

    assert (held.low, held.high, held.course) == (18, 18, "accumulates")
    assert [late.origin for late in held.outdated] == ["iraq"]


def test_of_a_measure_that_varies_the_latest_moment_speaks_of_whichever_origin():
    held = measures(
        told("fire-service", measure("hectares", 900, course="varies", unit="ha"), at_hour=10),
        told("mayor", measure("hectares", 400, course="varies", unit="ha"), at_hour=15),
    )["hectares"]

    assert (held.low, held.high, held.origins) == (400, 400, ("mayor",))
    assert held.disputes == ()


def test_levels_for_the_same_moment_are_compared():
    held = measures(
        told("fire-service", measure("hectares", 900, course="varies"), at_hour=15),
        told("mayor", measure("hectares", 400, course="varies"), at_hour=15),
    )["hectares"]

    assert (held.low, held.high, held.status) == (400, 900, "disputed")


def test_a_measure_may_have_decimals():
    held = measures(
        told("usgs", measure("magnitude", {"low": Decimal("6.1"), "high": Decimal("6.3")}))
    )

    assert (held["magnitude"].low, held["magnitude"].high) == (Decimal("6.1"), Decimal("6.3"))


def test_one_name_in_two_units_is_two_measures():
    held = measures(
        told("a", measure("burned", 900, unit="ha")), told("b", measure("burned", 9, unit="km2"))
    )

    assert sorted(held) == ["burned [ha]", "burned [km2]"]
