"""Responses: what was done about it, and how sure that is, on two axes (DOMAIN.md §7)."""

from collections import defaultdict
from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from service.domain.aspect import Aspect, Slot
from service.domain.names import is_called
from service.domain.report import Origin, Report, Standing


class ResponseKind(StrEnum):
    STRIKE = "strike"
    SANCTION = "sanction"
    WITHDRAWAL = "withdrawal"
    REINFORCEMENT = "reinforcement"
    ARREST = "arrest"
    EVACUATION = "evacuation"
    DIPLOMATIC = "diplomatic"
    AID = "aid"
    INVESTIGATION = "investigation"
    STATEMENT = "statement"
    OTHER = "other"


class Execution(StrEnum):
    CONTEMPLATED = "contemplated"
    ANNOUNCED = "announced"
    UNDER_WAY = "under_way"
    CARRIED_OUT = "carried_out"
    CALLED_OFF = "called_off"


class Evidence(StrEnum):
    """What supports a response, the weakest first."""

    RUMOURED = "rumoured"
    REPORTED = "reported"
    CORROBORATED = "corroborated"
    CONFIRMED_BY_ACTOR = "confirmed_by_actor"
    DENIED_BY_ACTOR = "denied_by_actor"
    REFUTED = "refuted"


DENIALS = {Evidence.DENIED_BY_ACTOR, Evidence.REFUTED}
FINAL = {Evidence.CONFIRMED_BY_ACTOR, *DENIALS}


class ResponseReported(Report, frozen=True, kw_only=True, tag="response"):
    """An origin said that somebody did, does or may do something about it."""

    response: str
    actor: str | None = None
    kind: ResponseKind | None = None
    kind_other: str | None = None
    target: str | None = None
    place: str | None = None
    execution: Execution
    evidence: Evidence | None = None


def is_described(report: ResponseReported) -> bool:
    """Whether it is said what the response is, whose, or where."""
    return any((report.kind, report.actor, report.target, report.place))


class Says(Struct, frozen=True, kw_only=True):
    origin: str
    execution: str
    evidence: str
    because: tuple[int, ...]


class Response(Struct, frozen=True, kw_only=True):
    """One response: how far it has got, and what supports that."""

    response: str
    actor: str | None
    kind: str | None
    target: str | None
    place: str | None
    execution: str
    evidence: str
    because: tuple[int, ...]
    says: tuple[Says, ...]


class _Told(Struct, frozen=True):
    held: Standing
    report: ResponseReported
    evidence: Evidence


def slot(report: Report, origin: Origin, version: int) -> Slot | None:
    if not isinstance(report, ResponseReported):
        return None
    return (origin.key, "response", report.response)


def part(report: Report) -> str:
    return f"responses.{report.response}" if isinstance(report, ResponseReported) else "responses"


ASPECT = Aspect(name="responses", reports=(ResponseReported,), slot=slot, part=part)


def responses(standing: Sequence[Standing]) -> tuple[Response, ...]:
    told: defaultdict[str, list[_Told]] = defaultdict(list)
    for held in standing:
        if not isinstance(held.report, ResponseReported):
            continue
        evidence = _evidence(held.origin, held.report)
        if evidence is not None:
            told[held.report.response].append(_Told(held, held.report, evidence))
    return tuple(_response(key, said) for key, said in told.items())


def _evidence(origin: Origin, report: ResponseReported) -> Evidence | None:
    """None where somebody denies it who is not the actor: that tells nothing of how far it is."""
    if not report.is_denied:
        return report.evidence or Evidence.REPORTED
    if report.evidence in DENIALS:
        return report.evidence
    by_actor = report.actor is not None and is_called(origin, report.actor)
    return Evidence.DENIED_BY_ACTOR if by_actor else None


def _response(key: str, told: Sequence[_Told]) -> Response:
    """The latest word with the weightiest evidence speaks; two independent origins corroborate
    it.
    """
    latest_first = sorted(told, key=lambda one: one.held.rank, reverse=True)
    final = [one for one in latest_first if one.evidence in FINAL]
    firm = [one for one in latest_first if one.evidence is not Evidence.RUMOURED]
    speaking = (final or firm or latest_first)[0]
    agreeing = [one for one in firm if one.report.execution is speaking.report.execution]
    carrying = [speaking]
    evidence = speaking.evidence
    if not final and len({one.held.origin.voice for one in agreeing}) > 1:
        evidence, carrying = Evidence.CORROBORATED, agreeing
    return Response(
        response=key,
        actor=_latest(latest_first, "actor"),
        kind=_latest(latest_first, "kind"),
        target=_latest(latest_first, "target"),
        place=_latest(latest_first, "place"),
        execution=speaking.report.execution,
        evidence=evidence,
        because=tuple(sorted(one.held.version for one in carrying)),
        says=tuple(
            Says(
                origin=one.held.origin.key,
                execution=one.report.execution,
                evidence=one.evidence,
                because=(one.held.version,),
            )
            for one in told
        ),
    )


def _latest(latest_first: Sequence[_Told], key: str) -> str | None:
    told = (getattr(one.report, key) for one in latest_first)
    return next((str(value) for value in told if value is not None), None)
