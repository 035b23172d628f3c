"""DOMAIN.md §5 and §10, over random histories: what is true of every figure of every situation."""

from collections.abc import Iterator
from itertools import permutations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from service.domain.casualties import Harm
from service.domain.disjoint import largest_disjoint
from service.domain.group import disjoint
from service.domain.policies import Policy
from tests.domain.lifelike import histories
from tests.histories import injured, killed, outcome, recorded, situation_of, told

often = settings(max_examples=100, deadline=None, derandomize=True)
SAYS_SO = {"disputed", "inconsistent", "adjudicated", "needs_review"}


def figures(held):
    for harm in Harm:
        toll = getattr(held.casualties, harm)
        yield from (toll, *toll.by_group)
    for measure in held.overview.measures.values():
        yield from (measure, *measure.by_group)


def is_order(low, high):
    return high is None or low <= high


@often
@given(histories(), st.sampled_from(list(Policy)))
def test_every_figure_is_an_interval_with_its_best_inside(story, policy):
    held = situation_of(recorded(*story), policy=policy)

    for figure in figures(held):
        assert figure.low >= 0
        assert is_order(figure.low, figure.high)
        assert is_order(*figure.envelope)
        assert figure.best is None or figure.low <= figure.best
        assert figure.best is None or is_order(figure.best, figure.high)


@often
@given(histories())
def test_the_floor_lies_below_the_cap_unless_reports_are_disputed(story):
    held = situation_of(recorded(*story))

    for figure in figures(held):
        assert bool(figure.disputes) == (not is_order(figure.floor, figure.cap))
        assert (figure.status == "disputed") <= bool(figure.disputes)
        assert not figure.disputes or figure.status in SAYS_SO


@often
@given(histories())
def test_the_range_is_the_envelope_and_the_floor_is_the_floor(story):
    events = recorded(*story)

    for figure in figures(situation_of(events, policy=Policy.RANGE)):
        assert figure.rule in {"range", "compatible"}
        assert (figure.low, figure.high) == figure.envelope
    for figure in figures(situation_of(events, policy=Policy.FLOOR)):
        assert (figure.low, figure.high) == (figure.floor, None)


@often
@given(histories())
def test_status_floor_and_envelope_are_the_same_under_every_policy(story):
    events = recorded(*story)
    asked = [list(figures(situation_of(events, policy=policy))) for policy in Policy]

    for same in zip(*asked, strict=True):
        assert len({(one.status, one.floor, one.cap, one.envelope) for one in same}) == 1


@often
@given(histories())
def test_parts_never_exceed_the_whole_without_somebody_saying_so(story):
    held = situation_of(recorded(*story))

    for harm in Harm:
        toll = getattr(held.casualties, harm)
        for part in toll.by_group:
            if toll.high is not None and part.low > toll.high:
                assert {toll.status, part.status} & SAYS_SO


@often
@given(histories())
def test_every_reported_figure_leads_to_events_of_the_history(story):
    events = recorded(*story)
    known = {event.version for event in events}

    for figure in figures(situation_of(events)):
        assert figure.because or (figure.origins, figure.low, figure.high) == ((), 0, None)
        assert not (figure.because and figure.status == "unreported")
        assert known.issuperset(figure.because)
        assert known.issuperset(v for late in figure.outdated for v in late.because)


@often
@given(histories())
def test_everything_else_that_a_situation_says_leads_to_events_of_the_history(story):
    events = recorded(*story)
    known = {event.version for event in events}

    for because in reasons_given(situation_of(events)):
        assert because
        assert known.issuperset(because)


def reasons_given(held) -> Iterator[tuple[int, ...]]:
    yield from (line.because for line in held.attribution.lines)
    yield from (response.because for response in held.responses)
    yield from (place.because for place in held.overview.locations)
    yield from (said.because for said in held.overview.occurred.standing)
    yield from (gap.because for gap in held.unknowns if gap.since is not None)
    if held.casualties.affected.low:
        yield held.casualties.affected.because


counts = st.integers(0, 9)


@often
@given(
    st.tuples(counts, counts, st.integers(1, 4)),
    st.lists(st.sampled_from([{}, {"nationality": "US"}, {"nationality": "GB"}]), max_size=3),
    st.integers(12, 20),
)
def test_a_person_whom_one_origin_moved_is_counted_once(numbers, groups, hour):
    dead, hurt, died = numbers
    hurt += died * len(groups)
    story = [told("afp", killed(dead), injured(hurt), at_hour=11)]
    for group in groups:
        move = outcome("injured", "killed", died, **({"group": group} if group else {}))
        story.append(told("afp", move, at_hour=hour))

    held = situation_of(recorded(*story)).casualties

    assert (held.killed.low, held.killed.high) == (dead + died * len(groups),) * 2
    assert held.killed.low + held.injured.low == dead + hurt
    assert held.affected.low == dead + hurt


PARTS = [
    {"nationality": country, "role": role}
    for country in ("US", "GB")
    for role in ("military", "press")
]


@often
@given(
    st.lists(
        st.tuples(st.sampled_from(PARTS), counts, st.integers(12, 22)), min_size=1, max_size=6
    ),
    st.sampled_from(PARTS),
    st.integers(12, 22),
)
def test_an_outcome_in_one_part_affects_nobody_more(parts, part, hour):
    story = []
    for group, number, when in parts:
        story.append(
            told("afp", killed(number + 1, group=group), injured(9, group=group), at_hour=when)
        )
    move = told("afp", outcome("injured", "killed", 1, group=part), at_hour=hour)
    assume(any(group == part for group, _, _ in parts))

    before = situation_of(recorded(*story)).casualties.affected.low
    after = situation_of(recorded(*story, move)).casualties.affected.low

    assert after == before


@settings(max_examples=60, deadline=None, derandomize=True)
@given(histories(most=5), st.data())
def test_the_order_in_which_events_are_read_does_not_matter(story, data):
    events = recorded(*story)
    shuffled = [events[0], *data.draw(st.permutations(events[1:-1])), *events[1:][-1:]]

    assert situation_of(shuffled) == situation_of(events)


cells = st.builds(
    lambda *pairs: frozenset((trait, value) for trait, value in pairs if value),
    *(
        st.tuples(st.just(trait), st.sampled_from(["", "a", "b"]))
        for trait in ("nationality", "role", "sex")
    ),
)


@often
@given(st.dictionaries(cells, st.integers(0, 9), min_size=1, max_size=7))
def test_the_largest_disjoint_sum_is_what_trying_all_would_find(lows):
    chosen = largest_disjoint(lows)

    assert all(disjoint(one, other) for one, other in permutations(chosen, 2))
    assert sum(lows[cell] for cell in chosen) == largest_by_trying(list(lows.items()))


def largest_by_trying(cells):
    if not cells:
        return 0
    (cell, low), *rest = cells
    with_it = low + largest_by_trying([other for other in rest if disjoint(cell, other[0])])
    return max(with_it, largest_by_trying(rest))
