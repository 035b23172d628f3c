"""Moments and stretches of time in the language of the page, by the world's clock and by that of a
place.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

from service.web.tongues.speaking import gettext, isolated, tongue

FIRST, LAST = "T00:00:00.000000Z", "T23:59:59.999999Z"


def say_moment(instant: str) -> str:
    """A timestamp to the minute, or to the second where it has one; the end of a day is the day."""
    told = datetime.fromisoformat(instant)
    if instant.endswith(LAST):
        return _date(told)
    return gettext("%(day)s, %(time)s UTC", day=_date(told), time=_clock(told))


def say_day(instant: str) -> str:
    return _date(datetime.fromisoformat(instant[:10]))


def say_window(earliest: str, latest: str, precision: str) -> str:
    """A stretch of time, as precisely as it was told."""
    first, last = datetime.fromisoformat(earliest), datetime.fromisoformat(latest)
    if precision == "month":
        return _date(first, "MMMM y")
    if precision == "day" or (earliest.endswith(FIRST) and latest.endswith(LAST)):
        begin, end = _date(first), _date(last)
    else:
        begin, end = say_moment(earliest), say_moment(latest)
        if begin == end:
            return begin
        if not earliest.endswith(LAST):
            begin = gettext("%(day)s, %(time)s", day=_date(first), time=_clock(first))
        if earliest[:10] == latest[:10] and not latest.endswith(LAST):
            end = gettext("%(time)s UTC", time=_clock(last))
    return begin if begin == end else gettext("%(low)s to %(high)s", low=begin, high=end)


def say_there(earliest: str, latest: str, zone: str) -> str | None:
    """The same stretch by the clocks of its place: `19:35 in Baghdad`. None for whole days."""
    if earliest.endswith(FIRST) and latest.endswith(LAST):
        return None
    first, last = (
        datetime.fromisoformat(one).astimezone(ZoneInfo(zone)) for one in (earliest, latest)
    )
    low, high = f"{first:%H:%M}", f"{last:%H:%M}"
    times = low if low == high else gettext("%(low)s to %(high)s", low=low, high=high)
    city = isolated(zone.rpartition("/")[2].replace("_", " "))
    return gettext("%(times)s in %(city)s", times=times, city=city)


def _date(told: datetime, pattern: str = "d MMMM y") -> str:
    """By the calendar of the language's own words, in digits that every language here reads."""
    return format_date(told, pattern, locale=tongue().locale)


def _clock(told: datetime) -> str:
    return f"{told:%H:%M:%S}" if told.second else f"{told:%H:%M}"
