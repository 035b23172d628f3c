"""The targets of `make fuzz`, on the committed inputs and on what Hypothesis makes of them."""

from itertools import product
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from tests.fuzz.corpus import CORPUS, inputs
from tests.fuzz.targets import TARGETS

COMMITTED = [path for target in TARGETS for path in inputs(target)]
PIECES = (b"", b"\x00", b"\xff", b"\n", b" ", b"9" * 400, b'"', b"{}", b"null", "é東".encode())


@st.composite
def near(draw: st.DrawFn, seeds: list[bytes]) -> bytes:
    """A seed with pieces left out, doubled, overwritten and taken from another."""
    made = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(1, 4))):
        at, to = sorted((draw(st.integers(0, len(made))), draw(st.integers(0, len(made)))))
        other = draw(st.sampled_from((*seeds, *PIECES)))
        start = draw(st.integers(0, len(other)))
        piece = draw(
            st.sampled_from((b"", made[at:to] * 2, other[start : start + to - at], other))
            | st.binary(max_size=3)
            | st.integers(-(2**65), 2**65).map(lambda number: str(number).encode())
        )
        made = made[:at] + piece + made[to if draw(st.booleans()) else at :]
    return made[:4096]


def test_every_target_has_seeds_and_every_seed_a_target():
    assert {folder.name for folder in CORPUS.iterdir()} == set(TARGETS)
    assert all(any(inputs(target)) for target in TARGETS)


@pytest.mark.parametrize("path", COMMITTED, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_target_holds_for_what_was_tried_before(path: Path):
    TARGETS[path.parent.name](path.read_bytes())


SINGLE = {
    "proof_edits": product([0], range(14), range(8), range(10), range(6)),
    "signed_nonsense": product([0], [0, 1], range(13), range(8), range(20)),
    "export_edits": [
        *product(range(3), [1], range(11), range(10), range(6), range(5)),
        *product(range(3), [0], range(11), range(4), range(3), [0, 1]),
    ],
}
"""Choices that lead to one change each."""


@pytest.mark.parametrize("target", SINGLE)
def test_no_single_change_makes_a_falsehood_hold(target: str):
    for choices in SINGLE[target]:
        TARGETS[target](bytes(choices))


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_holds_whatever_comes(target: str):
    seeds = [path.read_bytes() for path in inputs(target)]

    @seed(crc32(target.encode()))
    @settings(max_examples=350, deadline=None, derandomize=True, database=None)
    @given(
        near(seeds) | st.binary(max_size=64) | st.text(max_size=40).map(lambda text: text.encode())
    )
    def holds(data: bytes) -> None:
        TARGETS[target](data)

    holds()
