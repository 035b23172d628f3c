"""Charting: a figure step by step along one axis, in pages that can be drawn alone."""

from msgspec import Struct, structs
from sqlalchemy import Connection

from service.domain.casualties import AFFECTED
from service.domain.figures import counts_people
from service.domain.moments import read_instant
from service.domain.paths import FigurePath, figure_path, read_figure_path
from service.domain.policies import POLICY_VERSIONS
from service.domain.quantity import LEXICON_VERSION
from service.domain.series import FigureStep, OriginSteps, Turn, lines
from service.domain.topics import Topic, topic_of
from service.errors import BadParameters, NotFound
from service.store.answers import Question
from service.store.asking import framed
from service.store.axes import Axis
from service.store.cursors import decoded, encoded, number
from service.store.engine import Clock
from service.store.turns import Turning

EARLIEST_US = read_instant("0001-01-01T00:00:00Z")
LATEST_US = read_instant("9999-12-31T23:59:59.999999Z")


class Wanted(Struct, frozen=True, kw_only=True):
    """Which figure along which axis, after `from_us` and up to `to_us`; `limit` is the most points
    of the axis that a page considers. Not JSON.
    """

    figure: str
    axis: Axis = Axis.RECORDED
    from_us: int | None = None
    to_us: int | None = None
    cursor: str | None = None
    limit: int


class Series(Struct, frozen=True, kw_only=True):
    """A figure step by step, and what each origin says of it. A step holds until the next one;
    before the first, nothing was reported.

    Every page, and every answer that has a `from`, begins with the state at its start, so that it
    can be drawn alone. What is withheld from the reader of the whole is in no step.
    """

    incident: str
    figure: str
    axis: str
    policy: str
    policy_version: str
    lexicon: str
    as_of: str | None
    published_until: str | None
    version: int
    left_out: tuple[str, ...]
    steps: tuple[FigureStep, ...]
    origins: tuple[OriginSteps, ...]
    next: str | None


class _Place(Struct, frozen=True, kw_only=True):
    """Where a page begins: after which point, in the record as the first page had it."""

    after_us: int | None
    version: int


def series(
    connection: Connection,
    place: tuple[int, str],
    wanted: Wanted,
    question: Question,
    clock: Clock | None,
) -> tuple[Series, bool]:
    """A page of the series, and whether it can never change. `place`: lane and incident.

    Raises BadParameters for a path that no figure has, NotFound for a measure that nobody told of.
    """
    path, topic = _figure(wanted.figure)
    asked = framed(connection, *place, question, clock)
    begun = _begun(wanted, asked.frame.version)
    frame = structs.replace(asked.frame, version=begun.version)
    bounds = structs.replace(asked.bounds, version=frame.version)
    told = (bounds, asked.trust, frame.recorded_us)
    turning = Turning(connection, place, told, axis=wanted.axis, parts=topic.parts)
    if not counts_people(path) and not turning.is_told():
        raise NotFound(f"nothing was said here of {wanted.figure}")
    turns, following = _page(turning, begun.after_us, wanted)
    drawn = lines(path, frame.policy, turns)
    answer = Series(
        incident=frame.incident,
        figure=figure_path(path),
        axis=wanted.axis.value,
        policy=frame.policy.value,
        policy_version=POLICY_VERSIONS[frame.policy],
        lexicon=LEXICON_VERSION,
        as_of=frame.as_of,
        published_until=frame.published_until,
        version=frame.version,
        left_out=frame.left_out,
        steps=drawn.steps,
        origins=drawn.origins,
        next=None
        if following is None
        else encoded(f"{wanted.axis.value} {following} {frame.version}"),
    )
    return answer, asked.immutable


def _page(turning: Turning, after_us: int | None, wanted: Wanted) -> tuple[list[Turn], int | None]:
    """The turns of a page, and the point after which the next one goes on."""
    points = turning.points(after_us, wanted.to_us, wanted.limit + 1)
    turns = [] if after_us is None else [turning.start(after_us)]
    shown = points[: wanted.limit]
    if shown:
        turns += turning.between(after_us, shown[-1])
    return turns, shown[-1] if len(points) > len(shown) else None


def _begun(wanted: Wanted, version: int) -> _Place:
    if wanted.cursor is None:
        return _Place(after_us=wanted.from_us, version=version)
    axis, _, rest = decoded(wanted.cursor).partition(" ")
    if axis != wanted.axis:
        raise BadParameters(("cursor", "it was given out for another axis"))
    after, _, of_version = rest.partition(" ")
    after_us = min(max(number(after), EARLIEST_US), LATEST_US)
    return _Place(after_us=after_us, version=min(number(of_version), version))


def _figure(figure: str) -> tuple[FigurePath, Topic]:
    path, topic = read_figure_path(figure), topic_of(figure)
    if path is None or topic is None or path.whole == AFFECTED:
        raise BadParameters(("figure", f"{figure!r} names no figure of a situation"))
    return path, topic
