"""Comparing: what differs between two points of an incident's past, or two ways of asking."""

from msgspec import Struct, structs
from sqlalchemy import Connection

from service.domain.changes import Change, changes
from service.domain.policies import Policy
from service.domain.reasons import Known
from service.domain.situation import Situation
from service.domain.standing import Origins
from service.errors import NotFound
from service.store.answers import Question
from service.store.asking import ask, known_before
from service.store.engine import Clock


class Point(Struct, frozen=True, kw_only=True):
    """One end of a comparison; version 0 is before the incident was opened."""

    version: int
    recorded_at: str | None
    as_of: str | None
    published_until: str | None


class Changes(Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """What a reader who knew the first point would have to be told at the second."""

    incident: str
    axis: str
    from_: Point
    to: Point
    policy: str
    policy_version: str
    lexicon: str
    left_out: tuple[str, ...]
    changes: tuple[Change, ...]


class ComparedSituation(Situation, frozen=True, kw_only=True):
    """A situation, and what differs in it from the plain answer inside the same bounds."""

    changes: tuple[Change, ...]


class Ends(Struct, frozen=True, kw_only=True):
    """The questions at both ends; `start` None is before anything was known."""

    axis: str
    start: Question | None
    end: Question


def changes_between(
    connection: Connection, place: tuple[int, str], ends: Ends, clock: Clock | None
) -> tuple[Changes, bool]:
    """What changed, and whether that answer can never change itself. `place`: lane and incident.

    Raises NotFound and Malformed as `ask` does, but for a start before the incident was opened:
    then everything is new.
    """
    after = ask(connection, *place, ends.end, clock)
    before, settled = _start(connection, place, ends, clock, after.bounds.withheld)
    held = after.known.situation
    answer = Changes(
        incident=place[1],
        axis=ends.axis,
        from_=_point(before.situation),
        to=_point(held),
        policy=held.policy,
        policy_version=held.policy_version,
        lexicon=held.lexicon,
        left_out=held.left_out,
        changes=changes(before, after.known),
    )
    return answer, settled and after.immutable


def compared(known: Known, plain: Known) -> ComparedSituation:
    """A what-if beside the plain answer: what it would have a reader believe instead."""
    told = {name: getattr(known.situation, name) for name in Situation.__struct_fields__}
    return ComparedSituation(**told, changes=changes(plain, known))


def plainly(question: Question) -> Question:
    """The same bounds, everybody heard, under the policy that holds where none is asked."""
    return structs.replace(
        question,
        without_publishers=(),
        without_origins=(),
        origins=Origins.ALL,
        policy=Policy.COMPATIBLE,
    )


def _start(
    connection: Connection,
    place: tuple[int, str],
    ends: Ends,
    clock: Clock | None,
    withheld: frozenset[int],
) -> tuple[Known, bool]:
    """What was known at the start, and whether that can never change."""
    if ends.start is None:
        return known_before(connection, *place, withheld), True
    try:
        asked = ask(connection, *place, ends.start, clock)
    except NotFound:
        if ends.start.version is not None:
            raise
        return known_before(connection, *place, withheld), True
    return asked.known, asked.immutable


def _point(held: Situation) -> Point:
    return Point(
        version=held.version,
        recorded_at=held.recorded_at if held.version else None,
        as_of=held.as_of,
        published_until=held.published_until,
    )
