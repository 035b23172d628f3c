"""Moments as integer microseconds since 1970-01-01 UTC, read strictly (RFC 3339) and written one
way.
"""

import re
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

SECOND_US = 1_000_000
DAY_US = 86_400 * SECOND_US

REMEMBERED = 4096
"""How many moments are remembered: an incident tells the same ones at every update."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BEGINNING = _EPOCH.replace(tzinfo=None)
_MICROSECOND = timedelta(microseconds=1)
_TIMESTAMP = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?"
    r"(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))",
    re.ASCII,
)
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


class Precision(StrEnum):
    """How sharply a time is known (DOMAIN.md §2)."""

    INSTANT = "instant"
    WINDOW = "window"
    DAY = "day"
    MONTH = "month"
    UNKNOWN = "unknown"


class Span(NamedTuple):
    """The stretch of time that a written moment covers, both ends included."""

    first_us: int
    last_us: int
    precision: Precision


@lru_cache(maxsize=REMEMBERED)
def read_instant(text: str) -> int:
    """An RFC 3339 timestamp with its offset. Digits past the microsecond are cut off.

    Raises ValueError for anything else, leap seconds and times outside the years 1–9999 UTC
    included.
    """
    found = _TIMESTAMP.fullmatch(text)
    if found is None:
        raise ValueError("not an RFC 3339 timestamp with offset, such as 2020-03-11T17:00:00Z")
    year, month, day, hour, minute, second = (int(part) for part in found.groups()[:6])
    fraction, sign, offset_hours, offset_minutes = found.groups()[6:]
    try:
        local = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        offset = timedelta(hours=int(offset_hours or 0), minutes=int(offset_minutes or 0))
        moment = local + offset if sign == "-" else local - offset
    except (ValueError, OverflowError) as impossible:
        raise ValueError(f"no such time: {impossible}") from impossible
    return (moment - _EPOCH) // _MICROSECOND + int((fraction or "0")[:6].ljust(6, "0"))


def read_span(text: str) -> Span:
    """A timestamp, a date or a month, as the stretch of UTC time that it names."""
    if _DATE.fullmatch(text):
        first = _midnight(text)
        return Span(first, first + DAY_US - 1, Precision.DAY)
    if _MONTH.fullmatch(text):
        first = _midnight(f"{text}-01")
        year, month = int(text[:4]), int(text[5:])
        after = 31 if (year, month) == (9999, 12) else _days_of(year, month)
        return Span(first, first + after * DAY_US - 1, Precision.MONTH)
    instant = read_instant(text)
    return Span(instant, instant, Precision.INSTANT)


def read_moment(text: str) -> int:
    """A timestamp, or a date, which counts as the end of that day, UTC (API.md, Writing)."""
    if _DATE.fullmatch(text):
        return read_span(text).last_us
    return read_instant(text)


@lru_cache(maxsize=REMEMBERED)
def write_instant(moment_us: int) -> str:
    """RFC 3339 in UTC with microseconds and `Z`."""
    moment = _BEGINNING + timedelta(microseconds=moment_us)
    return moment.isoformat(timespec="microseconds") + "Z"


def _midnight(text: str) -> int:
    try:
        day = date.fromisoformat(text)
    except ValueError as impossible:
        raise ValueError(f"no such day: {impossible}") from impossible
    return (datetime(day.year, day.month, day.day, tzinfo=UTC) - _EPOCH) // _MICROSECOND


def _days_of(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - date(year, month, 1)).days
