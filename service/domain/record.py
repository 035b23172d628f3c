"""The record: what was said and shown around the figures, and what was asked (DOMAIN.md §3)."""

from collections import defaultdict
from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from service.domain.aspect import Aspect, Slot
from service.domain.casualties import Harm
from service.domain.group import EVERYONE, Group, cell_of, group_of
from service.domain.report import Modality, Origin, Report, Standing


class Stance(StrEnum):
    CONDEMNS = "condemns"
    WARNS = "warns"
    DENIES = "denies"
    CONFIRMS = "confirms"
    NO_COMMENT = "no_comment"
    CONDOLENCE = "condolence"
    CALLS_FOR = "calls_for"
    OTHER = "other"


class StatementReported(Report, frozen=True, kw_only=True, tag="statement"):
    """Somebody took a stance."""

    speaker: str
    stance: Stance
    stance_other: str | None = None
    paraphrase: str
    quote: str | None = None


class ContextReported(Report, frozen=True, kw_only=True, tag="context"):
    """Background that helps to read the rest."""

    paraphrase: str
    period: str | None = None


class NarrativePosted(Report, frozen=True, kw_only=True, tag="narrative"):
    """The story in running text."""

    headline: str | None = None
    body: str


class EvidenceAdded(Report, frozen=True, kw_only=True, tag="evidence"):
    """A document, picture or recording, by its address or its hash."""

    url: str | None = None
    archive_url: str | None = None
    sha256: str | None = None
    media_type: str | None = None
    captured_at: str | None = None


class PersonIdentified(Report, frozen=True, kw_only=True, tag="person"):
    """An origin named a person. Withheld from public readers until the next of kin are informed
    (service.domain.withholding).
    """

    name: str
    role: str | None = None
    harm: Harm | None = None
    group: Group = EVERYONE
    next_of_kin_informed: bool | None = None


class QuestionRaised(Report, frozen=True, kw_only=True, tag="question"):
    """Something that nobody has answered yet."""

    question: str
    text: str | None = None


class QuestionAnswered(Report, frozen=True, kw_only=True, tag="answer"):
    """An answer to the question that is worded alike."""

    question: str
    text: str | None = None


class Person(Struct, frozen=True, kw_only=True):
    """Somebody whom origins named, as the latest of them told it."""

    name: str
    role: str | None
    harm: str | None
    group: dict[str, str]
    origins: tuple[str, ...]
    because: tuple[int, ...]


class OpenQuestion(Struct, frozen=True, kw_only=True):
    question: str
    because: tuple[int, ...]


def slot(report: Report, origin: Origin, version: int) -> Slot | None:
    """What is told stands for nothing and supersedes nothing, but for questions, persons and
    conditional words.
    """
    if isinstance(report, QuestionRaised | QuestionAnswered):
        return ("question", " ".join(report.question.casefold().split()))
    if isinstance(report, PersonIdentified):
        return (origin.key, "person", " ".join(report.name.casefold().split()))
    if report.modality is Modality.CONDITIONAL:
        return ("record", str(version))
    return None


def part(report: Report) -> str:
    return "questions" if isinstance(report, QuestionRaised | QuestionAnswered) else "record"


ASPECT = Aspect(
    name="record",
    reports=(
        StatementReported,
        ContextReported,
        NarrativePosted,
        EvidenceAdded,
        PersonIdentified,
        QuestionRaised,
        QuestionAnswered,
    ),
    slot=slot,
    part=part,
)


def open_questions(standing: Sequence[Standing]) -> tuple[OpenQuestion, ...]:
    return tuple(
        OpenQuestion(question=held.report.question, because=(held.version,))
        for held in standing
        if isinstance(held.report, QuestionRaised)
    )


def people(standing: Sequence[Standing]) -> tuple[Person, ...]:
    """The persons who were named, in the order of their names."""
    told: defaultdict[str, list[tuple[Standing, PersonIdentified]]] = defaultdict(list)
    for held in standing:
        if isinstance(held.report, PersonIdentified):
            told[" ".join(held.report.name.casefold().split())].append((held, held.report))
    return tuple(_person(told[name]) for name in sorted(told))


def _person(told: Sequence[tuple[Standing, PersonIdentified]]) -> Person:
    _, latest = max(told, key=lambda pair: pair[0].rank)
    return Person(
        name=latest.name,
        role=latest.role,
        harm=latest.harm,
        group=group_of(cell_of(latest.group)),
        origins=tuple(sorted({held.origin.key for held, _ in told})),
        because=tuple(held.version for held, _ in told),
    )
