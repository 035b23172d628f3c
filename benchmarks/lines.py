"""One line of the table: a figure of the project beside that of its yardstick."""

from dataclasses import dataclass
from enum import StrEnum

from benchmarks.rounds import Measured


class Unit(StrEnum):
    PER_SECOND = "/s"
    MILLISECONDS = " ms"
    MEBIBYTES = " MiB"
    BYTES = " B"


@dataclass(frozen=True)
class Yardstick:
    """`label` stands in the table, `does` below it."""

    label: str
    does: str


@dataclass(frozen=True)
class Line:
    case: int
    engine: str
    what: str
    yardstick: Yardstick
    project: Measured
    other: Measured
    unit: Unit = Unit.PER_SECOND
    goal: float | None = None
    """The ratio to reach, for times the one not to exceed. None: shown for comparison."""

    @property
    def ratio(self) -> float:
        return self.project.over(self.other)

    @property
    def met(self) -> bool | None:
        if self.goal is None:
            return None
        return self.ratio >= self.goal if self.unit is Unit.PER_SECOND else self.ratio <= self.goal
