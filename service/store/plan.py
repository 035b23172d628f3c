"""Deciding: what becomes of each request of a round, before anything is inserted."""

from collections.abc import Mapping, Sequence

from msgspec import Struct
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from service.domain.editorial import FigureAdjudicated, ReportRetracted
from service.domain.moments import DAY_US, SECOND_US, read_moment, write_instant
from service.domain.report import Event, Refs
from service.domain.update import NewIncident, NewUpdate, Writer
from service.errors import Fault, IdReused, IncidentExists, NotFound, Refused, VersionConflict
from service.proof.chain import GENESIS
from service.store.acts import Acts, Past, points_outside
from service.store.drafting import Draft, Moments, SealedEvent, draft, opening_report
from service.store.held import Held, known_to_desk
from service.store.lanes import LaneHead
from service.store.sealing import uuid_bytes, uuid_text
from service.store.statements import Lookup
from service.store.tables import updates

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
    others: Mapping[str, int] = {}
    """The lanes of other incidents that the update names."""

    @property
    def lanes(self) -> set[int]:
        """What must not move while this is decided."""
        return {self.lane, *self.others.values()}


class Replay(Struct, frozen=True, kw_only=True):
    """The update was recorded before, as these versions."""

    lane: int
    incident: str
    first_version: int
    version: int


class Plan(Struct, frozen=True, kw_only=True):
    """An append that was accepted: its events, in the order and with the versions they will
    have.
    """

    request: Request
    events: tuple[SealedEvent, ...]
    first_position: int
    recorded_us: int

    @property
    def told(self) -> list[Event]:
        return [sealed.event for sealed in self.events]

    @property
    def version(self) -> int:
        return self.events[-1].event.version


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
        self._merged: set[str] = set()

    def decide(self, requests: Sequence[Request]) -> list[Decision]:
        recorded = _recorded(self._connection, requests)
        decisions: list[Decision] = []
        for request in requests:
            known = recorded.get((request.incident, request.update.update_id))
            try:
                decisions.append(self._decide(request, known))
            except DBAPIError:
                raise  # It is not this request's doing, or is told so when it is tried alone.
            except Exception as refusal:  # noqa: BLE001 - one request's failure is its own
                decisions.append(refusal)
        return decisions

    def _decide(self, request: Request, known: tuple[bytes, Replay] | None) -> Decision:
        incident = request.incident
        if self._must_wait(request):
            return None
        if known is not None:
            return _replay(request, *known)
        version = self._version(incident)
        if request.opening is not None:
            if version:
                raise IncidentExists(incident)
        elif not version:
            raise NotFound(f"there is no incident {incident}")
        self._refuse_told_elsewhere(request)
        if request.expecting is not None and request.expecting != version:
            raise VersionConflict(request.expecting, version)
        plan = self._plan(request, version)
        self._planned[incident] = plan
        self._taken.add((incident, request.update.update_id))
        if request.others:
            self._merged |= {incident, *request.others}
        return plan

    def _refuse_told_elsewhere(self, request: Request) -> None:
        """A merged incident takes what may undo the merger and nothing else."""
        held = self._held.get(request.incident)
        merged = None if held is None else held.situation.merged
        if merged is None or all(
            isinstance(told.report, ReportRetracted) for told in request.update.reports
        ):
            return
        detail = f"{request.incident} was merged into {merged.into}: the story is told there"
        raise Refused(Fault("", detail))

    def _must_wait(self, request: Request) -> bool:
        """Whether the answer depends on rows that this round has yet to insert."""
        if request.others and self._planned:
            return True
        return request.incident in self._planned and (
            request.opening is not None
            or (request.incident, request.update.update_id) in self._taken
            or points_outside(request.update)
            or request.incident in self._merged
        )

    def _version(self, incident: str) -> int:
        if incident in self._planned:
            return self._planned[incident].version
        return self._held[incident].version if incident in self._held else 0

    def _plan(self, request: Request, version: int) -> Plan:
        head = self._heads[request.lane]
        recorded_us = max(self._now_us, head.recorded_us + 1)
        published_us = self._published_us(request.update, recorded_us)
        told = [*opening_report(request.opening), *request.update.reports]
        first = version + 1 + len(told) - len(request.update.reports)
        acts = Acts(self._past(request, first, published_us), request.update)
        refs = [Refs()] * (len(told) - len(request.update.reports))
        refs += [acts.refs(index, request.by) for index in range(len(request.update.reports))]
        what = Draft(
            incident=request.incident,
            update=request.update,
            by=request.by,
            moments=Moments(published_us, recorded_us),
            leaf=self._leaf(request.incident),
        )
        plan = Plan(
            request=request,
            events=draft(what, told, refs, first=version + 1),
            first_position=head.position + 1,
            recorded_us=recorded_us,
        )
        head.position += len(told)
        head.recorded_us = recorded_us
        return plan

    def _past(self, request: Request, first: int, published_us: int) -> Past:
        held = self._held.get(request.incident)
        known = None if held is None else held.situation
        if held is not None and any(
            isinstance(told.report, FigureAdjudicated) for told in request.update.reports
        ):
            known = known_to_desk(self._connection, held)
        return Past(
            connection=self._connection,
            lane=request.lane,
            incident=request.incident,
            first=first,
            published_us=published_us,
            held=known,
            others=request.others,
        )

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
