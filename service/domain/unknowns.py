"""What is not known, derived from the other views alone (DOMAIN.md §8)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, structs

from service.domain.aspect import Slot
from service.domain.attribution import Responsibility
from service.domain.casualties import Casualties, CasualtiesReported, Harm, Toll
from service.domain.measures import Measure, MeasureReported
from service.domain.moments import write_instant
from service.domain.overview import Overview, PlacePrecision
from service.domain.paths import group_path, line_path
from service.domain.reconcile import Figure
from service.domain.record import open_questions
from service.domain.report import Modality, Standing
from service.domain.reports import slot_of
from service.domain.responses import Evidence, Response

VAGUE_PLACES = {PlacePrecision.ADM2, PlacePrecision.ADM1, PlacePrecision.COUNTRY}
FIRM_LEVELS = {"assessed", "claimed", "established"}
COUNTS = (CasualtiesReported, MeasureReported)
UNCONFIRMED = {Evidence.RUMOURED, Evidence.REPORTED}


class Unknown(Struct, frozen=True, kw_only=True):
    """`where` is a path of the situation, `events.<version>` for one report, or a question in its
    own words. `since` is when the first report behind it was published; for a dispute, when both
    sides had spoken; for a ruling under review, when the first report came that touched it; for a
    report that stands on a retracted one, when that was retracted.
    """

    what: str
    where: str
    since: str | None
    because: tuple[int, ...]
    closes_with: str


class _Gap(Struct, frozen=True):
    """`arose` are groups of reports, each of which alone, once all of it is told, makes the gap;
    where there are none, each report behind it does.
    """

    what: str
    where: str
    because: tuple[int, ...]
    closes_with: str
    arose: tuple[tuple[int, ...], ...] = ()
    since_us: int | None = None


def unknowns(
    standing: Sequence[Standing],
    overview: Overview,
    casualties: Casualties,
    attribution: Responsibility,
    responses: Iterable[Response],
) -> tuple[Unknown, ...]:
    published = {held.version: held.published_us for held in standing}
    gaps = [
        *_when_and_where(overview),
        *_tolls(casualties),
        *_measures(overview.measures),
        *_attribution(attribution),
        *_responses(responses),
        *_reports(standing),
    ]
    return tuple(
        Unknown(
            what=gap.what,
            where=gap.where,
            since=_since(published, gap),
            because=gap.because,
            closes_with=gap.closes_with,
        )
        for gap in gaps
    )


def _since(published: Mapping[int, int], gap: _Gap) -> str | None:
    if gap.since_us is not None:
        return write_instant(gap.since_us)
    told = gap.arose or tuple((version,) for version in gap.because)
    moments = [
        max(published[version] for version in together)
        for together in told
        if published.keys() >= set(together)
    ]
    return write_instant(min(moments)) if moments else None


def _when_and_where(overview: Overview) -> Iterator[_Gap]:
    when = overview.occurred
    if when.status == "disputed" or when.precision in {"day", "month", "unknown"}:
        closes = "a time that all standing reports allow, or one by the hour"
        yield _Gap("imprecise_time", "overview.occurred", when.because, closes)
    for place in overview.locations:
        if place.leads and place.precision in VAGUE_PLACES:
            closes = "a report that names the locality or the facility"
            yield _Gap("imprecise_place", f"overview.locations.{place.role}", place.because, closes)


def _tolls(casualties: Casualties) -> Iterator[_Gap]:
    for harm in Harm:
        toll: Toll = getattr(casualties, harm)
        path = f"casualties.{harm}"
        if harm is Harm.UNSPECIFIED:
            if toll.because:
                closes = "a report that says whether they were killed or injured"
                yield _Gap("unspecified_casualties", path, toll.because, closes)
            continue
        if toll.status != "unreported" and toll.high is None:
            closes = "a count with an upper bound from an origin that can know"
            yield _Gap("open_ended_toll", path, toll.because, closes)
        yield from _figure(path, toll)
        for group in toll.by_group:
            yield from _contested(group_path(path, group.group), group)


def _measures(measures: Mapping[str, Measure]) -> Iterator[_Gap]:
    for name, measure in measures.items():
        path = f"overview.measures.{name}"
        yield from _figure(path, measure)
        for group in measure.by_group:
            yield from _contested(group_path(path, group.group), group)


def _figure(path: str, figure: Figure) -> Iterator[_Gap]:
    if figure.status == "single_origin":
        closes = "a second, independent origin"
        yield _Gap("single_origin", path, figure.because, closes)
    yield from _contested(path, figure)


def _contested(path: str, figure: Figure) -> Iterator[_Gap]:
    ruling = figure.adjudication
    if ruling is not None and ruling.state == "needs_review":
        closes = "a new adjudication, or the retraction of the old one"
        because = (ruling.by, *ruling.touched_by)
        touched = tuple((version,) for version in ruling.touched_by)
        yield _Gap("adjudication_needs_review", path, because, closes, touched)
    if figure.status in {"disputed", "inconsistent"}:
        closes = "a correction, a retraction or an adjudication"
        sides = tuple((*one.floor.because, *one.cap.because) for one in figure.disputes)
        arose = sides or (figure.because,)
        yield _Gap(f"{figure.status}_figure", path, figure.because, closes, arose)


def _attribution(attribution: Responsibility) -> Iterator[_Gap]:
    if attribution.responsibility == "unclaimed":
        path, closes = "attribution.responsibility", "a claim of responsibility or a finding"
        yield _Gap("unclaimed", path, attribution.because, closes)
    for line in attribution.lines:
        if line.level not in FIRM_LEVELS:
            path = line_path(line.subject, line.relation)
            closes = "a formal assessment, a claim or a finding"
            yield _Gap("attribution_below_assessed", path, line.because, closes)


def _responses(responses: Iterable[Response]) -> Iterator[_Gap]:
    for response in responses:
        if response.evidence in UNCONFIRMED:
            path = f"responses.{response.response}"
            closes = "the actor's word, or a second independent origin"
            yield _Gap("response_unconfirmed", path, response.because, closes)


def _reports(standing: Sequence[Standing]) -> Iterator[_Gap]:
    supposed = [held for held in standing if held.report.modality is Modality.CONDITIONAL]
    met = _met(supposed, standing) if supposed else set()
    for held in standing:
        if held.lost:
            closes = "a report that stands by itself, or the retraction of this one too"
            because = tuple(sorted({held.version, *(lost.target for lost in held.lost)}))
            since_us = min(lost.published_us for lost in held.lost)
            path = f"events.{held.version}"
            yield _Gap("orphaned_report", path, because, closes, since_us=since_us)
        if held.report.modality is Modality.CONDITIONAL and held.version not in met:
            closes = "a report without the condition"
            yield _Gap("conditional_report", f"events.{held.version}", (held.version,), closes)
        if held.report.is_denied and isinstance(held.report, COUNTS):
            closes = "a count by whoever denies this one"
            yield _Gap("denied_count", f"events.{held.version}", (held.version,), closes)
    for asked in open_questions(standing):
        yield _Gap("open_question", asked.question, asked.because, "an answer")


def _met(supposed: Sequence[Standing], standing: Sequence[Standing]) -> set[int]:
    """Of what was said under a condition, what its origin has said without one since."""
    said = {_slot(held): held.rank for held in standing if held.report.is_told}
    return {held.version for held in supposed if said.get(_plain_slot(held), held.rank) > held.rank}


def _slot(held: Standing) -> Slot | None:
    return slot_of(held.report, held.origin, held.root)


def _plain_slot(held: Standing) -> Slot | None:
    return slot_of(structs.replace(held.report, modality=None), held.origin, held.root)
