"""The Merkle tree of RFC 6962 over the leaves of a log, and the proofs of its §2.1.

A tree is never held whole: `Peaks` is what it takes to go on growing it, and proofs ask for the
nodes that they need. The node (level, index) is the hash over the 2**level leaves from
index·2**level on.
"""

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY = sha256().digest()

Nodes = Callable[[int, int], bytes]
"""Gives the hash of a node, all of whose leaves are in the log."""


def leaf_hash(leaf: bytes) -> bytes:
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


class Peaks:
    """A tree of `size` leaves as its complete subtrees, the largest first."""

    __slots__ = ("_hashes", "size")

    def __init__(self, size: int = 0, stored: bytes = b"") -> None:
        """Raises ValueError where so many leaves have another number of peaks."""
        if size < 0 or len(stored) != HASH_BYTES * size.bit_count():
            raise ValueError(f"{len(stored)} bytes are no peaks of a tree of {size} leaves")
        self.size = size
        self._hashes = [stored[at : at + HASH_BYTES] for at in range(0, len(stored), HASH_BYTES)]

    def push(self, leaf: bytes) -> None:
        new, size = leaf_hash(leaf), self.size
        while size & 1:
            new = node_hash(self._hashes.pop(), new)
            size >>= 1
        self._hashes.append(new)
        self.size += 1

    def stored(self) -> bytes:
        return b"".join(self._hashes)

    def root(self) -> bytes:
        return _folded(self._hashes)


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The root over hashes that are a power of two in number."""
    while len(hashes) > 1:
        hashes = [node_hash(*pair) for pair in zip(hashes[::2], hashes[1::2], strict=True)]
    return hashes[0]


def tree_root(size: int, nodes: Nodes) -> bytes:
    """The root of the tree that the log had when it was `size` leaves long."""
    return _range(0, size, nodes) if size else EMPTY


def inclusion(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """The audit path of a leaf, counted from 0, in the tree of `size` leaves (§2.1.1)."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    return _path(index, 0, size, nodes)


def consistency(first: int, second: int, nodes: Nodes) -> list[bytes]:
    """Proof that the tree of `second` leaves goes on from that of `first` (§2.1.2)."""
    if not 0 <= first <= second:
        raise ValueError(f"a tree of {second} leaves does not go on from one of {first}")
    if first in (0, second):
        return []
    return _subproof(first, 0, second, nodes, whole=True)


def is_included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether a path leads from a leaf to the root (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size:
        return False
    found, at, last = leaf_hash(leaf), index, size - 1
    for beside in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(beside, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, beside)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def goes_on(
    first: int, first_root: bytes, second: int, second_root: bytes, path: Sequence[bytes]
) -> bool:
    """Whether the later tree has all leaves of the earlier one, in its order (RFC 9162
    §2.1.4.2).
    """
    if first in (0, second):
        begins = EMPTY if first == 0 else second_root
        return not path and first <= second and first_root == begins
    if not 0 < first < second:
        return False
    steps = iter(path)
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    earlier = first_root if at == 0 else next(steps, b"")
    later = earlier
    for beside in steps:
        if last == 0:
            return False
        if at & 1 or at == last:
            earlier, later = node_hash(beside, earlier), node_hash(beside, later)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            later = node_hash(later, beside)
        at, last = at >> 1, last >> 1
    return last == 0 and earlier == first_root and later == second_root


def _folded(hashes: Sequence[bytes]) -> bytes:
    if not hashes:
        return EMPTY
    *larger, found = hashes
    for peak in reversed(larger):
        found = node_hash(peak, found)
    return found


def _range(start: int, count: int, nodes: Nodes) -> bytes:
    """The root over some leaves. `start` is a multiple of the greatest power of two within
    `count`.
    """
    return _folded([nodes(level, first >> level) for level, first in _subtrees(start, count)])


def _subtrees(start: int, count: int) -> Iterator[tuple[int, int]]:
    """The complete subtrees of a range, the largest first: level, and first leaf."""
    while count:
        level = count.bit_length() - 1
        yield level, start
        start += 1 << level
        count -= 1 << level


def _split(count: int) -> int:
    """The largest power of two below a count of at least two."""
    return int(1 << ((count - 1).bit_length() - 1))


def _path(index: int, start: int, count: int, nodes: Nodes) -> list[bytes]:
    if count == 1:
        return []
    left = _split(count)
    if index < left:
        beside = _range(start + left, count - left, nodes)
        return [*_path(index, start, left, nodes), beside]
    beside = _range(start, left, nodes)
    return [*_path(index - left, start + left, count - left, nodes), beside]


def _subproof(first: int, start: int, count: int, nodes: Nodes, *, whole: bool) -> list[bytes]:
    if first == count:
        return [] if whole else [_range(start, count, nodes)]
    left = _split(count)
    if first <= left:
        beside = _range(start + left, count - left, nodes)
        return [*_subproof(first, start, left, nodes, whole=whole), beside]
    beside = _range(start, left, nodes)
    path = _subproof(first - left, start + left, count - left, nodes, whole=False)
    return [*path, beside]
