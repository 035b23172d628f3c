"""Sheets of updates (CSV) into a store: all of them are right, or nothing is stored.

What a sheet asks for is done first in a store that is thrown away, with the record of its
incidents so far, so that nothing is half done when the last row turns out to be wrong.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from uuid import uuid5

from schemas.body import read_object, write
from service.commands.bars import Tell, unseen
from service.commands.destinations import THERE_ALREADY, Destination
from service.commands.postings import OPENINGS, posting
from service.commands.rehearsing import copied
from service.commands.talk import faults_of
from service.domain.moments import read_moment
from service.domain.reports import said
from service.errors import NotFound, SitrepError
from service.formats.sheet import RowFault, Sheet, SheetUpdate, place_of

POINTERS = ("target", "targets", "depends_on", "additional_to")


class Verdict(NamedTuple):
    """What would become of a sheet: the updates to send, those of them that are not there yet, and
    why the others are not taken.
    """

    right: tuple[SheetUpdate, ...]
    new: tuple[SheetUpdate, ...]
    faults: tuple[RowFault, ...]


def rehearse(destination: Destination, sheet: Sheet, tell: Tell = unseen) -> Verdict:
    """Does to a copy what the sheet asks for. Nothing is written to the destination. `tell` is told
    how many updates are done, of how many.
    """
    right, new, faults = list[SheetUpdate](), list[SheetUpdate](), list(sheet.faults)
    with copied(_incidents(sheet), destination) as scratch:
        for number, update in enumerate(sheet.updates, 1):
            tell(number, len(sheet.updates))
            try:
                new += [update] if send(scratch, update) else []
            except SitrepError as refusal:
                faults += _told(update, refusal)
            else:
                right.append(update)
    return Verdict(tuple(right), tuple(new), tuple(sorted(faults)))


def without_doubtful(verdict: Verdict, sheet: Sheet) -> Verdict:
    """What may be taken though other rows are wrong: nothing that points to events by their
    numbers in an incident of which something is left out, for the numbers are others then.
    """
    taken = {update.rows for update in verdict.right}
    left_out = {update.incident for update in sheet.updates if update.rows not in taken}
    broken = left_out | sheet.broken
    doubtful = [
        update for update in verdict.right if update.incident in broken and _points(update.body)
    ]
    reason = "points to an event by its number, and another row of its incident is left out"
    faults = [RowFault(update.rows[0], "", reason) for update in doubtful]
    return Verdict(
        tuple(update for update in verdict.right if update not in doubtful),
        tuple(update for update in verdict.new if update not in doubtful),
        tuple(sorted([*verdict.faults, *faults])),
    )


def send(destination: Destination, update: SheetUpdate) -> bool:
    """Whether it is new there. An incident is opened when its first update finds none.

    Ids follow from the content where the sheet gives none, so sending twice does no harm.
    """
    try:
        return _open(destination, update) if update.opens else _append(destination, update)
    except THERE_ALREADY:
        if _is_there(destination, update):
            return False
        raise


def _append(destination: Destination, update: SheetUpdate) -> bool:
    posted = posting(write({**update.top, **update.body}))
    try:
        return destination.append(posted.incident, posted.update)
    except NotFound:
        destination.open(posted.opening)
    return destination.append(posted.incident, posted.update)


def _open(destination: Destination, update: SheetUpdate) -> bool:
    body = {
        "update_id": str(uuid5(OPENINGS, update.incident)),
        "kind": "other",
        **update.top,
        **update.body,
    }
    return destination.open(write(body))


def _is_there(destination: Destination, update: SheetUpdate) -> bool:
    """Whether it has what the update says, though in other words: with nulls, or published at the
    moment of recording. Of an incident that is opened without reports, whether it is there.
    """
    if update.opens and not update.body["reports"]:
        return True
    try:
        kept = destination.told_as(update.incident, str(update.body.get("update_id")))
    except NotFound:
        return False
    reports = [one["report"] for one in kept["reports"][update.opens :]]
    has = {"publisher": kept["publisher"], "summary": kept["summary"], "reports": reports}
    asked = read_object(write({name: update.body.get(name) for name in has}))
    kept_at = str(kept["published_at"])
    asked_at = str(update.body.get("published_at", kept_at))
    return said(has) == said(asked) and read_moment(asked_at) == read_moment(kept_at)


def _told(update: SheetUpdate, refusal: SitrepError) -> Iterator[RowFault]:
    for fault in faults_of(refusal):
        row, column = place_of(update, fault.pointer) if fault.pointer else (update.rows[0], "")
        yield RowFault(row, column, fault.detail)


def _incidents(sheet: Sheet) -> Sequence[str]:
    """Those that the sheet is about, and those that it merges them into."""
    named = [update.incident for update in sheet.updates]
    reports = (report for update in sheet.updates for report in update.body["reports"])
    named += [report["into"] for report in reports if isinstance(report.get("into"), str)]
    return tuple(dict.fromkeys(named))


def _points(body: dict[str, Any]) -> bool:
    for report in body["reports"]:
        for name in POINTERS:
            held = report.get(name)
            if any(isinstance(one, int) for one in (held if isinstance(held, list) else [held])):
                return True
    return False
