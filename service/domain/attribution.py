"""Attribution: who did it, on whose word, and how firm that word is (DOMAIN.md §6)."""

from collections import defaultdict
from collections.abc import Sequence
from enum import IntEnum, StrEnum

from msgspec import Struct, structs

from service.domain.aspect import Aspect, Slot
from service.domain.moments import write_instant
from service.domain.names import folded, is_called, is_named_in
from service.domain.report import OFFICIALS, Origin, Report, SourceKind, Standing


class Statement(StrEnum):
    CLAIM = "claim"
    DENIAL = "denial"
    ACCUSATION = "accusation"
    ASSESSMENT = "assessment"
    NO_CLAIM = "no_claim"
    WITHDRAWAL = "withdrawal"
    FINDING = "finding"


class Relation(StrEnum):
    PERPETRATOR = "perpetrator"
    SPONSOR = "sponsor"
    SUPPLIER = "supplier"
    BENEFICIARY = "beneficiary"


class Likelihood(StrEnum):
    """Words of estimative probability, US ICD 203."""

    ALMOST_NO_CHANCE = "almost_no_chance"
    VERY_UNLIKELY = "very_unlikely"
    UNLIKELY = "unlikely"
    ROUGHLY_EVEN = "roughly_even"
    LIKELY = "likely"
    VERY_LIKELY = "very_likely"
    ALMOST_CERTAIN = "almost_certain"


class Confidence(StrEnum):
    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


class Level(IntEnum):
    """The ladder of DOMAIN.md §6."""

    NONE = 0
    SPECULATED = 1
    SUSPECTED = 2
    ACCUSED = 3
    ASSESSED = 4
    CLAIMED = 5
    ESTABLISHED = 6


_SUPPOSED = Level.SPECULATED
"""As firm as a statement under a condition can be."""

ACCUSERS = {*OFFICIALS, SourceKind.PARTY_TO_CONFLICT}
"""Whose accusation is that of a government or of a side, and not an expert's."""

FINDERS = {SourceKind.OFFICIAL, SourceKind.DOCUMENT, SourceKind.OTHER}
"""Who may be a court, the UN or a joint inquiry, or its judgment itself."""


class AttributionReported(Report, frozen=True, kw_only=True, tag="attribution"):
    """Somebody claimed, denied, accused, assessed or found who did it, or noted that nobody had
    claimed it.
    """

    statement: Statement
    subject: str | None = None
    relation: Relation | None = None
    speaker: str | None = None
    likelihood: Likelihood | None = None
    confidence: Confidence | None = None


class Said(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One standing statement of a line."""

    origin: str
    statement: str
    speaker: str | None = None
    likelihood: str | None = None
    confidence: str | None = None
    because: tuple[int, ...]


class Line(Struct, frozen=True, kw_only=True):
    """How firmly one subject stands in one relation to the incident."""

    subject: str
    relation: str
    level: str
    flags: tuple[str, ...]
    because: tuple[int, ...]
    statements: tuple[Said, ...]


class Responsibility(Struct, frozen=True, kw_only=True):
    """`as_of` dates the latest word that nobody had claimed it: *no claim* is a dated fact."""

    responsibility: str
    as_of: str | None
    because: tuple[int, ...]
    lines: tuple[Line, ...]


class _Told(Struct, frozen=True):
    held: Standing
    report: AttributionReported
    level: Level
    by_subject: bool


def slot(report: Report, origin: Origin, version: int) -> Slot | None:
    """A denial stands beside what else its speaker says; a withdrawal, and an accusation that is
    denied, take the place of what was said.
    """
    if not isinstance(report, AttributionReported):
        return None
    side = {Statement.DENIAL: "denial", Statement.NO_CLAIM: "no_claim"}.get(
        report.statement, "word"
    )
    relation = report.relation or Relation.PERPETRATOR
    subject = "" if report.subject is None else folded(report.subject)
    return (origin.key, "attribution", side, subject, relation, folded(report.speaker or ""))


def part(_: Report) -> str:
    return "attribution"


ASPECT = Aspect(name="attribution", reports=(AttributionReported,), slot=slot, part=part)


def attribution(standing: Sequence[Standing]) -> Responsibility:
    """The lines, the firmest first, and whether anybody took responsibility."""
    spoken: defaultdict[tuple[str, Relation], list[_Told]] = defaultdict(list)
    nobody: list[Standing] = []
    for held in standing:
        if not isinstance(held.report, AttributionReported):
            continue
        if held.report.subject is None:
            nobody += [] if held.report.is_denied else [held]
            continue
        relation = held.report.relation or Relation.PERPETRATOR
        spoken[folded(held.report.subject), relation].append(_read(held, held.report))
    told = {line: _as_it_stands(said) for line, said in spoken.items()}
    claims = {
        who
        for (who, relation), said in told.items()
        if relation is Relation.PERPETRATOR and any(one.level is Level.CLAIMED for one in said)
    }
    lines = [_line(relation, said, claims - {who}) for (who, relation), said in told.items()]
    lines.sort(key=lambda line: (-Level[line.level.upper()], line.relation, line.subject))
    return _responsibility(lines, nobody, claims)


def _as_it_stands(told: Sequence[_Told]) -> list[_Told]:
    """A claim that its subject withdrew counts no more, whoever told of the one or the other."""
    withdrawn = max((one.held.rank for one in told if _withdraws(one)), default=None)
    return [
        structs.replace(one, level=Level.NONE)
        if one.level is Level.CLAIMED and withdrawn is not None and one.held.rank < withdrawn
        else one
        for one in told
    ]


def _withdraws(told: _Told) -> bool:
    withdraws = told.report.statement is Statement.WITHDRAWAL and told.report.is_told
    return withdraws and told.by_subject


def _responsibility(
    lines: Sequence[Line], nobody: Sequence[Standing], claims: set[str]
) -> Responsibility:
    established = [
        line
        for line in lines
        if line.level == "established" and line.relation == Relation.PERPETRATOR
    ]
    claimed = [line for line in lines if folded(line.subject) in claims]
    latest = max(nobody, key=lambda held: held.rank, default=None)
    if established:
        answer, because = "established", _versions(established)
    elif len(claims) > 1:
        answer, because = "competing", _versions(claimed)
    elif claims:
        answer, because = "claimed", _versions(claimed)
    else:
        answer, because = "unclaimed", tuple(held.version for held in nobody)
    return Responsibility(
        responsibility=answer,
        as_of=write_instant(latest.effective_us) if latest and answer == "unclaimed" else None,
        because=because,
        lines=tuple(lines),
    )


def _line(relation: Relation, told: Sequence[_Told], other_claims: set[str]) -> Line:
    level = max(one.level for one in told)
    voices = {one.held.origin.voice for one in told if one.level >= Level.ACCUSED}
    claimants = {one.held.origin.voice for one in told if one.level is Level.CLAIMED}
    if level is Level.CLAIMED and voices - claimants:
        level = Level.ESTABLISHED
    flags = []
    claimed = any(one.level is Level.CLAIMED for one in told)
    if claimed and relation is Relation.PERPETRATOR and other_claims:
        flags.append("competing_claims")
    if any(_withdraws(one) for one in told):
        flags.append("claim_withdrawn")
    if any(_denies(one.report) and one.by_subject for one in told):
        flags.append("denied_by_subject")
    if any(_accuses_as_party(one) for one in told):
        flags.append("accuser_is_party")
    return Line(
        subject=told[0].report.subject or "",
        relation=relation,
        level=level.name.lower(),
        flags=tuple(flags),
        because=tuple(one.held.version for one in told),
        statements=tuple(
            Said(
                origin=one.held.origin.key,
                statement=one.report.statement,
                speaker=one.report.speaker,
                likelihood=one.report.likelihood,
                confidence=one.report.confidence,
                because=(one.held.version,),
            )
            for one in told
        ),
    )


def _read(held: Standing, report: AttributionReported) -> _Told:
    by_subject = _speaks_for(held.origin, report)
    level = _level(held.origin, report, by_subject=by_subject)
    if _denies(report):
        level = Level.NONE
    elif not report.is_told:
        level = min(level, _SUPPOSED)
    return _Told(held, report, level, by_subject)


def _denies(report: AttributionReported) -> bool:
    """Whether it says that a subject did not do it."""
    takes_back = report.statement in {Statement.WITHDRAWAL, Statement.NO_CLAIM}
    return report.statement is Statement.DENIAL or (report.is_denied and not takes_back)


def _level(origin: Origin, report: AttributionReported, *, by_subject: bool) -> Level:
    match report.statement:
        case Statement.FINDING if _is_formal(origin, report):
            return Level.ESTABLISHED
        case Statement.CLAIM if by_subject or report.speaker is None:
            return Level.CLAIMED
        case Statement.ASSESSMENT | Statement.FINDING if report.likelihood or report.confidence:
            return Level.ASSESSED
        case Statement.DENIAL | Statement.WITHDRAWAL | Statement.NO_CLAIM:
            return Level.NONE
    if origin.kind in ACCUSERS:
        return Level.ACCUSED if origin.is_named else Level.SUSPECTED
    return Level.SUSPECTED if report.speaker is not None else Level.SPECULATED


def _is_formal(origin: Origin, report: AttributionReported) -> bool:
    """Whether a finding is that of a court or an inquiry: its own word, or one that names it. What
    a party to the conflict finds is its accusation.
    """
    cited = report.speaker is not None and origin.kind is not SourceKind.PARTY_TO_CONFLICT
    return cited or origin.kind in FINDERS


def _accuses_as_party(told: _Told) -> bool:
    return told.held.origin.kind is SourceKind.PARTY_TO_CONFLICT and (
        told.report.statement in {Statement.ACCUSATION, Statement.ASSESSMENT, Statement.FINDING}
    )


def _speaks_for(origin: Origin, report: AttributionReported) -> bool:
    """Whether the words come from the subject itself: its name stands in the speaker's or
    origin's.
    """
    if report.speaker:
        return is_named_in(report.speaker, report.subject or "")
    return is_called(origin, report.subject or "")


def _versions(lines: Sequence[Line]) -> tuple[int, ...]:
    return tuple(sorted({version for line in lines for version in line.because}))
