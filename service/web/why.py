"""Why something holds: the reports behind a part of the situation, and one update's reports."""

from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode

import msgspec
from flask import Response, request

from service.api.access import store
from service.api.parameters import (
    EXPLAIN,
    USUAL,
    page_size,
    question,
    read,
    refuse_parameters,
)
from service.api.representations import IMMUTABLE, NO_CACHE
from service.domain.editorial import ReportCorrected
from service.domain.report import wire_type
from service.domain.reports import convert_report, decode_report
from service.domain.situation import Situation
from service.domain.standing import replacement_of
from service.store.answers import EventRecord
from service.store.explanations import Explained
from service.web import words
from service.web.incident import situation_in
from service.web.moments import Shown
from service.web.site import page, pages
from service.web.tongues.reports import say_report
from service.web.tongues.speaking import gettext, isolated, tongue
from service.web.tongues.wording import say_path


class Fate(NamedTuple):
    """What later became of a report, by which event."""

    words: str
    by: int
    note: str | None


class Told(NamedTuple):
    """One report of an update. Without words where it was erased or is withheld."""

    event: EventRecord
    publisher: Any
    origin: Any
    says: str | None
    phrase: str | None
    posted: str | None
    type: str | None
    fates: tuple[Fate, ...]


@pages.get("/incidents/<slug:incident>/why")
def why(incident: str) -> Response:
    """Every report that bears on a part of the situation: those that stand, those that fell."""
    asked = read(EXPLAIN)
    plain, limit = question(asked), page_size(asked, USUAL)
    told, immutable = store().explain(
        incident, asked["path"], plain, cursor=asked.get("cursor"), limit=limit
    )
    held = situation_in(store().situation(incident, plain))
    kept = [pair for pair in request.args.items(multi=True) if pair[0] != "cursor"]
    return page(
        "why.html",
        caching=IMMUTABLE if immutable else NO_CACHE,
        told=told,
        held=held,
        named=words.names(held),
        shown=Shown(plain),
        what=say_path(held, told.path),
        say=_again,
        holds=words.holds(told.holds),
        further=f"{request.path}?{urlencode([*kept, ('cursor', told.next or '')])}",
    )


@pages.get("/incidents/<slug:incident>/reports/<version:version>")
def report_of(incident: str, version: int) -> Response:
    """The update that has this event: each of its reports, and what became of it since."""
    refuse_parameters()
    update = store().update(incident, store().event(incident, version).update_id)
    first = update.reports[0].version
    told = store().events(incident, after_version=first - 1, types=(), limit=len(update.reports))
    held = situation_in(store().now(incident))
    return page(
        "report.html",
        update=update,
        version=version,
        reports=[_told(event, held) for event in told.events],
        held=held,
        shown=Shown(question({})),
    )


def _again(one: Explained) -> str:
    """What a report says; in English as the store says it, which has it from the domain."""
    if tongue().is_english:
        return one.says
    if one.report is None:
        return gettext("Erased or withheld")
    report = convert_report(_plain(one.report))
    return say_report(replacement_of(report) if isinstance(report, ReportCorrected) else report)


def _told(event: EventRecord, held: Situation) -> Told:
    posted = None if event.report is None else msgspec.Raw(msgspec.json.encode(event.report))
    report = None if posted is None else decode_report(posted, event.schema_version)
    return Told(
        event=event,
        publisher=_plain(event.publisher),
        origin=_plain(event.origin),
        says=None if report is None else say_report(report),
        phrase=None if report is None else report.phrase,
        posted=None if posted is None else msgspec.json.format(bytes(posted), indent=2).decode(),
        type=None if report is None else wire_type(type(report)),
        fates=tuple(_fates(event.version, held)),
    )


def _fates(version: int, held: Situation) -> Iterator[Fate]:
    for fix in held.corrections:
        if fix.target == version:
            yield Fate(words.fate("corrected"), fix.by, fix.note)
    for act in held.retractions:
        if version in act.targets:
            yield Fate(words.fate("retracted"), act.by, act.reason)
    for name, remarks in (("disputed", held.disputed), ("endorsed", held.endorsed)):
        for remark in remarks:
            if remark.target == version:
                told = words.remarked(name, isolated(remark.origin))
                yield Fate(told, remark.by, remark.grounds)


def _plain(told: Any) -> Any:
    """A part of a record that may still be bytes."""
    return msgspec.json.decode(msgspec.json.encode(told))
