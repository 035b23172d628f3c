"""The words of the vocabularies that pages show, each vocabulary a context of the catalogues."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus

from service.api.problems import KINDS, OWN_WORDS
from service.domain import (
    attribution,
    casualties,
    editorial,
    group,
    lifecycle,
    measures,
    moments,
    overview,
    record,
    report,
    responses,
)
from service.domain.reports import EVENT_NAMES
from service.domain.wording import plain
from service.store.timeline import ACTS

REFUSALS = (400, 404, 405, 406, 413, 415, 500, 503)
"""Statuses whose names Flask and Werkzeug answer with by themselves."""


def kind(kind: str) -> str:
    """`attack.rocket` is a rocket attack; a bombing is an attack by itself."""
    whole, _, part = kind.partition(".")
    return f"{part} {whole}" if part in {"rocket", "missile"} else part or whole


def _words(*vocabularies: Iterable[str]) -> tuple[str, ...]:
    told = (str(word) for vocabulary in vocabularies for word in vocabulary)
    return tuple(dict.fromkeys(told))


VOCABULARIES: Mapping[str, tuple[str, ...]] = {
    "actor role": _words(overview.ActorRole),
    "audience": _words(editorial.Audience),
    "basis": _words(overview.Basis),
    "confidence": _words(attribution.Confidence),
    "correction": _words(editorial.CorrectionKind),
    "course": _words(measures.Course),
    "event": _words(EVENT_NAMES.values()),
    "evidence": _words(responses.Evidence),
    "execution": _words(responses.Execution),
    "flag": ("competing_claims", "claim_withdrawn", "denied_by_subject", "accuser_is_party"),
    "group": _words(group.Role),
    "harm": _words(casualties.Harm),
    "incident": _words(lifecycle.IncidentKind, ("attack",)),
    "level": _words(level.name.lower() for level in attribution.Level),
    "likelihood": _words(attribution.Likelihood),
    "link": _words(lifecycle.LinkRelation),
    "mark": _words(ACTS.values()),
    "modality": _words(report.Modality),
    "place": _words(overview.LocationRole),
    "place precision": _words(overview.PlacePrecision),
    "problem": _words(
        (one.title for one in KINDS.values()),
        OWN_WORDS.values(),
        (HTTPStatus(status).phrase for status in REFUSALS),
    ),
    "relation": _words(attribution.Relation),
    "response": _words(responses.ResponseKind),
    "scope": _words(group.Scope),
    "source": _words(report.SourceKind),
    "stance": _words(record.Stance),
    "statement": _words(attribution.Statement),
    "status": _words(lifecycle.Status),
    "time precision": _words(moments.Precision),
}
"""By context: the words as the record has them."""


def english(vocabulary: str, word: str) -> str:
    """A word as people write it: what the catalogues know it by."""
    return kind(word) if vocabulary == "incident" else plain(word)


def vocabulary_of(choices: Iterable[str]) -> str | None:
    """The vocabulary that a field lets somebody choose from."""
    words = tuple(choices)
    known = (name for name, told in VOCABULARIES.items() if told[: len(words)] == words)
    return next(known, None)
