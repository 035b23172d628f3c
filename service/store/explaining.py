"""Explaining: every report that bears on a part of the situation, and what became of it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, bindparam, select

from service.domain.fates import Act, Ended, Fate, fate_of
from service.domain.figures import figure_at
from service.domain.moments import write_instant
from service.domain.paths import read_figure_path
from service.domain.report import Standing
from service.domain.reports import EVENT_NAMES, part_of, slot_of
from service.domain.saying import say_report
from service.domain.standing import is_within, stands_for
from service.domain.topics import Topic, topic_of
from service.domain.withholding import is_silent
from service.errors import BadParameters, NotFound
from service.store.answers import Question
from service.store.asking import Asked, ask
from service.store.cursors import decoded, encoded, number
from service.store.engine import Clock
from service.store.explanations import Explained, Explanation, Remarked
from service.store.index import part_id, slot_id
from service.store.logged import Kept, kept_among
from service.store.tables import standing, voids

SCANNED = 4
"""How many candidates are looked at for each report that a page may hold."""

LOOKS = 10
"""How many more pages are looked through for a first report where none stands."""

_told_of = (
    select(standing.c.slot, standing.c.version, standing.c.root)
    .where(
        standing.c.lane == bindparam("of_lane"),
        standing.c.incident == bindparam("of_incident"),
        standing.c.part == bindparam("part"),
        standing.c.version <= bindparam("last"),
    )
    .order_by(standing.c.version.desc(), standing.c.slot)
    .limit(bindparam("most"))
)
_acts_on = select(voids).where(
    voids.c.lane == bindparam("of_lane"),
    voids.c.incident == bindparam("of_incident"),
    voids.c.target.in_(bindparam("versions", expanding=True)),
    voids.c.by <= bindparam("last"),
)


class Page(NamedTuple):
    cursor: str | None
    limit: int


def explain(
    connection: Connection,
    place: tuple[int, str],
    path: str,
    *,
    question: Question,
    page: Page,
    clock: Clock | None,
) -> tuple[Explanation, bool]:
    """`place` is lane and incident. Also whether the answer can never change. Raises BadParameters
    for a path that no situation has, NotFound for one of which nothing was found; where there was
    more to look through the answer is empty and has a `next`.
    """
    topic = topic_of(path)
    if topic is None:
        raise BadParameters(("path", f"{path!r} names no part of a situation"))
    asked = ask(connection, *place, question, clock)
    explaining = _Explaining(connection, place, asked, topic)
    cursor, limit = page
    stand = explaining.standing()
    last = asked.frame.version if cursor is None else number(decoded(cursor)) - 1
    fallen, following = explaining.fallen(last, limit)
    holds = topic.holds(asked.known.situation)
    if holds is None and not stand and cursor is None:
        for _ in range(LOOKS):
            if fallen or following is None:
                break
            fallen, following = explaining.fallen(following - 1, limit)
        if not fallen and following is None:
            raise NotFound(f"nothing was said here of {path}")
    held = asked.known.situation
    explanation = Explanation(
        incident=place[1],
        path=path,
        version=held.version,
        as_of=held.as_of,
        published_until=held.published_until,
        policy=held.policy,
        policy_version=held.policy_version,
        lexicon=held.lexicon,
        left_out=held.left_out,
        holds=holds,
        standing=stand if cursor is None else (),
        fallen=fallen,
        next=None if following is None else encoded(str(following)),
    )
    return explanation, asked.immutable


class _Explaining:
    """One topic under one question."""

    def __init__(
        self, connection: Connection, place: tuple[int, str], asked: Asked, topic: Topic
    ) -> None:
        self._connection = connection
        self._place = {"of_lane": place[0], "of_incident": place[1]}
        self._asked = asked
        self._topic = topic
        figure = read_figure_path(topic.path)
        held = None if figure is None else figure_at(asked.known.situation, figure)
        because = getattr(topic.holds(asked.known.situation), "because", ())
        self._carrying = set(because)
        self._outdated = (
            set() if held is None else {v for one in held.outdated for v in one.because}
        )
        self._standing: dict[bytes, Standing] = {}
        for one in asked.known.standing:
            slot = slot_of(one.report, one.origin, one.root)
            if slot is not None:
                self._standing[slot_id(slot)] = one

    def standing(self) -> tuple[Explained, ...]:
        """Every report that stands and bears on the topic, the latest recorded first."""
        found = [
            one
            for one in self._standing.values()
            if part_of(one.report) in self._topic.parts and self._topic.concerns(one.report)
        ]
        told = self._kept(one.version for one in found)
        return tuple(
            self._explained(one, told[one.version], self._stands(one))
            for one in sorted(found, key=lambda one: -one.version)
        )

    def fallen(self, last: int, limit: int) -> tuple[tuple[Explained, ...], int | None]:
        """Reports up to a version that do not stand, and the version after which the next page
        goes on.
        """
        most = limit * SCANNED
        rows = self._candidates(last, most)
        through = rows[-1].version if len(rows) == most else 0
        rows = [row for row in rows if row.version >= through]
        versions = {version for row in rows for version in (row.version, row.root)}
        told = self._kept(versions)
        acts = self._acts(versions)
        found: list[Explained] = []
        for row in rows:
            explained = self._fallen(row, told, acts)
            if explained is None:
                continue
            if len(found) == limit:
                return tuple(found), found[-1].version
            found.append(explained)
        return tuple(found), through or None

    def _fallen(
        self,
        candidate: Any,
        told: Mapping[int, Kept],
        acts: Mapping[tuple[int, int], Sequence[Act]],
    ) -> Explained | None:
        """None for what stands, bears on something else, is withheld or was erased."""
        kept, root = told.get(candidate.version), told.get(candidate.root)
        unseen = self._asked.bounds.withheld
        if kept is None or root is None:
            return None
        if is_silent(kept.event, unseen) or is_silent(root.event, unseen):
            return None
        event = kept.event
        held = stands_for(event, event if candidate.version == candidate.root else root.event)
        if not self._topic.concerns(held.report):
            return None
        now = self._standing.get(candidate.slot)
        ended = fate_of(
            event,
            root.event,
            acts.get((held.version, held.root), ()),
            None if now is None else now.version,
            (self._asked.bounds, self._asked.trust),
        )
        return None if ended.fate is Fate.STANDS else self._explained(held, kept, ended)

    def _candidates(self, last: int, most: int) -> list[Any]:
        """The latest candidates of all parts of the topic, up to a version."""
        rows: list[Any] = []
        for part in self._topic.parts:
            values = {**self._place, "part": part_id(part), "last": last, "most": most}
            rows += self._connection.execute(_told_of, values)
        rows.sort(key=lambda row: -row.version)
        return rows[:most]

    def _acts(self, versions: Iterable[int]) -> dict[tuple[int, int], list[Act]]:
        """The corrections and retractions that this question sees, by candidate."""
        values = {**self._place, "last": self._asked.bounds.version}
        rows = [
            row
            for row in self._connection.execute(_acts_on, {**values, "versions": sorted(versions)})
            if self._is_seen(row)
        ]
        corrections = sorted({row.by for row in rows if not row.retracts})
        undone = {
            row.target
            for row in self._connection.execute(_acts_on, {**values, "versions": corrections})
            if row.retracts and row.target == row.root and self._is_seen(row)
        }
        found: defaultdict[tuple[int, int], list[Act]] = defaultdict(list)
        for row in rows:
            if row.by not in undone:
                act = Act(row.by, row.published_us, bool(row.retracts))
                found[row.target, row.root].append(act)
        return found

    def _is_seen(self, row: Any) -> bool:
        return is_within(
            self._asked.bounds,
            self._asked.trust,
            version=row.by,
            published_us=row.published_us,
            publisher=row.publisher,
            origin=row.origin,
        )

    def _kept(self, versions: Iterable[int]) -> dict[int, Kept]:
        return kept_among(self._connection, self._place, set(versions))

    def _stands(self, held: Standing) -> Ended:
        return Ended(Fate.OUTDATED if held.version in self._outdated else Fate.STANDS)

    def _explained(self, held: Standing, kept: Kept, ended: Ended) -> Explained:
        told = kept.event
        return Explained(
            version=held.version,
            root=held.root,
            event_id=told.event_id,
            update_id=told.update_id,
            type=EVENT_NAMES[type(told.report)],
            says=say_report(held.report),
            phrase=told.report.phrase,
            modality=told.report.modality,
            origin=msgspec.to_builtins(held.origin),
            publisher=msgspec.to_builtins(held.publisher),
            published_at=write_instant(told.published_us),
            effective_at=write_instant(held.effective_us),
            recorded_at=write_instant(told.recorded_us),
            fate=ended.fate.value,
            by=ended.by,
            carries=held.version in self._carrying and ended.fate is Fate.STANDS,
            lost=held.lost,
            remarks=tuple(self._remarks({held.version, held.root})),
            report=kept.posted,
        )

    def _remarks(self, versions: set[int]) -> Iterator[Remarked]:
        held = self._asked.known.situation
        for kind, remarks in (("disputed", held.disputed), ("endorsed", held.endorsed)):
            for remark in remarks:
                if remark.target in versions:
                    yield Remarked(
                        type=kind, by=remark.by, origin=remark.origin, grounds=remark.grounds
                    )
