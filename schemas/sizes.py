"""How large what is posted may be."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from schemas.body import DEEPEST
from schemas.faults import step
from service.errors import Fault

MOST_REPORTS = 1000
MOST_CHARACTERS = 50_000


class Sizes(NamedTuple):
    """The contract's are the defaults. A store may be stricter at its door and never laxer, or an
    export of it would not be taken by another (docs/adr/0015).

    - `reports`: of an update
    - `depth`: levels of JSON
    - `characters`: of any one text; most have a smaller limit of their own
    """

    reports: int = MOST_REPORTS
    depth: int = DEEPEST
    characters: int = MOST_CHARACTERS

    def faults(self, posted: dict[str, Any]) -> Iterator[Fault]:
        """What the contract allows and this store does not."""
        reports = posted.get("reports")
        if isinstance(reports, list) and self.reports < len(reports) <= MOST_REPORTS:
            yield Fault("/reports", f"must hold at most {self.reports} entries in this store")
        if self.characters < MOST_CHARACTERS:
            yield from self._long_texts(posted, "")

    def _long_texts(self, value: Any, pointer: str) -> Iterator[Fault]:
        if isinstance(value, str):
            if self.characters < len(value) <= MOST_CHARACTERS:
                detail = f"must have at most {self.characters} characters in this store"
                yield Fault(pointer, detail)
        elif isinstance(value, dict):
            for key, inner in value.items():
                yield from self._long_texts(inner, step(pointer, key))
        elif isinstance(value, list):
            for index, inner in enumerate(value):
                yield from self._long_texts(inner, step(pointer, index))


CONTRACT = Sizes()
