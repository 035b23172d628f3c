"""DOMAIN.md §5.4–5: who counted a part says at least so many, and not how many at the most."""

from service.domain.policies import Policy
from tests.histories import killed, measure, outcome, recorded, situation_of, told, toll

US = {"nationality": "US"}
ONE_AMERICAN = told("army", killed(1, group=US), at_hour=20)
FIFTEEN = told("afp", killed(15), at_hour=18)
FOURTEEN = told("bbc", killed(14), at_hour=19)


def test_an_envelope_spans_those_who_counted_everybody():
    assert toll(FIFTEEN, ONE_AMERICAN).envelope == (15, 15)


def test_a_disputed_figure_spans_its_sides_and_not_a_part():
    held = toll(FIFTEEN, FOURTEEN, ONE_AMERICAN)
    assert (held.low, held.high, held.status, held.because) == (14, 15, "disputed", (2, 3))
    assert held.origins == ("afp", "army", "bbc")


def test_a_part_that_carries_the_floor_of_a_dispute_is_in_the_envelope():
    sixteen = told("army", killed(16, group=US), at_hour=17)
    held = toll(sixteen, FIFTEEN)
    assert (held.low, held.high, held.status, held.because) == (15, None, "disputed", (2, 3))


def test_a_part_that_lifts_a_floor_inside_the_others_range_does_not_open_it():
    held = toll(
        told("army", killed(3, group=US), at_hour=18), told("afp", killed("2 to 5"), at_hour=19)
    )
    assert (held.low, held.high, held.envelope) == (3, 5, (2, 5))


def test_parts_alone_span_what_they_say():
    assert toll(ONE_AMERICAN).envelope == (1, None)


def test_additions_alone_are_a_part():
    more = told("army", killed(1, scope="additional"), at_hour=20)
    assert toll(FIFTEEN, more).envelope == (15, 15)


def test_deaths_alone_are_a_part():
    died = told("army", outcome("injured", "killed", 1), at_hour=20)
    assert toll(FIFTEEN, died).envelope == (15, 15)


def test_a_group_is_whole_to_who_counted_just_that_group():
    wider = told("army", killed(4, group=US), at_hour=18)
    narrower = told("afp", killed(1, group={**US, "role": "military"}), at_hour=19)
    held = toll(wider, narrower)
    (of_us, *_) = [group for group in held.by_group if group.group == US]
    assert of_us.envelope == (4, 4)


def test_the_range_of_a_measure_leaves_parts_out_too():
    held = situation_of(
        recorded(
            told("afp", measure("rockets", 18), at_hour=18),
            told("army", measure("rockets", 2, group={"cause": "dud"}), at_hour=19),
        ),
        policy=Policy.RANGE,
    )
    assert (held.overview.measures["rockets"].low, held.overview.measures["rockets"].high) == (
        18,
        18,
    )


def test_the_latest_is_who_counted_everybody_last():
    held = toll(FIFTEEN, FOURTEEN, ONE_AMERICAN, policy=Policy.LATEST)
    assert (held.low, held.high, held.because) == (14, 14, (3,))


def test_who_counted_a_part_has_no_vote_on_the_whole():
    again = told("cnn", killed(15), at_hour=20)
    held = toll(FIFTEEN, FOURTEEN, again, ONE_AMERICAN, policy=Policy.MAJORITY)
    assert (held.low, held.high, held.rule) == (15, 15, "majority")


def test_the_best_grade_is_that_of_who_counted_everybody():
    part = told("army", killed(1, group=US, grading={"reliability": "A"}), at_hour=20)
    whole = told("afp", killed(15, grading={"reliability": "B"}), at_hour=18)
    held = toll(part, whole, policy=Policy.HIGHEST_GRADED)
    assert (held.low, held.high, held.rule) == (15, 15, "highest_graded")
