"""When it happened: each origin's window, and where they meet (DOMAIN.md §5, When and where)."""

from collections.abc import Sequence

from msgspec import Struct

from service.domain.moments import Precision, Span, read_span, write_instant
from service.domain.report import Report, Standing


class Occurred(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Moments, dates or months as they were written."""

    earliest: str
    latest: str | None = None
    precision: Precision | None = None


class TimeReported(Report, frozen=True, kw_only=True, tag="time"):
    """An origin said when it happened."""

    occurred: Occurred


class StandingTime(Struct, frozen=True, kw_only=True):
    origin: str
    earliest: str
    latest: str
    precision: str
    because: tuple[int, ...]


class When(Struct, frozen=True, kw_only=True):
    """The window in which it happened, and what each origin says."""

    earliest: str | None
    latest: str | None
    precision: str
    status: str
    because: tuple[int, ...]
    standing: tuple[StandingTime, ...]


def span_of(occurred: Occurred) -> Span:
    """The stretch of time that a report names. Raises ValueError where it ends before it begins."""
    first = read_span(occurred.earliest)
    last = first if occurred.latest is None else read_span(occurred.latest)
    if occurred.latest is None and occurred.precision in {Precision.DAY, Precision.MONTH}:
        named = occurred.earliest[: 10 if occurred.precision is Precision.DAY else 7]
        first = last = read_span(named)
    if last.last_us < first.first_us:
        raise ValueError("latest lies before earliest")
    told = first.precision if last == first else Precision.WINDOW
    return Span(first.first_us, last.last_us, occurred.precision or told)


def when(standing: Sequence[Standing]) -> When:
    """The intersection of the standing windows, else the latest published one (DOMAIN.md §5)."""
    told = [
        (held, span_of(held.report.occurred))
        for held in standing
        if isinstance(held.report, TimeReported)
    ]
    if not told:
        return When(
            earliest=None,
            latest=None,
            precision="unknown",
            status="unreported",
            because=(),
            standing=(),
        )
    first_us = max(span.first_us for _, span in told)
    last_us = min(span.last_us for _, span in told)
    status = "single_origin" if len({held.origin.voice for held, _ in told}) == 1 else "compatible"
    because: tuple[int, ...]
    if first_us > last_us:
        latest, span = max(told, key=lambda pair: (pair[0].published_us, pair[0].root))
        first_us, last_us, precision = span
        status, because = "disputed", (latest.version,)
    else:
        exact = [span.precision for _, span in told if span[:2] == (first_us, last_us)]
        precision = exact[0] if exact else Precision.WINDOW
        because = tuple(
            held.version
            for held, span in told
            if span.first_us == first_us or span.last_us == last_us
        )
    return When(
        earliest=write_instant(first_us),
        latest=write_instant(last_us),
        precision=precision,
        status=status,
        because=because,
        standing=tuple(
            StandingTime(
                origin=held.origin.key,
                earliest=write_instant(span.first_us),
                latest=write_instant(span.last_us),
                precision=span.precision,
                because=(held.version,),
            )
            for held, span in told
        ),
    )
