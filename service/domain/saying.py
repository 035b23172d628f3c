"""A report in a few plain words: what its origin said, not what follows from it."""

from service.domain.attribution import AttributionReported
from service.domain.casualties import CasualtiesReported, CasualtyOutcomeChanged
from service.domain.editorial import FigureAdjudicated, ReportCorrected
from service.domain.group import Group, cell_of, group_of
from service.domain.measures import MeasureReported
from service.domain.moments import write_instant
from service.domain.overview import DamageReported, LocationReported, MeansReported
from service.domain.quantity import Quantity, Words, amount, tidy
from service.domain.report import Report, event_name
from service.domain.responses import ResponseReported, is_described
from service.domain.when import TimeReported, span_of
from service.domain.wording import plain, say_group, say_interval, say_response, say_window


def say_report(report: Report) -> str:
    """`killed: at least 2 (US military)`; of a type without figures its name."""
    match report:
        case CasualtiesReported() | CasualtyOutcomeChanged() | MeasureReported():
            told = _say_count(report)
        case MeansReported() | DamageReported():
            what = report.weapon if isinstance(report, MeansReported) else report.object
            how = report.basis if isinstance(report, MeansReported) else report.extent
            counted = "" if report.quantity is None else f": {_counted(report.quantity)}"
            told = f"{what}{f' {plain(how)}' if how else ''}{counted}"
        case FigureAdjudicated():
            told = f"the desk settled {_counted(report.quantity)}: {report.rationale}"
        case AttributionReported():
            subject = f" of {report.subject}" if report.subject else ""
            told = f"{plain(report.statement)}{subject}"
        case ResponseReported():
            evidence = f", {plain(report.evidence)}" if report.evidence else ""
            told = f"{_response(report)}: {plain(report.execution)}{evidence}"
        case LocationReported():
            told = f"{plain(report.role)}: {report.name or report.country or 'a point on the map'}"
        case TimeReported():
            told = f"time: {_window(report)}"
        case ReportCorrected():
            told = f"corrected ({plain(report.kind)})"
        case _:
            told = plain(event_name(type(report)))
    return told if report.is_told else f"{plain(report.modality or '')}: {told}"


def _say_count(report: CasualtiesReported | CasualtyOutcomeChanged | MeasureReported) -> str:
    unit = ""
    match report:
        case CasualtiesReported():
            what = plain(report.harm)
        case CasualtyOutcomeChanged():
            what = f"{plain(report.from_)} → {plain(report.to)}"
        case _:
            what = plain(report.name)
            unit = f" {report.unit}" if report.unit else ""
    return f"{what}: {_counted(report.quantity)}{unit}{_of(report.group)}"


def _response(report: ResponseReported) -> str:
    """By its key where nothing else is said of it."""
    return say_response(report) if is_described(report) else report.response


def _window(report: TimeReported) -> str:
    span = span_of(report.occurred)
    return say_window(write_instant(span.first_us), write_instant(span.last_us), span.precision)


def _counted(quantity: Quantity | Words) -> str:
    if isinstance(quantity, str):
        return quantity
    told = amount(quantity)
    return say_interval(tidy(told.low), None if told.high is None else tidy(told.high))


def _of(group: Group) -> str:
    traits = group_of(cell_of(group))
    return f" ({say_group(traits)})" if traits else ""
