"""RFC 6962 §2.1: the tree, its audit paths, its consistency proofs."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.proof.tree import (
    EMPTY,
    Peaks,
    consistency,
    goes_on,
    inclusion,
    is_included,
    root_of,
    tree_root,
)

# The reference vectors of Certificate Transparency: eight leaves, and the root after each.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        *("", "00", "10", "2021", "3031", "40414243", "5051525354555657"),
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def mth(leaves):
    """The definition of §2.1, word for word."""
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\x01" + mth(leaves[:half]) + mth(leaves[half:])).digest()


def nodes_over(leaves):
    def node(level, index):
        under = leaves[index << level : (index + 1) << level]
        assert len(under) == 1 << level, "asked for a node that is not whole"
        return mth(under)

    return node


def leaves_of(size):
    return [b"leaf %d" % number for number in range(size)]


sizes = st.integers(1, 300)


def test_the_reference_vectors_hold():
    tree = Peaks()

    assert tree.root() == EMPTY
    for size, leaf in enumerate(LEAVES, 1):
        tree.push(leaf)
        assert tree.root().hex() == ROOTS[size - 1]
        assert tree_root(size, nodes_over(LEAVES)).hex() == ROOTS[size - 1]


def test_a_tree_goes_on_growing_from_its_stored_peaks():
    for size in range(70):
        tree = Peaks()
        for leaf in leaves_of(size):
            tree.push(leaf)

        stored = Peaks(tree.size, tree.stored())
        stored.push(b"next")

        assert stored.root() == mth([*leaves_of(size), b"next"])


@pytest.mark.parametrize(("size", "stored"), [(1, b""), (2, bytes(64)), (-1, b""), (3, bytes(65))])
def test_peaks_of_another_size_are_refused(size, stored):
    with pytest.raises(ValueError, match="no peaks"):
        Peaks(size, stored)


@given(size=sizes, data=st.data())
def test_every_leaf_is_proven_and_no_other(size, data):
    leaves = leaves_of(size)
    index = data.draw(st.integers(0, size - 1))

    path = inclusion(index, size, nodes_over(leaves))
    root = mth(leaves)

    assert is_included(leaves[index], index, size, path, root)
    assert not is_included(b"another", index, size, path, root)
    assert not is_included(leaves[index], index + 1, size, path, root)
    assert not is_included(leaves[index], index, size, [*path, bytes(32)], root)
    if path:
        assert not is_included(leaves[index], index, size, path[:-1], root)
        assert not is_included(leaves[index], index, size, [bytes(32), *path[1:]], root)


@given(second=sizes, data=st.data())
def test_a_log_goes_on_from_each_of_its_sizes_and_from_nothing_else(second, data):
    leaves = leaves_of(second)
    first = data.draw(st.integers(0, second))
    earlier, later = mth(leaves[:first]), mth(leaves)

    path = consistency(first, second, nodes_over(leaves))

    assert goes_on(first, earlier, second, later, path)
    assert not goes_on(first, sha256(b"x").digest(), second, later, path)
    assert not goes_on(first, earlier, second, later, [*path, bytes(32)])
    if first not in (0, second):
        assert not goes_on(first, earlier, second, sha256(b"x").digest(), path)
        assert not goes_on(first, earlier, second, later, path[1:])
        changed = mth([b"changed", *leaves[1:first]])
        assert not goes_on(first, changed, second, later, path)


def test_what_a_log_does_not_have_has_no_proof():
    nodes = nodes_over(leaves_of(5))

    with pytest.raises(ValueError, match="no leaf 5"):
        inclusion(5, 5, nodes)
    with pytest.raises(ValueError, match="does not go on"):
        consistency(6, 5, nodes)
    assert not is_included(b"leaf 4", 4, 0, [], EMPTY)
    assert not goes_on(6, EMPTY, 5, EMPTY, [])


def test_the_root_over_a_tile_is_that_of_its_hashes():
    hashes = [sha256(b"\x00" + leaf).digest() for leaf in leaves_of(256)]

    assert root_of(hashes) == mth(leaves_of(256))
