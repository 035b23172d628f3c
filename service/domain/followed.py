"""One figure followed from turn to turn: at each the one that the situation has there, though only
what changed is derived anew.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any, NamedTuple, Protocol, cast

from service.domain.adjudication import settled_cells
from service.domain.casualties import (
    CasualtiesReported,
    CasualtyOutcomeChanged,
    Harm,
    departures_from,
    told_of_harm,
)
from service.domain.claims import Said
from service.domain.editorial import FigureAdjudicated
from service.domain.figures import counts_people
from service.domain.group import TOTAL, Cell
from service.domain.measures import (
    MEASURES,
    Course,
    Measurand,
    MeasureReported,
    Measuring,
    called_in,
    course_of,
    told_of_measure,
)
from service.domain.moves import Move
from service.domain.paths import FigurePath
from service.domain.policies import Policy
from service.domain.reconcile import UNREPORTED, Figure, across_origins
from service.domain.report import Standing
from service.domain.reports import part_of
from service.domain.tally import Tally, Told

Slot = Hashable


class Room(NamedTuple):
    """Reports that are read together: of one origin about one thing, or all of one kind."""

    what: Hashable
    origin: str = ""


LEAVING, DESK = Room("leaving"), Room("desk")
Rooms = Mapping[Room, Mapping[Slot, Standing]]


class Frame(NamedTuple):
    """What every origin's word is read with: which thing is meant, None where nothing is told of
    it, who left it by whichever origin's word, and whether only the latest moment speaks.
    """

    what: Hashable | None
    leaving: tuple[Move, ...] = ()
    varies: bool = False


class Counting(Protocol):
    """What is counted: people who came to one harm, or a measure."""

    def room(self, held: Standing) -> Room | None:
        """Where a report belongs; None where it is about something else."""

    def frames(self, room: Room) -> bool:
        """Whether the frame rests on the reports of a room."""

    def frame(self, rooms: Rooms) -> Frame: ...

    def told(self, reports: Iterable[Standing]) -> Told: ...


class People(NamedTuple):
    harm: Harm

    def room(self, held: Standing) -> Room | None:
        match held.report:
            case CasualtyOutcomeChanged(is_told=False):
                return None
            case CasualtyOutcomeChanged(from_=left) if left is self.harm:
                return LEAVING
            case CasualtiesReported(harm=harm) | CasualtyOutcomeChanged(to=harm):
                return Room(self.harm, held.origin.key) if harm is self.harm else None
        return None

    def frames(self, room: Room) -> bool:
        return room == LEAVING

    def frame(self, rooms: Rooms) -> Frame:
        leaving = departures_from(self.harm, _ordered(rooms.get(LEAVING, {})))
        return Frame(self.harm, tuple(leaving))

    def told(self, reports: Iterable[Standing]) -> Told:
        return told_of_harm(self.harm, reports)


class Measured(NamedTuple):
    called: str

    def room(self, held: Standing) -> Room | None:
        if not isinstance(held.report, MeasureReported):
            return None
        return Room((held.report.name, held.report.unit or ""), held.origin.key)

    def frames(self, room: Room) -> bool:
        return room != DESK

    def frame(self, rooms: Rooms) -> Frame:
        told: defaultdict[Measurand, list[Measuring]] = defaultdict(list)
        for room, reports in rooms.items():
            for held in reports.values():
                if isinstance(held.report, MeasureReported):
                    told[cast(Measurand, room.what)].append((held, held.report))
        meant = called_in(told).get(self.called)
        varies = meant is not None and course_of(told[meant]) is Course.VARIES
        return Frame(meant, varies=varies)

    def told(self, reports: Iterable[Standing]) -> Told:
        return told_of_measure(
            (held, held.report) for held in reports if isinstance(held.report, MeasureReported)
        )


class Followed:
    """One figure, kept from turn to turn. An origin's word is read anew where its reports changed,
    every origin's where the frame did.
    """

    def __init__(self, path: FigurePath, policy: Policy) -> None:
        self._path = path
        self._policy = policy
        self._counting: Counting = (
            People(Harm(path.whole.removeprefix("casualties.")))
            if counts_people(path)
            else Measured(path.whole.removeprefix(f"{MEASURES}."))
        )
        self._rooms: defaultdict[Room, dict[Slot, Standing]] = defaultdict(dict)
        self._room_of: dict[Slot, Room] = {}
        self._frame = self._counting.frame({})
        self._told: dict[str, Told] = {}
        self._said: dict[str, Said] = {}

    def take(self, now: Mapping[Slot, Standing | None]) -> list[tuple[str, Said | None]]:
        """The origins that say something else since then, and what, in the order of their keys."""
        touched = {room for slot, held in now.items() for room in self._put(slot, held)}
        frame = self._frame
        if any(self._counting.frames(room) for room in touched):
            frame = self._counting.frame(self._rooms)
        origins = {room.origin for room in touched if room.what == frame.what}
        if frame != self._frame:
            self._frame = frame
            there = {room.origin for room in self._rooms if room.what == frame.what}
            origins = {*self._told, *there}
        return [
            (origin, self._said.get(origin)) for origin in sorted(origins) if self._read(origin)
        ]

    def figure(self) -> Figure:
        """Without who disputes it and who was overtaken."""
        origins = sorted(self._told)
        tally = self._tally(self._told[origin] for origin in origins)
        desk = settled_cells(_ordered(self._rooms.get(DESK, {})))
        cell = self._path.cell
        if self._frame.what is None or not _is_told(cell, tally, desk):
            return UNREPORTED
        settled = desk.get(cell)
        touching = () if settled is None else tally.touching(cell)
        said = (
            tally.said(cell)
            if tally.varies
            else [self._said[origin] for origin in origins if origin in self._said]
        )
        return across_origins(said, self._policy, settled, touching, briefly=True)

    def _tally(self, told: Iterable[Told]) -> Tally:
        return Tally(list(told), self._frame.leaving, self._frame.varies)

    def _put(self, slot: Slot, held: Standing | None) -> Iterator[Room]:
        """Let a report stand in a slot; the rooms that this changes."""
        left = self._room_of.pop(slot, None)
        room = None if held is None else self._room(held)
        if left is not None:
            before = self._rooms[left].pop(slot)
            if left == room and before == held:
                self._rooms[left][slot], self._room_of[slot] = before, left
                return
            if not self._rooms[left]:
                del self._rooms[left]
            yield left
        if held is not None and room is not None:
            self._rooms[room][slot], self._room_of[slot] = held, room
            yield room

    def _room(self, held: Standing) -> Room | None:
        if isinstance(held.report, FigureAdjudicated):
            return DESK if part_of(held.report) == self._path.whole else None
        return self._counting.room(held)

    def _read(self, origin: str) -> bool:
        """Read an origin's word; whether its interval is another one than before."""
        before = _interval(self._said.pop(origin, None))
        self._told.pop(origin, None)
        reports = self._rooms.get(Room(self._frame.what, origin))
        if reports:
            told = self._told[origin] = self._counting.told(_ordered(reports))
            for said in self._tally([told]).said(self._path.cell):
                self._said[origin] = said
        return _interval(self._said.get(origin)) != before


def _is_told(cell: Cell, tally: Tally, desk: Mapping[Cell, Any]) -> bool:
    return cell == TOTAL or cell in desk or cell in tally.cells()


def _ordered(reports: Mapping[Slot, Standing]) -> list[Standing]:
    """In the order in which a situation takes them."""
    return sorted(reports.values(), key=attrgetter("root", "version"))


def _interval(said: Said | None) -> tuple[Any, Any] | None:
    return None if said is None else (said.low, said.high)
