"""Walking a log from its first event to its last, and stopping at the first that does not hold."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from service.proof.chain import GENESIS, commitment_of, leaf_of
from service.proof.doubt import Doubt
from service.proof.tree import EMPTY, Peaks


class Entry(NamedTuple):
    """One event as a store or an export holds it. `before` is the leaf that is held of the same
    incident's event before, None where there is none; payload and salt are None once erased.
    """

    position: int
    incident: str
    version: int
    envelope: bytes
    before: bytes | None
    commitment: bytes
    leaf: bytes
    salt: bytes | None
    payload: bytes | None

    def __str__(self) -> str:
        return f"{self.incident}/{self.version} (position {self.position})"

    def check(self) -> None:
        """Hold the event to its hashes. Raises Doubt, which names it."""
        if (self.before is None) != (self.version == 1):
            raise Doubt(f"{self}: event {self.version - 1} of its incident is missing")
        if self.payload is not None and self.salt is not None:
            if commitment_of(self.salt, self.payload) != self.commitment:
                raise Doubt(f"{self}: its payload is not the one that was hashed")
        elif self.payload is not None or self.salt is not None:
            raise Doubt(f"{self}: its payload and its salt do not belong together")
        before = GENESIS if self.before is None else self.before
        if leaf_of(self.envelope, self.commitment, before) != self.leaf:
            raise Doubt(f"{self}: its envelope is not the one that was hashed")


class Walk:
    """The events of one lane, in the order of their positions.

    `expected` are roots that the log must have had: what its own checkpoint and what witnesses saw,
    by size, with the name of whoever says so.
    """

    def __init__(self, expected: Mapping[int, Iterable[tuple[bytes, str]]]) -> None:
        self._expected = expected
        self._tree = Peaks()
        self._hold_to(0, EMPTY)

    @property
    def size(self) -> int:
        return self._tree.size

    @property
    def tree(self) -> Peaks:
        return self._tree

    def take(self, entry: Entry) -> None:
        """Raises Doubt, which names the event."""
        if entry.position != self._tree.size + 1:
            raise Doubt(f"{entry}: position {self._tree.size + 1} should come here, and is missing")
        entry.check()
        self._tree.push(entry.leaf)
        if self._tree.size in self._expected:
            self._hold_to(self._tree.size, self._tree.root())

    def end(self) -> None:
        """There are no more events. Raises Doubt where somebody saw more."""
        for size in sorted(self._expected):
            if size > self._tree.size:
                who = " and ".join(name for _, name in self._expected[size])
                raise Doubt(
                    f"the log has {self._tree.size} events, and {who} saw {size}: "
                    f"what came after position {self._tree.size} is missing"
                )

    def _hold_to(self, size: int, root: bytes) -> None:
        for expected, name in self._expected.get(size, ()):
            if expected != root:
                raise Doubt(
                    f"the events up to position {size} hold together, but are not those that "
                    f"{name} saw"
                )
