"""Sheets of updates (CSV) into a store: all of them are right, or nothing is stored.

What a sheet asks for is done first in a store that is thrown away, with the record of its
incidents so far, so that nothing is half done when the last row turns out to be wrong.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from uuid import uuid5

from msgspec import to_builtins

from schemas.body import read_object, write
from schemas.update import load_incident, load_update
from service.commands.bars import Tell, unseen
from service.commands.destinations import IMPORT
from service.commands.postings import OPENINGS, posting
from service.commands.talk import faults_of
from service.domain.lifecycle import IncidentOpened
from service.domain.moments import read_moment
from service.domain.reports import said
from service.errors import IdReused, IncidentExists, NotFound, SitrepError
from service.formats.sheet import RowFault, Sheet, SheetUpdate, place_of
from service.store.answers import Question, encode
from service.store.retelling import ToldUpdate, Turn
from service.store.schema import migrate
from service.store.store import Store

POINTERS = ("target", "targets", "depends_on", "additional_to")
A_PAGE = 500
PLACEHOLDER = {"type": "context", "paraphrase": "what stood here cannot be read"}


class Verdict(NamedTuple):
    """What would become of a sheet: the updates to send, those of them that are not there yet, and
    why the others are not taken.
    """

    right: tuple[SheetUpdate, ...]
    new: tuple[SheetUpdate, ...]
    faults: tuple[RowFault, ...]


def rehearse(store: Store, sheet: Sheet, tell: Tell = unseen) -> Verdict:
    """Does to a copy what the sheet asks for. Nothing is written to the store. `tell` is told how
    many updates are done, of how many.
    """
    right, new, faults = list[SheetUpdate](), list[SheetUpdate](), list(sheet.faults)
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'rehearsal.db'}"
        migrate(url)
        scratch = Store.connect(url)
        try:
            for incident in _incidents(sheet):
                _copy(store, scratch, incident)
            for number, update in enumerate(sheet.updates, 1):
                tell(number, len(sheet.updates))
                try:
                    new += [update] if send(scratch, update) else []
                except SitrepError as refusal:
                    faults += _told(update, refusal)
                else:
                    right.append(update)
        finally:
            scratch.close()
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


def send(store: Store, update: SheetUpdate) -> bool:
    """Whether it is new to the store. An incident is opened when its first update finds none.

    Ids follow from the content where the sheet gives none, so sending twice does no harm.
    """
    try:
        return _open(store, update) if update.opens else _append(store, update)
    except (IdReused, IncidentExists):
        if _is_there(store, update):
            return False
        raise


def _append(store: Store, update: SheetUpdate) -> bool:
    posted = posting(write({**update.top, **update.body}))
    loaded = load_update(posted.update)
    try:
        return not store.append(posted.incident, loaded, IMPORT).replayed
    except NotFound:
        store.open(load_incident(posted.opening), IMPORT)
    return not store.append(posted.incident, loaded, IMPORT).replayed


def _open(store: Store, update: SheetUpdate) -> bool:
    body = {
        "update_id": str(uuid5(OPENINGS, update.incident)),
        "kind": "other",
        **update.top,
        **update.body,
    }
    return not store.open(load_incident(write(body)), IMPORT).replayed


def _is_there(store: Store, update: SheetUpdate) -> bool:
    """Whether the store has what the update says, though in other words: with nulls, or published
    at the moment of recording. Of an incident that is opened without reports, whether it is there.
    """
    if update.opens and not update.body["reports"]:
        return True
    update_id = update.body.get("update_id")
    try:
        kept = store.as_desk().update(update.incident, str(update_id))
    except NotFound:
        return False
    reports = [one.report for one in kept.reports[update.opens :]]
    body = {"publisher": kept.publisher, "summary": kept.summary, "reports": reports}
    asked = {name: update.body.get(name) for name in body}
    published = update.body.get("published_at", kept.published_at)
    return said(read_object(encode(body))) == said(read_object(write(asked))) and (
        read_moment(published) == read_moment(kept.published_at)
    )


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


def _copy(store: Store, scratch: Store, incident: str) -> None:
    """The record of an incident, if there is one: as many events, with their words where they can
    be read.
    """
    cursor: str | None = None
    try:
        # A version is pinned, since what was merged is else told by the other incident.
        last = store.updates(incident, cursor=None, limit=1, ascending=False).updates[0].version
        while True:
            turn = Turn(limit=A_PAGE, cursor=cursor, ascending=True)
            told = store.retold(incident, Question(version=last, desk=True), turn)
            for update in told.updates:
                _repeat(scratch, update, told.opening)
            cursor = told.next
            if cursor is None:
                return
    except NotFound:
        return


def _repeat(scratch: Store, update: ToldUpdate, opening: IncidentOpened) -> None:
    publisher = update.publisher
    known = {"key": "unknown", "kind": "other"} if publisher is None else _said(publisher)
    body: dict[str, Any] = {"update_id": update.update_id, "publisher": known}
    if update.published is not None:
        body["published_at"] = update.published
    if update.summary is not None:
        body["summary"] = update.summary
    opens = update.events[0].version == 1
    events = update.events[1:] if opens else update.events
    reports = [
        PLACEHOLDER if one.posted is None else read_object(bytes(one.posted)) for one in events
    ]
    other = {} if opening.kind_other is None else {"kind_other": opening.kind_other}
    kind = {"kind": str(opening.kind), **other}
    top = {"incident": update.incident, "title": opening.title, **kind}
    for told in (reports, [PLACEHOLDER for _ in reports]):
        try:
            if opens:
                scratch.open(load_incident(write({**top, **body, "reports": told})), IMPORT)
            else:
                scratch.append(
                    update.incident, load_update(write({**body, "reports": told})), IMPORT
                )
        except SitrepError:
            continue
        return


def _said(publisher: Any) -> dict[str, Any]:
    told: dict[str, Any] = to_builtins(publisher)
    return told


def _points(body: dict[str, Any]) -> bool:
    for report in body["reports"]:
        for name in POINTERS:
            held = report.get(name)
            if any(isinstance(one, int) for one in (held if isinstance(held, list) else [held])):
                return True
    return False
