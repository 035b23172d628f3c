"""DOMAIN.md §5: any other counted thing, by the rules for casualties or as a level."""

from decimal import Decimal

from tests.histories import measure, recorded, settled, situation_of, told


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


def test_a_measure_accumulates_unless_somebody_says_that_it_varies():
    held = measures(told("oir", measure("rockets", 15), at_hour=17))["rockets"]

    assert (held.course, held.unit) == ("accumulates", None)


def test_the_latest_word_on_its_course_holds_for_the_whole_measure():
    held = measures(
        told("fire-service", measure("hectares", 900), at_hour=10),
        told("mayor", measure("hectares", 400, course="varies"), at_hour=15),
    )["hectares"]

    assert (held.course, held.low, held.high) == ("varies", 400, 400)


def test_a_lower_count_of_what_accumulates_is_a_dispute():
    held = measures(
        told("oir", measure("rockets", 18), at_hour=17),
        told("iraq", measure("rockets", 10), at_hour=18),
    )["rockets"]

    assert (held.low, held.high, held.status) == (10, 18, "disputed")


def test_measures_have_groups_as_casualties_have():
    by_cause = {"cause": "fire"}
    held = measures(
        told("mayor", measure("houses", 4, group=by_cause)), told("press", measure("houses", "9+"))
    )["houses"]

    assert [(part.group, part.low) for part in held.by_group] == [(by_cause, 4)]
    assert (held.low, held.high) == (9, None)


def test_what_several_origins_say_of_a_measure_is_kept_apart():
    held = measures(
        told("a", measure("houses", 4, group={"cause": "fire"})),
        told("b", measure("houses", 3, group={"cause": "flood"})),
    )["houses"]

    assert (held.low, held.origins) == (4, ("a", "b"))


def test_a_measure_without_a_unit_beside_one_with_a_unit_keeps_its_name():
    held = measures(told("a", measure("burned", 900, unit="ha")), told("b", measure("burned", 9)))

    assert {name: (one.unit, one.low) for name, one in held.items()} == {
        "burned": (None, 9),
        "burned [ha]": ("ha", 900),
    }


def test_a_level_of_one_part_says_nothing_newer_of_the_whole_or_of_another_part():
    north, south = {"affiliation": "north"}, {"affiliation": "south"}

    held = measures(
        told("south", measure("hectares", 500, group=south, course="varies"), at_hour=13),
        told("fire-service", measure("hectares", 900, course="varies"), at_hour=14),
        told("north", measure("hectares", 100, group=north, course="varies"), at_hour=15),
    )["hectares"]

    assert (held.low, held.high) == (900, 900)
    assert [(part.group, part.low) for part in held.by_group] == [(north, 100), (south, 500)]


def test_levels_of_the_parts_that_are_newer_than_the_whole_raise_it():
    north, south = {"affiliation": "north"}, {"affiliation": "south"}

    held = measures(
        told("fire-service", measure("hectares", 900, course="varies"), at_hour=14),
        told(
            "fire-service",
            measure("hectares", 600, group=north, course="varies"),
            measure("hectares", 500, group=south, course="varies"),
            at_hour=15,
        ),
    )["hectares"]

    assert (held.low, held.high, held.because) == (1100, None, (3, 4))


def test_the_whole_and_a_part_of_a_measure_do_not_supersede_one_another():
    held = measures(
        told("oir", measure("rockets", 18), at_hour=17),
        told("oir", measure("rockets", 3, scope="part"), at_hour=18),
    )["rockets"]

    assert (held.low, held.high) == (18, 18)


def test_additions_to_a_measure_add_up():
    held = measures(
        told("oir", measure("rockets", 15), at_hour=17),
        told("oir", measure("rockets", 2, scope="additional"), at_hour=18),
        told("oir", measure("rockets", 1, scope="additional"), at_hour=19),
    )["rockets"]

    assert (held.low, held.high) == (18, 18)


def test_the_desk_may_settle_a_level_of_a_part_that_nobody_measured():
    held = measures(
        told("fire-service", measure("hectares", 900, course="varies")),
        told("desk", settled(100, "overview.measures.hectares.by_group[affiliation=north]")),
    )["hectares"]

    assert [(part.group, part.low) for part in held.by_group] == [({"affiliation": "north"}, 100)]
    assert (held.low, held.high) == (900, 900)
