"""The updates behind a page: those that had come by the moment shown, and the ones beside it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from service.domain.situation import Situation
from service.store.answers import Question, UpdateRecord

Step = dict[str, Any]
"""The parameters that ask for a moment."""


class History(NamedTuple):
    """Newest first. The steps go along the clock that the moment was asked by; None at its ends."""

    updates: tuple[UpdateRecord, ...]
    earlier: Step | None = None
    later: Step | None = None


def history(told: Sequence[UpdateRecord], held: Situation, asked: Question) -> History:
    """What `told`, newest first, is to the moment at which `held` was asked for."""
    heard = [one for one in told if one.publisher["key"] not in asked.without_publishers]
    until = held.published_until
    in_time = [one for one in heard if until is None or one.published_at <= until]
    known = tuple(one for one in in_time if one.reports[0].version <= held.version)
    if asked.version is not None or asked.as_of_us is not None:
        earlier, later = _recorded_beside(in_time, held.version)
        return History(known, _pin(earlier, until), _pin(later, until))
    if until is not None:
        before, after = _published_beside([one.published_at for one in heard], until)
        return History(known, _published(before), _published(after))
    return History(known)


def _recorded_beside(
    told: Sequence[UpdateRecord], version: int
) -> tuple[UpdateRecord | None, UpdateRecord | None]:
    earlier = next((one for one in told if one.version < version), None)
    later = next((one for one in reversed(told) if one.version > version), None)
    return earlier, later


def _published_beside(moments: Sequence[str], until: str) -> tuple[str | None, str | None]:
    """The moments of publication before the one that `until` shows, and after it."""
    shown = max((moment for moment in moments if moment <= until), default=until)
    earlier = max((moment for moment in moments if moment < shown), default=None)
    later = min((moment for moment in moments if moment > until), default=None)
    return earlier, later


def _pin(update: UpdateRecord | None, until: str | None) -> Step | None:
    return None if update is None else {"version": update.version, "published_until": until}


def _published(moment: str | None) -> Step | None:
    return None if moment is None else {"published_until": moment}
