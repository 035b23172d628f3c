"""API.md, Reading one incident: every step of a figure is what a plain replay finds there."""

from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.casualties import (
    CasualtiesReported,
    CasualtyOutcomeChanged,
    Harm,
    departures_from,
    told_of_harm,
)
from service.domain.editorial import ReportCorrected, ReportRetracted
from service.domain.figures import figure_at
from service.domain.lifecycle import IncidentOpened
from service.domain.measures import Course, MeasureReported, called_in, course_of, told_of_measure
from service.domain.moments import read_instant
from service.domain.paths import read_figure_path
from service.domain.policies import Policy
from service.domain.quantity import tidy
from service.domain.reconcile import UNREPORTED
from service.domain.report import Event
from service.domain.situation import Frame, situation
from service.domain.standing import Bounds, standing
from service.domain.tally import Tally
from service.errors import NotFound, Refused
from service.store.answers import Question
from service.store.axes import Axis
from service.store.charting import Wanted
from service.store.cursors import decoded
from tests.histories import EDITOR, at, exactly, measure, new_incident, new_update
from tests.store.folding import log_of
from tests.store.test_replay import (
    DICE,
    HOURS,
    ORIGINS,
    PUBLISHERS,
    QUANTITIES,
    claims,
    clock_from,
    posted,
    slugs,
    sources,
    trusts,
)

FIGURES = [
    "casualties.killed",
    "casualties.injured",
    "casualties.killed.by_group[nationality=US]",
    "overview.measures.rockets",
    "overview.measures.rockets [salvos]",
    "overview.measures.rockets.by_group[nationality=GB]",
]
SIGN = ("low", "high", "best", "floor", "cap", "status", "rule")
CHOICE = st.integers(0, 10**6)


@st.composite
def figures(draw):
    """Claims, among them measures of either course and in several units, and what the desk
    settled.
    """
    kind = draw(st.sampled_from(["claim", "claim", "measure", "measure", "settled"]))
    if kind == "claim":
        return draw(claims())
    more = {"effective_at": at(draw(HOURS))} if draw(st.booleans()) else {}
    if kind == "settled":
        settled = {"path": draw(st.sampled_from(FIGURES)), "quantity": exactly(draw(QUANTITIES))}
        return {"type": "adjudication", "rationale": "the desk counted", **settled, **more}
    for key, choices in (
        ("unit", [None, None, None, "salvos"]),
        ("course", [None, "varies", "varies", "accumulates"]),
        ("modality", [*[None] * 8, "denied", "conditional"]),
    ):
        if (chosen := draw(st.sampled_from(choices))) is not None:
            more[key] = chosen
    who = draw(ORIGINS)
    return measure("rockets", draw(QUANTITIES), **more, **({"origin": who} if who else {}))


@st.composite
def stories(draw):
    act = st.tuples(st.sampled_from(DICE), CHOICE, figures())
    acts = st.lists(act, min_size=1, max_size=3)
    update = st.tuples(st.sampled_from(sorted(PUBLISHERS)), HOURS, acts)
    return draw(st.lists(update, min_size=1, max_size=12))


def build(store, ticks, story):
    """Record what of a story can be: the desk cannot settle what nobody counted."""
    incident = f"series-{next(slugs)}"
    store.open(new_incident(incident), EDITOR)
    events, heard = [(1, "opening")], set()
    for step in story:
        update = posted(step, events, heard)
        next(ticks)
        try:
            store.append(incident, new_update(update), EDITOR)
        except Refused:
            continue
        if step[1] >= 12.5:
            heard |= sources(update)
        first = len(events) + 1
        events += [(first + i, report["type"]) for i, report in enumerate(update["reports"])]
    return incident


class Fold(NamedTuple):
    """The plain fold of a log at any point of an axis."""

    events: list[Event]
    question: Question
    axis: Axis

    def moments(self):
        """Every point where something could change, and the moment before it."""
        told = [event for event in self.events if event.version <= self.last]
        exact = {getattr(event, f"{self.axis}_us") for event in told}
        return sorted({*exact, *(moment - 1 for moment in exact)})

    @property
    def last(self):
        until = self.question.as_of_us
        return max(e.version for e in self.events if until is None or e.recorded_us <= until)

    def stands(self, moment):
        last, published = self.last, self.question.published_until_us
        events = self.events
        if self.axis is Axis.RECORDED:
            last = max((e.version for e in events if e.recorded_us <= moment), default=0)
            last = min(last, self.last)
        elif self.axis is Axis.PUBLISHED:
            published = moment if published is None else min(moment, published)
        else:
            acts = ReportCorrected | ReportRetracted
            events = [e for e in events if e.effective_us <= moment or isinstance(e.report, acts)]
        bounds = Bounds(version=last, published_us=published)
        return standing(events, bounds, self.question.trust)

    def figure(self, path, held):
        opening = self.events[0].report
        assert isinstance(opening, IncidentOpened)
        frame = Frame(
            incident="x", version=1, position=1, recorded_us=1, policy=self.question.policy
        )
        found = figure_at(situation(frame, opening, held), read_figure_path(path)) or UNREPORTED
        return tuple(getattr(found, name) for name in SIGN)


def said(path, held):
    """What each origin alone says."""
    figure = read_figure_path(path)
    told, leaving, varies = {}, (), False
    if path.startswith("casualties."):
        harm = Harm(figure.whole.removeprefix("casualties."))
        held = [
            one
            for one in held
            if one.report.is_told or not isinstance(one.report, CasualtyOutcomeChanged)
        ]
        leaving = departures_from(harm, held)
        for one in held:
            match one.report:
                case CasualtiesReported(harm=of) | CasualtyOutcomeChanged(to=of) if of is harm:
                    told.setdefault(one.origin.key, []).append(one)
        told = {origin: told_of_harm(harm, reports) for origin, reports in told.items()}
    else:
        measured = [one for one in held if isinstance(one.report, MeasureReported)]
        units = {}
        for one in measured:
            units.setdefault((one.report.name, one.report.unit or ""), []).append((one, one.report))
        meant = called_in(units).get(figure.whole.removeprefix("overview.measures."))
        pairs = units.get(meant, [])
        for one, report in pairs:
            told.setdefault(one.origin.key, []).append((one, report))
        varies = course_of(pairs) is Course.VARIES
        told = {origin: told_of_measure(of_it) for origin, of_it in told.items()}
    return {
        origin: (tidy(said.low), None if said.high is None else tidy(said.high))
        for origin, one in told.items()
        for said in Tally([one], leaving, varies).said(figure.cell)
    }


class Empty(NamedTuple):
    """What is drawn of a measure that nobody told of."""

    steps: tuple[()] = ()
    origins: tuple[()] = ()
    next: None = None


def pages(store, incident, wanted, question):
    """Every page, with the point where it starts."""
    start = wanted.from_us
    while True:
        try:
            page, _ = store.series(incident, wanted, question)
        except NotFound:
            page = Empty()
        yield start, page
        if page.next is None:
            return
        start = int(decoded(page.next).split(" ")[1])
        wanted = Wanted(
            figure=wanted.figure, axis=wanted.axis, limit=wanted.limit, cursor=page.next
        )


def shown(steps, moment):
    """The step that holds at a moment."""
    return next((step for step in reversed(steps) if read_instant(step.at) <= moment), None)


def drawn(page, moment):
    step = shown(page.steps, moment)
    figure = UNREPORTED if step is None else step
    held = {one.origin: shown(one.steps, moment) for one in page.origins}
    return tuple(getattr(figure, name) for name in SIGN), {
        origin: (step.low, step.high)
        for origin, step in held.items()
        if step is not None and step.low is not None
    }


def compare(store, incident, fold, wanted):
    turned = list(pages(store, incident, wanted, fold.question))
    starts = [start for start, _ in turned[1:]]
    for (start, page), end in zip(turned, [*starts, None], strict=True):
        for moment in fold.moments():
            if (start is None or moment >= start) and (end is None or moment < end):
                held = fold.stands(moment)
                expected = fold.figure(wanted.figure, held), said(wanted.figure, held)
                assert drawn(page, moment) == expected
        for line in (page.steps, *(one.steps for one in page.origins)):
            assert [step.at for step in line] == sorted({step.at for step in line})


def test_every_step_of_a_figure_is_what_a_plain_replay_finds_there(database, open_store):
    ticks = []
    store = open_store(database, clock_from(ticks))

    @settings(max_examples=60, deadline=None)
    @given(
        story=stories(),
        choices=st.lists(CHOICE, min_size=4, max_size=4),
        trusts=trusts(),
        policy=st.sampled_from(Policy),
        figure=st.sampled_from([FIGURES[0], FIGURES[3], *FIGURES]),
    )
    def holds(story, choices, trusts, policy, figure):
        incident = build(store, ticks[0], story)
        next(ticks[0])
        events = [event for event, _ in log_of(database, incident)]
        recorded = sorted({event.recorded_us for event in events})
        published = sorted({event.published_us for event in events})
        bounds = [
            {},
            {"as_of_us": recorded[choices[0] % len(recorded)], **trusts[choices[0] % 2]},
            {"published_until_us": published[choices[1] % len(published)], **trusts[1]},
        ]
        for axis in Axis:
            for bound in bounds:
                fold = Fold(events, Question(policy=policy, **bound), axis)
                moments = fold.moments()
                start = moments[choices[2] % len(moments)] if choices[2] % 3 == 0 else None
                wanted = Wanted(figure=figure, axis=axis, from_us=start, limit=1 + choices[3] % 9)
                compare(store, incident, fold, wanted)

    holds()
