"""Short ways to tell a story: reports, updates, and histories as plain events or in a store."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any
from uuid import uuid4

import msgspec

from service.domain.casualties import Toll
from service.domain.lifecycle import IncidentKind, IncidentOpened
from service.domain.measures import Measure
from service.domain.moments import SECOND_US, read_moment, write_instant
from service.domain.policies import Policy
from service.domain.reasons import Known
from service.domain.reconcile import Figure, GroupFigure
from service.domain.report import Event, Publisher, Refs, SourceKind, origin_of
from service.domain.reports import convert_report
from service.domain.situation import Frame, Situation, situation
from service.domain.standing import EVERYBODY, UNBOUNDED, Bounds, Trust, standing
from service.domain.update import NewIncident, NewReport, NewUpdate, Writer

EDITOR = Writer(name="editor", role="editor")
REPORTER = Writer(name="reporter", role="reporter")
NOON_US = read_moment("2020-03-11T12:00:00Z")

Json = dict[str, Any]


def origin(key: str, kind: str = "official", *, named: bool = True) -> Json:
    return {"key": key, "kind": kind, "named": named}


def counted(harm: str, quantity: Any, **more: Any) -> Json:
    return {"type": "casualties", "harm": harm, "quantity": exactly(quantity), **more}


def killed(quantity: Any, **more: Any) -> Json:
    return counted("killed", quantity, **more)


def injured(quantity: Any, **more: Any) -> Json:
    return counted("injured", quantity, **more)


def measure(name: str, quantity: Any, **more: Any) -> Json:
    return {"type": "measure", "name": name, "quantity": exactly(quantity), **more}


def says(statement: str, subject: str | None = None, **more: Any) -> Json:
    told = {} if subject is None else {"subject": subject, "relation": "perpetrator"}
    return {"type": "attribution", "statement": statement, **told, **more}


def response(execution: str, evidence: str, **more: Any) -> Json:
    return {
        "type": "response",
        "response": "strikes",
        "execution": execution,
        "evidence": evidence,
        **more,
    }


def correction(target: Any, replacement: Json, **more: Any) -> Json:
    return {
        "type": "correction",
        "target": target,
        "kind": "number",
        "replacement": replacement,
        **more,
    }


def retraction(*targets: Any, **more: Any) -> Json:
    return {"type": "retraction", "targets": list(targets), "reason": "withdrawn", **more}


def outcome(from_: str, to: str, quantity: Any, **more: Any) -> Json:
    """People counted under one harm came under another."""
    return {
        "type": "casualty_outcome",
        "from": from_,
        "to": to,
        "quantity": exactly(quantity),
        **more,
    }


def settled(quantity: Any, path: str = "casualties.killed", **more: Any) -> Json:
    """The desk's figure."""
    return {
        "type": "adjudication",
        "path": path,
        "quantity": exactly(quantity),
        "rationale": "the names are published",
        **more,
    }


def marking(*targets: Any, **more: Any) -> Json:
    return {"type": "marking", "targets": list(targets), **more}


def person(name: str, *, informed: bool | None = None, **more: Any) -> Json:
    known = {} if informed is None else {"next_of_kin_informed": informed}
    return {"type": "person", "name": name, **known, **more}


def exactly(quantity: Any) -> Any:
    """A bare number is meant exactly; words and intervals are left as they are."""
    return {"low": quantity, "high": quantity} if isinstance(quantity, int) else quantity


def at(hour: float) -> str:
    """An hour of 11 March 2020, UTC; from 24 on it is the next day."""
    return write_instant(read_moment("2020-03-11T00:00:00Z") + int(hour * 3600 * SECOND_US))


def told(by: str, *reports: Json, at_hour: float = 12, kind: str = "press") -> Json:
    """An update: one publisher, one moment, some reports."""
    return {
        "publisher": {"key": by, "kind": kind},
        "published_at": at(at_hour),
        "reports": list(reports),
    }


def recorded(*updates: Json) -> list[Event]:
    """The events of a story, as the store would keep them: opened, then an update a minute."""
    events = [_opening()]
    for minute, update in enumerate(updates, start=1):
        events += _events(update, first=len(events) + 1, minute=minute)
    return events


def _opening() -> Event:
    publisher = Publisher(key="desk", kind=SourceKind.DESK)
    report = IncidentOpened(title="A story", kind=IncidentKind.OTHER)
    return _event(1, publisher, (NOON_US - 12 * 3600 * SECOND_US, 0), report)


def _events(update: Json, *, first: int, minute: int) -> list[Event]:
    publisher = msgspec.convert(update["publisher"], Publisher)
    reports = [convert_report(report) for report in update["reports"]]
    siblings = {report.key: first + index for index, report in enumerate(reports) if report.key}

    def versions(targets: Any) -> tuple[int, ...]:
        return tuple(siblings.get(target, target) for target in targets)

    events = []
    for index, (report, posted) in enumerate(zip(reports, update["reports"], strict=True)):
        targets = posted.get("targets", ())
        if posted["type"] in {"correction", "dispute", "endorsement"}:
            targets = [posted["target"]]
        refs = Refs(
            targets=versions(targets) if isinstance(targets, list) else (),
            depends_on=versions(posted.get("depends_on", ())),
            additional_to=versions(posted.get("additional_to", ())),
        )
        published_us = read_moment(update["published_at"])
        events.append(_event(first + index, publisher, (published_us, minute), report, refs))
    return events


def _event(
    version: int,
    publisher: Publisher,
    moments: tuple[int, int],
    report: Any,
    refs: Refs | None = None,
) -> Event:
    """`moments`: when it was published, and in which minute after noon it was recorded."""
    published_us, minute = moments
    effective_us = published_us if report.effective_at is None else read_moment(report.effective_at)
    return Event(
        version=version,
        event_id=str(uuid4()),
        update_id=str(uuid4()),
        publisher=publisher,
        origin=origin_of(report, publisher),
        published_us=published_us,
        effective_us=effective_us,
        recorded_us=NOON_US + minute * 60 * SECOND_US,
        report=report,
        refs=refs or Refs(),
    )


def situation_of(
    events: Sequence[Event],
    bounds: Bounds = UNBOUNDED,
    trust: Trust = EVERYBODY,
    policy: Policy = Policy.COMPATIBLE,
) -> Situation:
    """What holds after all these events, by the plain fold."""
    last = events[-1]
    frame = Frame(
        incident="a-story",
        policy=policy,
        version=last.version,
        position=last.version,
        recorded_us=last.recorded_us,
        left_out=(
            *(f"origin:{key}" for key in sorted(trust.without_origins)),
            *(f"publisher:{key}" for key in sorted(trust.without_publishers)),
        ),
    )
    opening = events[0].report
    assert isinstance(opening, IncidentOpened)
    return situation(frame, opening, standing(events, bounds, trust))


def known_of(
    events: Sequence[Event],
    bounds: Bounds = UNBOUNDED,
    trust: Trust = EVERYBODY,
    policy: Policy = Policy.COMPATIBLE,
) -> Known:
    """What holds, and the reports that it rests on."""
    return Known(situation_of(events, bounds, trust, policy), standing(events, bounds, trust))


def toll(*updates: Json, harm: str = "killed", policy: Policy = Policy.COMPATIBLE) -> Toll:
    """One harm after a story."""
    held: Toll = getattr(situation_of(recorded(*updates), policy=policy).casualties, harm)
    return held


def of_group(figure: Toll | Measure, group: Json) -> GroupFigure:
    return next(held for held in figure.by_group if held.group == group)


def shown(figure: Figure) -> tuple[Any, Any, str]:
    """A figure in three words."""
    return (figure.low, figure.high, figure.status)


def new_update(update: Json, update_id: str | None = None) -> NewUpdate:
    """An update past the door, for a store."""
    reports = tuple(
        NewReport(body=msgspec.json.encode(report), report=convert_report(report))
        for report in update["reports"]
    )
    return NewUpdate(
        update_id=update_id or str(uuid4()),
        digest=sha256(msgspec.json.encode(update)).digest(),
        publisher=msgspec.convert(update["publisher"], Publisher),
        published_at=update.get("published_at"),
        summary=update.get("summary"),
        reports=reports,
    )


def new_incident(slug: str | None, *reports: Json, title: str = "A story") -> NewIncident:
    return NewIncident(
        incident=slug,
        title=title,
        kind=IncidentKind.OTHER,
        kind_other=None,
        update=new_update(told("desk", *reports, at_hour=0, kind="desk")),
    )
