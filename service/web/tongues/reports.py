"""A report in a few words, said again from what it holds where the page is in another language than
the domain (service.domain.saying).
"""

from collections import Counter

from service.domain.attribution import AttributionReported
from service.domain.casualties import CasualtiesReported, CasualtyOutcomeChanged
from service.domain.editorial import FigureAdjudicated, ReportCorrected
from service.domain.group import cell_of, group_of
from service.domain.measures import MeasureReported
from service.domain.moments import write_instant
from service.domain.overview import DamageReported, LocationReported, MeansReported
from service.domain.quantity import Quantity, Words, amount, tidy
from service.domain.report import Report, event_name
from service.domain.reports import decode_report
from service.domain.responses import ResponseReported, is_described
from service.domain.saying import say_report as in_english
from service.domain.when import TimeReported, span_of
from service.store.answers import ToldReport, UpdateRecord, encode
from service.web.tongues.speaking import (
    gettext,
    isolated,
    joined,
    ngettext,
    pgettext,
    said,
    tongue,
)
from service.web.tongues.times import say_window
from service.web.tongues.wording import label_of, say_group, say_interval, say_response

MOST = 4
"""Reports of an update that are said one by one."""


def say_reports(update: UpdateRecord) -> str:
    """`killed: 3; injured: 14 (2)`: what an update says, alike reports once, and how many more."""
    alike = Counter(map(_posted, update.reports))
    told = [says if times == 1 else f"{says} ({times})" for says, times in alike.items()]
    more = len(told) - MOST
    if more > 1:
        told[MOST:] = [ngettext("%(num)s more", "%(num)s more", more)]
    return pgettext("between the reports of an update", "; ").join(told)


def _posted(one: ToldReport) -> str:
    """What is withheld or erased is of its type."""
    if one.report is None:
        return said("event", one.type)
    return say_report(decode_report(encode(one.report)))


def say_report(report: Report) -> str:
    """`killed: at least 2 (US military)`; of a type without figures its name."""
    if tongue().is_english:
        return in_english(report)
    told = _told(report)
    return told if report.is_told else f"{said('modality', report.modality or '')}: {told}"


def _told(report: Report) -> str:
    match report:
        case CasualtiesReported() | CasualtyOutcomeChanged() | MeasureReported():
            told = _count(report)
        case MeansReported() | DamageReported():
            told = _thing(report)
        case FigureAdjudicated():
            quantity, why = _counted(report.quantity), isolated(report.rationale)
            told = gettext("the desk settled %(quantity)s: %(why)s", quantity=quantity, why=why)
        case AttributionReported():
            told = _statement(report)
        case ResponseReported():
            told = _response(report)
        case LocationReported():
            told = _location(report)
        case TimeReported():
            told = _time(report)
        case ReportCorrected():
            told = gettext("corrected (%(what)s)", what=said("correction", report.kind))
        case _:
            told = said("event", event_name(type(report)))
    return told


def _thing(report: MeansReported | DamageReported) -> str:
    counted = "" if report.quantity is None else f": {_counted(report.quantity)}"
    if isinstance(report, DamageReported):
        return f"{isolated(report.object)} {isolated(label_of(report.extent))}{counted}"
    basis = f" {said('basis', report.basis)}" if report.basis else ""
    return f"{isolated(report.weapon)}{basis}{counted}"


def _statement(report: AttributionReported) -> str:
    told = said("statement", report.statement)
    if not report.subject:
        return told
    subject = isolated(report.subject)
    return gettext("%(statement)s of %(subject)s", statement=told, subject=subject)


def _response(report: ResponseReported) -> str:
    evidence = [said("evidence", report.evidence)] if report.evidence else []
    how = joined([said("execution", report.execution), *evidence])
    what = say_response(report) if is_described(report) else isolated(report.response)
    return f"{what}: {how}"


def _location(report: LocationReported) -> str:
    name = report.name or report.country
    where = isolated(name) if name else gettext("a point on the map")
    return f"{said('place', report.role)}: {where}"


def _time(report: TimeReported) -> str:
    span = span_of(report.occurred)
    first, last = write_instant(span.first_us), write_instant(span.last_us)
    return gettext("time: %(window)s", window=say_window(first, last, span.precision))


def _count(report: CasualtiesReported | CasualtyOutcomeChanged | MeasureReported) -> str:
    unit = ""
    match report:
        case CasualtiesReported():
            what = said("harm", report.harm)
        case CasualtyOutcomeChanged():
            old, new = said("harm", report.from_), said("harm", report.to)
            what = gettext("%(old)s → %(new)s", old=old, new=new)
        case _:
            what = isolated(label_of(report.name))
            unit = f" {isolated(report.unit)}" if report.unit else ""
    traits = group_of(cell_of(report.group))
    group = f" ({say_group(traits)})" if traits else ""
    return f"{what}: {_counted(report.quantity)}{unit}{group}"


def _counted(quantity: Quantity | Words) -> str:
    if isinstance(quantity, str):
        return isolated(quantity)
    told = amount(quantity)
    return say_interval(tidy(told.low), None if told.high is None else tidy(told.high))
