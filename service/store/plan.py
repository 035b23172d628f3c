"""Deciding: what becomes of each request of a round, before anything is inserted."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec import Raw, Struct
from msgspec.json import encode
from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from service.domain.lifecycle import IncidentOpened
from service.domain.moments import DAY_US, SECOND_US, read_moment, write_instant
from service.domain.report import Event, Refs, Report, origin_of
from service.domain.update import NewIncident, NewReport, NewUpdate, Writer
from service.errors import Fault, IdReused, IncidentExists, NotFound, Refused, VersionConflict
from service.store.held import Held
from service.store.lanes import LaneHead
from service.store.sealing import GENESIS, Payload, Sealed, envelope_of, seal, uuid_bytes, uuid_text
from service.store.statements import Lookup
from service.store.tables import updates
from service.store.targets import Resolver, points_outside

AHEAD_US = 5 * 60 * SECOND_US
"""How far a publication may lie ahead of the store's clock (API.md, Writing)."""

_known = Lookup(
    updates,
    keys=("lane", "incident", "update_id"),
    columns=("incident", "update_id", "digest", "lane", "first_version", "version"),
)


class Request(Struct, frozen=True, kw_only=True):
    """One append, or one opening, on its way through the committer."""

    lane: int
    incident: str
    update: NewUpdate
    by: Writer
    opening: NewIncident | None = None
    expecting: int | None = None


class Replay(Struct, frozen=True, kw_only=True):
    """The update was recorded before, as these versions."""

    lane: int
    incident: str
    first_version: int
    version: int


class SealedEvent(Struct, frozen=True):
    event: Event
    sealed: Sealed


class Plan(Struct, frozen=True, kw_only=True):
    """An append that was accepted: its events, in the order and with the versions they will
    have.
    """

    request: Request
    events: tuple[SealedEvent, ...]
    first_position: int
    recorded_us: int

    @property
    def version(self) -> int:
        return self.events[-1].event.version


class _Moments(NamedTuple):
    published_us: int
    recorded_us: int


Decision = Plan | Replay | Exception | None


class Round:
    """Decides the requests of one round in their order. None puts a request off to the next
    round.
    """

    def __init__(
        self,
        connection: Connection,
        heads: Mapping[int, LaneHead],
        held: Mapping[str, Held],
        now_us: int,
    ) -> None:
        self._connection = connection
        self._heads = heads
        self._held = held
        self._now_us = now_us
        self._planned: dict[str, Plan] = {}
        self._taken: set[tuple[str, str]] = set()

    def decide(self, requests: Sequence[Request]) -> list[Decision]:
        recorded = _recorded(self._connection, requests)
        decisions: list[Decision] = []
        for request in requests:
            known = recorded.get((request.incident, request.update.update_id))
            try:
                decisions.append(self._decide(request, known))
            except Exception as refusal:  # noqa: BLE001 - one request's failure is its own
                decisions.append(refusal)
        return decisions

    def _decide(self, request: Request, known: tuple[bytes, Replay] | None) -> Decision:
        incident = request.incident
        if incident in self._planned and self._must_wait(request):
            return None
        if known is not None:
            return _replay(request, *known)
        version = self._version(incident)
        if request.opening is not None:
            if version:
                raise IncidentExists(incident)
        elif not version:
            raise NotFound(f"there is no incident {incident}")
        if request.expecting is not None and request.expecting != version:
            raise VersionConflict(request.expecting, version)
        plan = self._plan(request, version)
        self._planned[incident] = plan
        self._taken.add((incident, request.update.update_id))
        return plan

    def _must_wait(self, request: Request) -> bool:
        """Whether the answer depends on rows that this round has yet to insert."""
        return (
            request.opening is not None
            or (request.incident, request.update.update_id) in self._taken
            or points_outside(request.update)
        )

    def _version(self, incident: str) -> int:
        if incident in self._planned:
            return self._planned[incident].version
        return self._held[incident].version if incident in self._held else 0

    def _plan(self, request: Request, version: int) -> Plan:
        head = self._heads[request.lane]
        recorded_us = max(self._now_us, head.recorded_us + 1)
        published_us = self._published_us(request.update, recorded_us)
        told = [*_opening(request.opening), *request.update.reports]
        first = version + 1 + len(told) - len(request.update.reports)
        resolver = Resolver(self._connection, request.lane, request.incident, request.update, first)
        refs = [Refs()] * (len(told) - len(request.update.reports))
        refs += [resolver.refs(index, request.by) for index in range(len(request.update.reports))]
        moments = _Moments(published_us, recorded_us)
        events = tuple(
            _event(request, version + 1 + index, report.report, moments, refs[index])
            for index, report in enumerate(told)
        )
        sealed = _seal(request, told, events, self._leaf(request.incident))
        plan = Plan(
            request=request,
            events=sealed,
            first_position=head.position + 1,
            recorded_us=recorded_us,
        )
        head.position += len(told)
        head.recorded_us = recorded_us
        return plan

    def _leaf(self, incident: str) -> bytes:
        if incident in self._planned:
            return self._planned[incident].events[-1].sealed.leaf
        return self._held[incident].leaf if incident in self._held else GENESIS

    def _published_us(self, update: NewUpdate, recorded_us: int) -> int:
        if update.published_at is None:
            return recorded_us
        published_us = read_moment(update.published_at)
        begins_us = published_us
        if "T" not in update.published_at.upper():
            begins_us = published_us - DAY_US + 1
        if begins_us > self._now_us + AHEAD_US:
            now = write_instant(self._now_us)
            detail = f"{update.published_at} lies ahead of the store's clock, which shows {now}"
            raise Refused(Fault("/published_at", detail))
        return published_us


def _recorded(
    connection: Connection, requests: Sequence[Request]
) -> dict[tuple[str, str], tuple[bytes, Replay]]:
    rows = _known.rows(
        connection,
        [
            {
                "lane": request.lane,
                "incident": request.incident,
                "update_id": uuid_bytes(request.update.update_id),
            }
            for request in requests
        ],
    )
    return {
        (incident, uuid_text(update_id)): (
            digest,
            Replay(lane=lane, incident=incident, first_version=first, version=last),
        )
        for incident, update_id, digest, lane, first, last in rows
    }


def _replay(request: Request, digest: bytes, replay: Replay) -> Replay:
    if digest != request.update.digest:
        raise IdReused(request.update.update_id)
    return replay


def _opening(opening: NewIncident | None) -> list[NewReport]:
    if opening is None:
        return []
    report = IncidentOpened(title=opening.title, kind=opening.kind, kind_other=opening.kind_other)
    return [NewReport(body=_opening_body(report), report=report)]


def _opening_body(report: IncidentOpened) -> bytes:
    told = {"type": "opening", "title": report.title, "kind": report.kind}
    if report.kind_other is not None:
        told["kind_other"] = report.kind_other
    return encode(told)


def _event(request: Request, version: int, report: Report, moments: _Moments, refs: Refs) -> Event:
    publisher = request.update.publisher
    return Event(
        version=version,
        event_id=str(uuid7()),
        update_id=request.update.update_id,
        publisher=publisher,
        origin=origin_of(report, publisher),
        published_us=moments.published_us,
        effective_us=moments.published_us
        if report.effective_at is None
        else read_moment(report.effective_at),
        recorded_us=moments.recorded_us,
        report=report,
        refs=refs,
    )


def _seal(
    request: Request, told: Sequence[NewReport], events: Sequence[Event], leaf: bytes
) -> tuple[SealedEvent, ...]:
    sealed_events = []
    for index, (report, event) in enumerate(zip(told, events, strict=True)):
        payload = Payload(
            publisher=event.publisher,
            published_at=request.update.published_at,
            summary=request.update.summary if index == 0 else None,
            report=Raw(report.body),
        )
        envelope = envelope_of(event, incident=request.incident, actor=request.by.name)
        sealed = seal(envelope, payload, leaf)
        leaf = sealed.leaf
        sealed_events.append(SealedEvent(event, sealed))
    return tuple(sealed_events)
