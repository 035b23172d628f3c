"""The form of an update: it is kept with every button that is pressed, and shown as it is kept."""

from typing import Any
from uuid import UUID

from flask import Response, redirect, request, url_for
from msgspec import structs
from uuid_utils.compat import uuid7
from werkzeug.wrappers import Response as Redirect

from schemas.reports import SCHEMAS
from schemas.update import INCIDENT, UPDATE
from service.api.access import opened_store, store, writer
from service.domain.lifecycle import IncidentKind
from service.errors import BadParameters, Fault, Malformed, NotFound
from service.roles import ACTS
from service.store.drafts import Begun
from service.web.desk.acts import begun_with, targets_in
from service.web.desk.duplicates import told_in
from service.web.desk.labels import USUAL
from service.web.desk.room import desk, page
from service.web.desk.sources import Known, known_of
from service.web.desk.widgets import (
    Widget,
    id_of,
    report_parts,
    section_of,
    type_label,
    widget_of,
    widgets_in,
)
from service.web.desk.writing import known_fields, reports_in, without_report
from service.web.tongues.speaking import pgettext

OPENING = ("title", "kind", "kind_other", "incident")
MOST_REPORTS_IN_A_FORM = 100
KEEP, PREVIEW, DISCARD = "keep", "preview", "discard"


@desk.get("/incidents/<slug:incident>/update")
def new_update(incident: str) -> Response:
    """A form for one update. Nothing is kept before a button is pressed. What it begins with may be
    asked for: `type`, `target`, `path`.
    """
    held = store().now(incident)
    asked = {name: request.args.get(name, "") for name in ("type", "target", "path")}
    fields = begun_with(held.incident, asked)
    return form(_new(held.incident, held.version, fields))


@desk.get("/new")
def new_incident() -> Response:
    kind = request.args.get("kind", "")
    fields = {"/kind": kind} if kind in set(IncidentKind) else {}
    return form(_new(None, 0, fields))


@desk.get("/drafts/<uuid:update_id>")
def draft(update_id: UUID) -> Response:
    return form(store().draft(writer().name, str(update_id)))


@desk.post("/drafts/<uuid:update_id>")
def work_on(update_id: UUID) -> Response | Redirect:
    """Keeps what was typed, then does what the button says."""
    do, _, what = request.form.get("do", KEEP).partition(":")
    named = str(update_id)
    if do == DISCARD:
        opened_store().drop_draft(writer().name, named)
        return redirect(url_for("desk.home"), 303)
    begun = _begun(named)
    if "script" in request.form:
        return _kept_beside(begun)
    at = None
    if do == "add":
        begun.fields[f"/reports/{len(reports_in(begun.fields))}/type"] = _type(begun, what)
        at = f"report-{len(reports_in(begun.fields))}"
    elif do == "remove" and what.isdecimal():
        begun = _with(begun, without_report(begun.fields, int(what)))
    opened_store().keep_draft(writer().name, begun)
    going = "desk.preview" if do == PREVIEW else "desk.draft"
    return redirect(url_for(going, update_id=named, _anchor=at), 303)


def form(begun: Begun, faults: tuple[Fault, ...] = (), status: int = 200, **more: Any) -> Response:
    """The form of a draft, each fault at the field that it is about."""
    known = known_of(begun.incident)
    opening = [widget_of(INCIDENT, name) for name in OPENING] if begun.incident is None else []
    source = section_of(
        UPDATE.fields["publisher"], "/publisher", pgettext("field", "Where it was read")
    )
    told = [widget_of(UPDATE, name) for name in ("published_at", "summary")]
    reports = [
        (type_, report_parts(type_, f"/reports/{number}", begun.fields))
        for number, type_ in enumerate(reports_in(begun.fields))
        if type_ in SCHEMAS
    ]
    shown = [
        *opening,
        source,
        *told,
        *(part for _, (own, rest) in reports for part in (*own, rest)),
    ]
    wrong, elsewhere = placed(faults, list(widgets_in(shown)))
    return page(
        "desk/form.html",
        status,
        begun=begun,
        known=known,
        opening=opening,
        source=source,
        told=told,
        reports=reports,
        usual=[one for one in USUAL if one in _types()],
        others=[one for one in _types() if one not in USUAL],
        type_label=type_label,
        about=[_about(number, begun, known) for number in range(len(reports))],
        filled=filled,
        id_of=id_of,
        wrong=wrong,
        elsewhere=elsewhere,
        labels={one.pointer: one.label for one in widgets_in(shown)},
        **more,
    )


def _about(number: int, begun: Begun, known: Known) -> list[tuple[int, str, str]]:
    """The recorded reports that a report of the form is about: event, source, words."""
    wanted = set(targets_in(begun.fields, number))
    return [
        (version, source, says)
        for version, source, says in told_in(known.updates)
        if version in wanted
    ]


def filled(parts: Any, told: Any) -> bool:
    """Whether something is told of any of these fields."""
    return any(one.pointer in told for one in widgets_in(parts))


def placed(
    faults: tuple[Fault, ...], shown: list[Widget]
) -> tuple[dict[str, list[str]], list[Fault]]:
    """The faults by the field that shows each, and those that no field does."""
    wrong: dict[str, list[str]] = {}
    elsewhere = []
    for fault in faults:
        near = [
            one
            for one in shown
            if fault.pointer and f"{fault.pointer}/".startswith(f"{one.pointer}/")
        ] or [one for one in shown if fault.pointer and one.pointer.startswith(f"{fault.pointer}/")]
        if near and fault.pointer != "/reports":
            wrong.setdefault(near[0].pointer, []).append(fault.detail)
        else:
            elsewhere.append(fault)
    return wrong, elsewhere


def _kept_beside(begun: Begun) -> Response:
    """A script keeps what is typed, and may come late: what was posted is no draft any more."""
    try:
        store().update(begun.incident or "", begun.update_id)
    except NotFound:
        opened_store().keep_draft(writer().name, begun)
    return Response(status=204)


def _types() -> list[str]:
    """The types that whoever signed in may post."""
    role = writer().role
    return [one for one in SCHEMAS if one not in ACTS or role in ACTS[one].roles]


def _type(begun: Begun, what: str) -> str:
    if what not in SCHEMAS:
        raise BadParameters(("do", f"there is no report type {what!r}"))
    if len(reports_in(begun.fields)) >= MOST_REPORTS_IN_A_FORM:
        raise Malformed(f"a form has at most {MOST_REPORTS_IN_A_FORM} reports; post it in parts")
    return what


def _begun(update_id: str) -> Begun:
    """The draft as the form has it now."""
    version = request.form.get("version", "")
    if not version.isdecimal() or len(version) > 18:
        raise Malformed("this is no form of the desk")
    return Begun(
        update_id=update_id,
        incident=request.form.get("incident") or None,
        version=int(version),
        fields=known_fields(request.form.items()),
    )


def _new(incident: str | None, version: int, fields: dict[str, str]) -> Begun:
    return Begun(update_id=str(uuid7()), incident=incident, version=version, fields=fields)


def _with(begun: Begun, fields: dict[str, str]) -> Begun:
    return structs.replace(begun, fields=fields)
