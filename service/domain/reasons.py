"""Why something no longer holds: a correction, a retraction, a newer word, the desk, a dispute
(DOMAIN.md §5.7).
"""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from service.domain.casualties import AFFECTED, CasualtyOutcomeChanged, Harm
from service.domain.editorial import (
    MarkingApplied,
    ReportCorrected,
    ReportRetracted,
    SaidSince,
    said_in,
)
from service.domain.facts import Fact
from service.domain.reconcile import Figure
from service.domain.report import Standing
from service.domain.reports import aspect_of, slot_of
from service.domain.situation import Situation

MOST_REASONS = 2
LONGEST_NOTE = 120


class Known(NamedTuple):
    """A situation, and the reports that stand in it."""

    situation: Situation
    standing: Collection[Standing]


class Reason(NamedTuple):
    """`cause` in a word, `words` that go on a sentence after `because`, the events that say so."""

    cause: str
    words: str
    because: tuple[int, ...]


def reason_for(was: Fact | None, now: Fact | None, before: Known, after: Known) -> Reason | None:
    """Why a figure fell, or why other facts changed where what carried them was withdrawn."""
    if was is None:
        return None
    if was.low is None:
        acts = {"correction", "retraction", "marking", "left_out"}
        gone = _gone(was.because, before, after)
        return _together([reason for reason in gone if reason.cause in acts])
    if was.low > (0 if now is None or now.low is None else now.low):
        return _together(_reasons_of_a_fall(was, now, before, after))
    return None


def _together(reasons: Sequence[Reason]) -> Reason | None:
    if not reasons:
        return None
    told = list(dict.fromkeys(reason.words for reason in reasons))
    words = " and ".join(told[:MOST_REASONS])
    because = {version for reason in reasons for version in reason.because}
    return Reason(reasons[0].cause, words, tuple(sorted(because)))


def _reasons_of_a_fall(
    was: Fact, now: Fact | None, before: Known, after: Known
) -> Sequence[Reason]:
    return (
        list(_desk(was.figure, None if now is None else now.figure))
        or list(_gone(was.because, before, after))
        or (list(_desk_on_a_harm(before, after)) if was.path == AFFECTED else [])
        or list(_weighed_otherwise(was, now, before, after))
        or [_other_question(before, after)]
    )


def _desk(old: Figure | None, new: Figure | None) -> Iterator[Reason]:
    """What the desk settled, or no longer does because newer reports came."""
    ruling = None if new is None else new.adjudication
    if old is None or new is None or ruling is None:
        return
    if new.rule == "adjudicated" and (old.adjudication is None or old.adjudication.by != ruling.by):
        words = f"the desk settled it ({_short(ruling.rationale)})"
        yield Reason("adjudication", words, (ruling.by,))
    elif new.rule == "adjudicated" and old.rule != "adjudicated":
        yield Reason("adjudication", "what the desk settled holds again", (ruling.by,))
    elif old.rule == "adjudicated" and new.rule != "adjudicated":
        words = "the desk has to review its figure after newer reports"
        yield Reason("needs_review", words, ruling.touched_by)


def _desk_on_a_harm(before: Known, after: Known) -> Iterator[Reason]:
    old, new = before.situation.casualties, after.situation.casualties
    for harm in Harm:
        yield from _desk(getattr(old, harm), getattr(new, harm))


def _gone(versions: Sequence[int], before: Known, after: Known) -> Iterator[Reason]:
    """What became of reports that carried the old fact and no longer stand. A correction's event
    stands for itself and for what it put in place.
    """
    standing = {(held.root, held.version) for held in after.standing}
    for held in before.standing:
        if held.version in versions and (held.root, held.version) not in standing:
            yield _fate(held, after)


def _fate(held: Standing, after: Known) -> Reason:
    for act in after.standing:
        if isinstance(act.report, ReportRetracted) and _reaches(act, act.report, held):
            words = f"event {held.version} was retracted{_noted(act.report.reason)}"
            return Reason("retraction", words, (act.version,))
    if (corrected := _corrected(held, after)) is not None:
        return corrected
    for act in after.standing:
        if isinstance(act.report, MarkingApplied) and held.version in act.refs.targets:
            return Reason("marking", f"event {held.version} is withheld", (act.version,))
    if (newer := _superseding(held, after)) is not None:
        if newer.report.is_denied:
            words, cause = f"{newer.origin.key} denied it", "denial"
        else:
            words, cause = f"{newer.origin.key} gave a newer figure", "supersession"
        return Reason(cause, words, (newer.version,))
    if _is_left_out(held, after.situation):
        return Reason("left_out", f"{held.origin.key} is left out", ())
    return Reason("bounds", f"event {held.version} had not been told then", ())


def _superseding(held: Standing, after: Known) -> Standing | None:
    slot = slot_of(held.report, held.origin, held.root)
    for newer in after.standing:
        same = newer.origin.key == held.origin.key and newer.rank > held.rank
        if same and slot_of(newer.report, newer.origin, newer.root) == slot:
            return newer
    return None


def _corrected(held: Standing, after: Known) -> Reason | None:
    """The correction that holds instead: of several the latest published."""
    corrections = [
        (act.published_us, act.version, act.report)
        for act in after.standing
        if isinstance(act.report, ReportCorrected) and held.root in act.refs.targets
    ]
    if not corrections:
        return None
    _, version, report = max(corrections, key=lambda told: told[:2])
    if version == held.version:
        return None
    words = f"event {held.root} was corrected ({report.kind}){_noted(report.note)}"
    return Reason("correction", words, (version,))


def _reaches(act: Standing, report: ReportRetracted, held: Standing) -> bool:
    """Whether a retraction took a report, or the correction of it."""
    if isinstance(report.targets, SaidSince):
        return act.version > held.version and said_in(
            report.targets,
            origin=held.origin.key,
            publisher=held.publisher.key,
            published_us=held.published_us,
        )
    return bool({held.version, held.root} & set(act.refs.targets))


def _is_left_out(held: Standing, situation: Situation) -> bool:
    return bool(
        {f"origin:{held.origin.key}", f"publisher:{held.publisher.key}"} & set(situation.left_out)
    )


def _weighed_otherwise(
    was: Fact, now: Fact | None, before: Known, after: Known
) -> Iterator[Reason]:
    """The reports still stand, and newer ones change what they come to: those that carry it now, or
    else those of the origins that carried it.
    """
    if now is None:
        return
    known = {held.version for held in before.standing}
    newer = {version for version in now.because if version not in known}
    if not newer:
        carried = {held.origin.key for held in before.standing if held.version in was.because}
        newer = {
            held.version
            for held in after.standing
            if held.version not in known
            and held.origin.key in carried
            and aspect_of(held.report) == "casualties"
        }
    moved = [
        held.version
        for held in after.standing
        if isinstance(held.report, CasualtyOutcomeChanged) and held.version in newer
    ]
    disputes = () if now.figure is None else now.figure.disputes
    against = [one.cap for one in disputes if not known.issuperset(one.cap.because)]
    if moved:
        yield Reason("outcome", "people came under another harm", tuple(moved))
    elif against:
        sides = sorted({side.origin for side in against})
        because = {version for side in against for version in side.because}
        verb = "disputes" if len(sides) == 1 else "dispute"
        words = f"{' and '.join(sides[:MOST_REASONS])} {verb} it"
        yield Reason("dispute", words, tuple(sorted(because)))
    elif newer:
        yield Reason("newer_reports", "newer reports say so", tuple(sorted(newer)))


def _other_question(before: Known, after: Known) -> Reason:
    if before.situation.policy != after.situation.policy:
        words = f"the policy {after.situation.policy} chooses otherwise"
        return Reason("policy", words, ())
    return Reason("reconciled", "the reports that stand come to less", ())


def _noted(note: str | None) -> str:
    return f" ({_short(note)})" if note else ""


def _short(note: str) -> str:
    words = " ".join(note.split())
    return words if len(words) <= LONGEST_NOTE else f"{words[:LONGEST_NOTE].rstrip()}…"
