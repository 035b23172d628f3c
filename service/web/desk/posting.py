"""Before and after posting: what would change, what came in between, and the one door."""

from typing import Any, NamedTuple
from uuid import UUID

from flask import Response, redirect, request, url_for
from msgspec import structs
from uuid_utils.compat import uuid7
from werkzeug.wrappers import Response as Redirect

from schemas.update import load_incident, load_update
from service.api import posting
from service.api.access import opened_store, store, writer
from service.domain.report import Report
from service.domain.update import NewIncident, NewUpdate
from service.domain.wording import at_head
from service.errors import (
    Fault,
    Forbidden,
    IdReused,
    IncidentExists,
    Malformed,
    NotFound,
    Refused,
    VersionConflict,
)
from service.store.answers import Appended, Preview, Question, UpdateRecord
from service.store.comparing import Ends
from service.store.drafts import Begun
from service.web.desk.drafts import form
from service.web.desk.duplicates import Likeness, likenesses
from service.web.desk.room import desk, page
from service.web.desk.sources import Known, known_of
from service.web.desk.typed import understood
from service.web.desk.writing import body_of
from service.web.tongues.changes import say_change
from service.web.tongues.reports import say_report

CONFLICT = 409
REFUSALS = (Refused, Forbidden, IncidentExists, Malformed)


class Between(NamedTuple):
    """What came to an incident since a draft was begun."""

    updates: tuple[UpdateRecord, ...]
    sentences: tuple[str, ...]


class Ready(NamedTuple):
    """A draft that passed the door."""

    incident: str
    update: NewUpdate
    opening: NewIncident | None


@desk.get("/drafts/<uuid:update_id>/preview")
def preview(update_id: UUID) -> Response | Redirect:
    """What the draft would change, were it posted now. Where it cannot be, the form says why."""
    return _preview(store().draft(writer().name, str(update_id)))


@desk.post("/drafts/<uuid:update_id>/post")
def post_draft(update_id: UUID) -> Response | Redirect:
    """Posts the draft as it was previewed, at the version that the preview was of, or tells what
    came in between. Whoever presses twice is led to the same update.
    """
    name, named = writer().name, str(update_id)
    version = request.form.get("version", "")
    if not version.isdecimal() or len(version) > 18:
        raise Malformed("this is no form of the desk")
    try:
        begun = store().draft(name, named)
    except NotFound:
        return _posted_before(named)
    try:
        told = _append(ready(begun, known_of(begun.incident)), expecting=int(version))
    except VersionConflict:
        late = structs.replace(begun, version=int(version))
        opened_store().keep_draft(name, late)
        return _preview(late, status=CONFLICT)
    except IdReused:
        return _preview(begun)
    except REFUSALS as refusal:
        return form(begun, faults_of(refusal), 422)
    opened_store().drop_draft(name, named)
    receipt = told.receipt
    since = receipt.events[0].version - 1 or None
    return redirect(url_for("pages.one_incident", incident=receipt.incident, since=since), 303)


def ready(begun: Begun, known: Known) -> Ready:
    """Raises what the door raises."""
    body = body_of(begun, known)
    if begun.incident is not None:
        return Ready(begun.incident, load_update(body, sizes=posting.sizes()), None)
    opening = load_incident(body, sizes=posting.sizes())
    slug = opening.incident or opened_store().slug_for(opening)
    opening = structs.replace(opening, incident=slug)
    return Ready(slug, opening.update, opening)


def faults_of(refusal: Exception) -> tuple[Fault, ...]:
    match refusal:
        case Refused():
            return refusal.faults
        case IncidentExists():
            return (Fault("/incident", str(refusal)),)
    return (Fault("", str(refusal)),)


def between(begun: Begun, now: int, known: Known) -> Between | None:
    """None where nothing came."""
    if begun.incident is None or known.held is None or now <= begun.version:
        return None
    held = known.held
    ends = Ends(
        axis="recorded",
        start=Question(version=begun.version, desk=True),
        end=Question(version=now, desk=True),
    )
    changes, _ = store().changes(begun.incident, ends)
    updates = tuple(one for one in known.updates if begun.version < one.version <= now)
    return Between(updates, tuple(say_change(change, held) for change in changes.changes))


def _preview(begun: Begun, status: int = 200) -> Response | Redirect:
    known = known_of(begun.incident)
    try:
        told = ready(begun, known)
        foreseen = opened_store().preview(
            told.incident, told.update, writer(), opening=told.opening
        )
    except IdReused:
        return _anew(begun)
    except (*REFUSALS, NotFound) as refusal:
        return form(begun, faults_of(refusal), 422)
    return page(
        "desk/preview.html",
        status,
        is_late=status == CONFLICT,
        **_shown(begun, told, foreseen, known),
    )


def _shown(begun: Begun, told: Ready, foreseen: Preview, known: Known) -> dict[str, Any]:
    likely: list[Likeness] = [] if foreseen.recorded else likenesses(told.update, known)
    return {
        "begun": begun,
        "held": known.held,
        "incident": told.incident,
        "update": told.update,
        "opening": told.opening,
        "foreseen": foreseen,
        "says": [_said(one.report) for one in told.update.reports],
        "likely": likely,
        "between": None if foreseen.recorded else between(begun, foreseen.follows, known),
        "known": known,
    }


def _said(report: Report) -> tuple[Report, str, str | None]:
    """A report in words, and what the words of its quantity come to."""
    quantity = getattr(report, "quantity", None)
    read = understood(quantity) if isinstance(quantity, str) else None
    return report, at_head(say_report(report)), None if read == quantity else read


def _anew(begun: Begun) -> Redirect:
    """A form that was posted, gone back to and changed, is another update."""
    name = writer().name
    other = structs.replace(begun, update_id=str(uuid7()))
    opened_store().keep_draft(name, other)
    opened_store().drop_draft(name, begun.update_id)
    return redirect(url_for("desk.preview", update_id=other.update_id, again=1), 303)


def _append(told: Ready, *, expecting: int) -> Appended:
    if told.opening is not None:
        return opened_store().open(told.opening, writer())
    return opened_store().append(told.incident, told.update, writer(), expecting=expecting)


def _posted_before(update_id: str) -> Redirect:
    incident = request.form.get("incident", "")
    update = store().update(incident, update_id)
    first = update.reports[0].version
    return redirect(url_for("pages.report_of", incident=incident, version=first), 303)
