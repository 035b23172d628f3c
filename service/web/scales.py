"""Where a number or a moment stands on an axis, and which ones are written beside it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import ceil, floor, log10
from typing import NamedTuple

from babel.dates import format_date

from service.web.tongues.speaking import joined, tongue

FEWEST, MOST = 3, 7
"""How many numbers or moments are written along an axis, about."""

MINUTE, HOUR, DAY = 60, 3600, 86400
STEPS = (
    *(n * MINUTE for n in (1, 2, 5, 10, 15, 30)),
    *(n * HOUR for n in (1, 2, 3, 6, 12)),
    *(n * DAY for n in (1, 2, 7, 14)),
)
"""Seconds between two written moments, up to where months begin."""

MONTHS = (1, 2, 3, 6, 12, 24, 60, 120)


class Scale(NamedTuple):
    """Maps first..last to begin..end; a single point lies at the beginning."""

    first: float
    last: float
    begin: float
    end: float

    def at(self, value: float) -> float:
        span = self.last - self.first
        share = (value - self.first) / span if span else 0.0
        return round(self.begin + share * (self.end - self.begin), 2)


class Tick(NamedTuple):
    value: float
    words: str


def numbers(most: float) -> list[Tick]:
    """Round numbers from 0 to the first that is not below `most`: whole ones as long as most is."""
    rough = max(most, 1) / (MOST - 2)
    size = 10 ** floor(log10(rough))
    step = max(1.0, next(size * one for one in (1, 2, 5, 10) if size * one >= rough))
    return [Tick(step * one, f"{step * one:,.0f}") for one in range(ceil(max(most, 1) / step) + 1)]


def moments(first: datetime, last: datetime) -> list[Tick]:
    """Round moments (UTC, seconds since 1970) between two; the two themselves where none is."""
    span = (last - first).total_seconds()
    for step in STEPS:
        if span / step <= MOST:
            found = list(_rising(first, last, step))
            break
    else:
        found = list(_monthly(first, last))
    if len(found) < FEWEST - 1:
        return [Tick(one.timestamp(), f"{one:%H:%M:%S}") for one in dict.fromkeys((first, last))]
    return found


def _rising(first: datetime, last: datetime, step: int) -> Iterator[Tick]:
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    passed = ceil((first - midnight).total_seconds() / step) * step
    moment, day = midnight + timedelta(seconds=passed), None
    while moment <= last:
        dated = _dated(moment, "d MMM")
        words = dated if step >= DAY else f"{moment:%H:%M}"
        if step < DAY and dated != day:
            words = joined([dated, words])
        yield Tick(moment.timestamp(), words)
        moment, day = moment + timedelta(seconds=step), dated


def _monthly(first: datetime, last: datetime) -> Iterator[Tick]:
    between = (last.year - first.year) * 12 + last.month - first.month
    step = next((one for one in MONTHS if between / one <= MOST), between)
    month = first.year * 12 + first.month - 1
    for number in range(ceil(month / step) * step, last.year * 12 + last.month, step):
        moment = datetime(number // 12, number % 12 + 1, 1, tzinfo=UTC)
        if moment >= first:
            yield Tick(moment.timestamp(), _dated(moment, "MMM y" if step < 12 else "y"))


def _dated(moment: datetime, pattern: str) -> str:
    return format_date(moment, pattern, locale=tongue().locale)
