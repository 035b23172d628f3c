"""Values derived from standing reports, each kept beside what it was derived from."""

from collections.abc import Callable
from typing import Any, TypeVar

from service.domain.report import Standing

Value = TypeVar("Value")
Reports = tuple[Standing, ...]


class Derived:
    """Derives a value anew only where its reports are not those of the time before.

    Every value is still a pure function of its reports: without a memory the result is the same.
    """

    def __init__(self, before: "Derived | None" = None) -> None:
        self._kept: dict[str, tuple[Reports, Any]] = {} if before is None else dict(before._kept)

    def of(self, name: str, reports: Reports, derive: Callable[[Reports], Value]) -> Value:
        known = self._kept.get(name)
        if known is None or known[0] != reports:
            known = self._kept[name] = (reports, derive(reports))
        value: Value = known[1]
        return value
