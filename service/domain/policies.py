"""Policies: named, versioned rules for choosing a headline figure (DOMAIN.md §5.5)."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from service.domain.claims import Said
from service.domain.weighing import Weighed, weigh


class Policy(StrEnum):
    """Of each the rule in a word; all but `adjudicated` look at reports alone."""

    COMPATIBLE = "compatible"
    """From the floor to the cap; the envelope where reports are disputed; the desk's figure while
    an adjudication is in force."""
    RANGE = "range"
    """The envelope: from the lowest low to the highest high that were counted."""
    FLOOR = "floor"
    """At least what some origin's word carries."""
    LATEST = "latest"
    """What the origin says that spoke last, of those that counted the cell itself, if any did."""
    MAJORITY = "majority"
    """What more than half of the independent origins among them say alike; else as `compatible`."""
    HIGHEST_GRADED = "highest_graded"
    """As `compatible`, among the origins with the best grading that any of them has; where none is
    graded, among all."""
    ADJUDICATED = "adjudicated"
    """The desk's latest figure, in force or awaiting review; else as `compatible`."""


POLICY_VERSIONS = dict.fromkeys(Policy, "1")
"""A policy whose rule changes gets another version, so that an answer tells which rule it used."""


class Headline(NamedTuple):
    """`rule` is the policy that in fact gave it, `carrying` who stands behind it."""

    low: Decimal
    high: Decimal | None
    best: Decimal | None
    rule: Policy
    carrying: Sequence[Said]


def headline(policy: Policy, weighed: Weighed) -> Headline:
    match policy:
        case Policy.RANGE:
            return _range(weighed)
        case Policy.FLOOR:
            return Headline(weighed.floor, None, None, Policy.FLOOR, weighed.carriers)
        case Policy.LATEST:
            return _alone(max(weighed.counting, key=_spoken), Policy.LATEST)
        case Policy.MAJORITY:
            return _majority(weighed)
        case Policy.HIGHEST_GRADED:
            return _highest_graded(weighed)
    return _compatible(weighed)


def _compatible(weighed: Weighed) -> Headline:
    if weighed.against:
        return _range(weighed)
    capping = [one for one in weighed.binding if one.high == weighed.cap]
    best = _best(weighed.heard, weighed.floor, weighed.cap)
    carrying = [*weighed.carriers, *capping, *([] if best is None else [best])]
    told = None if best is None else best.best
    return Headline(weighed.floor, weighed.cap, told, Policy.COMPATIBLE, carrying)


def _range(weighed: Weighed) -> Headline:
    """A disputed figure has no best: it would take a side."""
    low, high = weighed.lowest, weighed.highest
    ends = [one for one in weighed.spanning if one.low == low or one.high == high]
    sides = [*weighed.carriers, *weighed.against] if weighed.against else []
    best = None if weighed.against else _best(weighed.heard, low, high)
    carrying = [*sides, *ends, *([] if best is None else [best])]
    return Headline(low, high, None if best is None else best.best, Policy.RANGE, carrying)


def _majority(weighed: Weighed) -> Headline:
    """Independent origins vote once each, with their latest word."""
    latest = {one.origin.voice: one for one in sorted(weighed.counting, key=_spoken)}
    votes = Counter((one.low, one.high) for one in latest.values())
    interval, most = votes.most_common(1)[0]
    if most * 2 <= len(latest):
        return _compatible(weighed)
    alike = [one for one in weighed.counting if (one.low, one.high) == interval]
    best = _best(alike, *interval)
    told = None if best is None else best.best
    return Headline(*interval, told, Policy.MAJORITY, alike)


def _highest_graded(weighed: Weighed) -> Headline:
    graded = [one.grade for one in weighed.counting if one.grade is not None]
    if not graded:
        return _compatible(weighed)
    chosen = _compatible(weigh([one for one in weighed.heard if one.grade == min(graded)]))
    return chosen._replace(rule=Policy.HIGHEST_GRADED)


def _alone(one: Said, rule: Policy) -> Headline:
    return Headline(one.low, one.high, one.best, rule, [one])


def _best(heard: Sequence[Said], low: Decimal, high: Decimal | None) -> Said | None:
    """The latest point figure that some source gave and that lies within the headline."""
    fitting = [
        one
        for one in heard
        if one.best is not None and low <= one.best and (high is None or one.best <= high)
    ]
    return max(fitting, key=lambda one: (one.cap_us, max(one.because)), default=None)


def _spoken(one: Said) -> tuple[int, int]:
    return max(one.floor_us, one.cap_us), max(one.because)
