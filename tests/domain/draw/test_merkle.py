import hashlib

import pytest

from app.domain.draw import merkle


def rfc_root(leaves):
    """RFC 6962 section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + rfc_root(leaves[:split]) + rfc_root(leaves[split:])).digest()


def make_leaves(number):
    return [f"A{place:06d}\tM".encode() for place in range(number)]


def prove(leaves, index):
    outline = merkle.outline_of(leaves, "sha256")
    start = index - index % merkle.RUN
    return merkle.prove(outline, index, leaves[start : start + merkle.RUN])


SIZES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 1023, 1024, 1025, 2048, 2049, 3071, 3073, 5000]


@pytest.mark.parametrize("size", SIZES)
def test_the_root_is_that_of_rfc_6962(size):
    leaves = make_leaves(size)
    assert merkle.merkle_root(leaves, "sha256") == rfc_root(leaves).hex()


@pytest.mark.parametrize("size", SIZES[1:])
def test_every_kind_of_leaf_is_provable(size):
    leaves = make_leaves(size)
    root = merkle.merkle_root(leaves, "sha256")
    for index in {0, 1, size // 2, max(size - 2, 0), size - 1} & set(range(size)):
        proof = prove(leaves, index)
        assert proof.row.encode() == leaves[index]
        assert merkle.is_included(proof, size, root, "sha256")


@pytest.mark.parametrize("size", [1, 2, 3, 5, 6, 7, 8, 11])
def test_a_proof_fits_no_other_place_size_row_or_root(size):
    leaves = make_leaves(size)
    root = merkle.merkle_root(leaves, "sha256")
    for index in range(size):
        proof = prove(leaves, index)
        others = set(range(-1, size + 2)) - {index}
        assert not any(
            merkle.is_included(merkle.Inclusion(proof.row, other, proof.path), size, root, "sha256")
            for other in others
        )
        assert not merkle.is_included(
            merkle.Inclusion(f"{proof.row}~1", index, proof.path), size, root, "sha256"
        )
        assert not merkle.is_included(proof, size, root[::-1], "sha256")
        assert not merkle.is_included(
            merkle.Inclusion(proof.row, index, (*proof.path, "L" + "0" * 64)), size, root, "sha256"
        )


@pytest.mark.parametrize("step", ["", "L", "X" + "0" * 64, "L" + "0" * 62, "L" + "G" * 64, "R" + "0" * 66])
def test_a_malformed_step_proves_nothing(step):
    leaves = make_leaves(4)
    root = merkle.merkle_root(leaves, "sha256")
    assert not merkle.is_included(merkle.Inclusion("A000000\tM", 0, (step, step)), 4, root, "sha256")


@pytest.mark.parametrize(("index", "run"), [(-1, 4), (4, 4), (3, 3), (0, 3)])
def test_a_proof_needs_the_rows_of_its_run(index, run):
    leaves = make_leaves(4)
    with pytest.raises(merkle.ProofImpossible):
        merkle.prove(merkle.outline_of(leaves, "sha256"), index, leaves[:run])


@pytest.mark.parametrize(
    ("identifier", "left", "right"), [("A000003X", 3, 4), ("A", None, 0), ("B", 2999, None)]
)
def test_an_absent_firm_stands_between_two_neighbours(identifier, left, right):
    leaves = make_leaves(3000)
    root = merkle.merkle_root(leaves, "sha256")
    neighbours = [None if place is None else prove(leaves, place) for place in (left, right)]
    proof = merkle.prove_absent(identifier, *neighbours)
    assert merkle.is_excluded(identifier, proof, 3000, root, "sha256")
    assert not merkle.is_excluded("A000003", proof, 3000, root, "sha256")


def test_neighbours_with_a_gap_prove_nothing():
    leaves = make_leaves(10)
    root = merkle.merkle_root(leaves, "sha256")
    for left, right in [(3, 5), (None, 1), (8, None), (None, None)]:
        sides = [None if place is None else prove(leaves, place) for place in (left, right)]
        assert not merkle.is_excluded("A000004", merkle.Exclusion(*sides), 10, root, "sha256")


def test_a_neighbour_of_another_roster_proves_nothing():
    leaves, others = make_leaves(10), make_leaves(11)
    root = merkle.merkle_root(leaves, "sha256")
    proof = merkle.Exclusion(prove(leaves, 3), prove(others, 4))
    assert not merkle.is_excluded("A000003X", proof, 10, root, "sha256")


def test_nobody_is_on_an_empty_roster():
    root = merkle.merkle_root([], "sha256")
    assert merkle.is_excluded("A", merkle.Exclusion(None, None), 0, root, "sha256")


@pytest.mark.parametrize(("left", "right"), [(3, None), (None, 3)])
def test_a_firm_with_a_row_cannot_be_called_absent(left, right):
    leaves = make_leaves(4)
    sides = [None if place is None else prove(leaves, place) for place in (left, right)]
    with pytest.raises(merkle.ProofImpossible):
        merkle.prove_absent("A000003", *sides)


def test_an_outline_is_stored_as_one_line():
    outline = merkle.outline_of(make_leaves(2500), "sha256")
    assert merkle.parse_outline(outline.text()) == outline
    assert len(outline.tops) == 3
