"""Bytes as choices: a fuzzer that turns a byte over makes another decision, and what comes out is
near to something honest, where random bytes would be refused at the first sign.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

from tests.histories import Json

Chosen = TypeVar("Chosen")

STRANGE: tuple[Any, ...] = (
    *(None, True, 0, 1, -1, 2**63, 10**30, 1.5, "", " ", "\x00", "0", "x" * 500, "ÿ\n\n— a b\n"),
    *([], {}, [[]], ["00"], {"a": None}),
)


class Choices:
    """Decisions, as long as there are bytes; then always the first."""

    def __init__(self, data: bytes) -> None:
        self._rest = data
        self._at = 0

    def below(self, most: int) -> int:
        """A number from 0 on, and below so many; one byte, two where there are more."""
        size = 1 if most <= 256 else 2
        piece = self.bytes(size)
        return int.from_bytes(piece) % most

    def one_of(self, things: Sequence[Chosen]) -> Chosen:
        return things[self.below(len(things))]

    def bytes(self, size: int) -> bytes:
        piece = self._rest[self._at : self._at + size]
        self._at += size
        return piece

    def text(self) -> str:
        return self.bytes(self.below(64)).decode("utf-8", "replace")

    def is_done(self) -> bool:
        return self._at >= len(self._rest)


def edited(choices: Choices, one: Json, others: Sequence[Json]) -> Json:
    """The object with one key changed: taken from another, spelt otherwise, damaged, left out."""
    key = choices.one_of(sorted(one) or [""])
    if not one:
        return one
    value = one[key]
    match choices.below(8):
        case 0:
            return {name: kept for name, kept in one.items() if name != key}
        case 1:
            value = choices.one_of(others).get(key)
        case 2:
            value = choices.one_of(STRANGE)
        case 3:
            value = choices.text()
        case 4:
            return {**one, choices.text(): value}
        case _:
            value = damaged(choices, value)
    return {**one, key: value}


def damaged(choices: Choices, value: Any) -> Any:
    """Something like the value."""
    if isinstance(value, int):
        return value + choices.below(7) - 3
    if isinstance(value, list | tuple):
        return rearranged(choices, value)
    if not isinstance(value, str):
        return None
    if choices.below(2):
        forged = value.replace("afp", "ap")
        return choices.one_of([value.upper(), f" {value}", f"{value}\n", value[::-1], forged])
    at = choices.below(len(value) + 1)
    return value[:at] + choices.text() + value[at + choices.below(4) :]


def rearranged(choices: Choices, things: Sequence[Chosen]) -> list[Chosen]:
    """One of them left out, twice, elsewhere; or all the other way round."""
    kept = list(things)
    at, to = choices.below(len(kept) + 1), choices.below(len(kept) + 1)
    match choices.below(4):
        case 0:
            return kept[:at] + kept[at + 1 :]
        case 1:
            return kept[:at] + kept[at : at + 1] + kept[at:]
        case 2:
            rest = kept[:at] + kept[at + 1 :]
            return rest[:to] + kept[at : at + 1] + rest[to:]
    return kept[::-1]
