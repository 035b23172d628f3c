"""The plain fold over what a database holds, to hold the store's quick answers against."""

from msgspec import structs
from sqlalchemy import create_engine, text

from service.domain.lifecycle import IncidentOpened
from service.domain.moments import write_instant
from service.domain.report import Event
from service.domain.situation import Frame, situation
from service.domain.standing import UNBOUNDED, Bounds, left_out, standing
from service.domain.withholding import withheld_among
from service.store.answers import Question
from service.store.reading import encode
from service.store.sealing import read_event

EVERY_EVENT = text(
    "SELECT e.*, p.body FROM events e "
    "LEFT JOIN payloads p ON p.lane = e.lane AND p.event_id = e.event_id "
    "WHERE e.incident = :incident ORDER BY e.version"
)


def log_of(url: str, incident: str) -> list[tuple[Event, int]]:
    """Every event of an incident, with its position."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            rows = connection.execute(EVERY_EVENT, {"incident": incident}).mappings()
            return [(read_event(row), row["position"]) for row in rows]
    finally:
        engine.dispose()


def folded(
    log: list[tuple[Event, int]], incident: str, question: Question, now_us: int = 0
) -> bytes:
    """The situation that a question should get, as JSON, from nothing but the events and the time
    at which it is asked.
    """
    recorded = [
        (event, position)
        for event, position in log
        if question.as_of_us is None or event.recorded_us <= question.as_of_us
    ]
    if question.version is not None:
        recorded = recorded[: question.version]
    last, position = recorded[-1]
    events = [event for event, _ in log]
    bounds = bounds_of(log, question, last, now_us)
    frame = Frame(
        incident=incident,
        version=last.version,
        position=position,
        recorded_us=last.recorded_us,
        as_of=_written(question.as_of_us),
        published_until=_written(question.published_until_us),
        left_out=left_out(question.trust, standing(events, bounds)),
    )
    opening = log[0][0].report
    assert isinstance(opening, IncidentOpened)
    if 1 in bounds.withheld:
        opening = structs.replace(opening, title=incident)
    return encode(situation(frame, opening, standing(events, bounds, question.trust)))


def bounds_of(log: list[tuple[Event, int]], question: Question, last: Event, now_us: int) -> Bounds:
    """What a question sees: nothing of what is withheld now, or was at its own moment."""
    events = [event for event, _ in log]
    bounds = Bounds(version=last.version, published_us=question.published_until_us)
    if question.desk:
        return bounds
    pinned = question.as_of_us if question.version is None else last.recorded_us
    moments = [us for us in (pinned, question.published_until_us) if us is not None]
    now = withheld_among(events, UNBOUNDED, now_us)
    then = withheld_among(events, bounds, min(moments, default=now_us))
    return structs.replace(bounds, withheld=now | then)


def _written(moment_us: int | None) -> str | None:
    return None if moment_us is None else write_instant(moment_us)
