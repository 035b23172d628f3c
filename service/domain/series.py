"""A figure step by step: what a chart of it needs, in one pass (API.md, Reading one incident)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from msgspec import Struct

from service.domain.claims import Said
from service.domain.followed import Followed
from service.domain.moments import write_instant
from service.domain.paths import FigurePath
from service.domain.policies import Policy
from service.domain.quantity import Number, tidy
from service.domain.reconcile import UNREPORTED, Figure
from service.domain.report import Standing


class Turn(NamedTuple):
    """One step: what stands since then in each slot that may have changed, None for nothing.
    `version` is the latest event that acts here.
    """

    at_us: int
    version: int
    now: Mapping[Any, Standing | None]


class FigureStep(Struct, frozen=True, kw_only=True):
    """What holds of a figure from `at` on; `version` is the latest event that acts there."""

    at: str
    version: int
    low: Number
    high: Number | None
    best: Number | None
    floor: Number
    cap: Number | None
    status: str
    rule: str
    because: tuple[int, ...]


class OriginStep(Struct, frozen=True, kw_only=True):
    """What one origin says from `at` on; `low` is null where it no longer says anything."""

    at: str
    version: int
    low: Number | None
    high: Number | None
    because: tuple[int, ...]


class OriginSteps(Struct, frozen=True, kw_only=True):
    origin: str
    steps: tuple[OriginStep, ...]


class Lines(NamedTuple):
    """The lines of a chart: the figure's own, and one for each origin."""

    steps: tuple[FigureStep, ...]
    origins: tuple[OriginSteps, ...]


def lines(path: FigurePath, policy: Policy, turns: Iterable[Turn]) -> Lines:
    """A step for each turn at which the figure, or what an origin says, changes. Before the first
    nothing was reported.
    """
    told = Followed(path, policy)
    before, steps = _sign(UNREPORTED), []
    origins: defaultdict[str, list[OriginStep]] = defaultdict(list)
    for turn in turns:
        for origin, said in told.take(turn.now):
            origins[origin].append(_origin_step(turn, said))
        held = told.figure()
        if _sign(held) != before:
            before = _sign(held)
            steps.append(_step(turn, held))
    return Lines(
        tuple(steps),
        tuple(OriginSteps(origin=key, steps=tuple(origins[key])) for key in sorted(origins)),
    )


def _sign(held: Figure) -> tuple[Any, ...]:
    """What makes a step."""
    return held.low, held.high, held.best, held.status, held.rule, held.floor, held.cap


def _step(turn: Turn, held: Figure) -> FigureStep:
    return FigureStep(
        at=write_instant(turn.at_us),
        version=turn.version,
        low=held.low,
        high=held.high,
        best=held.best,
        floor=held.floor,
        cap=held.cap,
        status=held.status,
        rule=held.rule,
        because=held.because,
    )


def _origin_step(turn: Turn, said: Said | None) -> OriginStep:
    return OriginStep(
        at=write_instant(turn.at_us),
        version=turn.version,
        low=None if said is None else tidy(said.low),
        high=None if said is None or said.high is None else tidy(said.high),
        because=() if said is None else said.because,
    )
