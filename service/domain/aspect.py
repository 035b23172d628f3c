"""An aspect: its report types and the rule for what supersedes what among them."""

from collections.abc import Callable

from msgspec import Struct

from service.domain.report import Origin, Report

Slot = tuple[str, ...]
"""What supersedes: of all reports in one slot only the latest stands (DOMAIN.md §5.2)."""


class Aspect(Struct, frozen=True, kw_only=True):
    """`slot` names where a report stands; None means that it is told but never stands for
    anything. `part` names the part of the situation that a report speaks of.
    """

    name: str
    reports: tuple[type[Report], ...]
    slot: Callable[[Report, Origin, int], Slot | None]
    part: Callable[[Report], str]
