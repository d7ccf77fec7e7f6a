"""The append-only log: RFC 6962 / RFC 9162 roots and proofs."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trongdan.kernel.merkle import (
    EMPTY_ROOT,
    Frontier,
    Node,
    consistency_proof,
    inclusion_proof,
    inner_hash,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)  # fmt: skip

# The reference tree of Certificate Transparency's own tests: eight entries, and the root after each.
ENTRIES = [bytes.fromhex(h) for h in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
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


def plain_root(leaves: list[bytes]) -> bytes:
    """The definition of RFC 9162 2.1.1, word for word and slow: the oracle."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + plain_root(leaves[:k]) + plain_root(leaves[k:])).digest()


def tree(size: int) -> tuple[list[bytes], Frontier, dict[Node, bytes]]:
    leaves = [leaf_hash(i.to_bytes(4, "big")) for i in range(size)]
    log, nodes = Frontier().extend(leaves)
    return leaves, log, dict(nodes)


def reader(nodes: dict[Node, bytes]):  # type: ignore[no-untyped-def]
    return lambda level, index: nodes[level, index]


def test_the_empty_log_has_the_root_of_the_rfc() -> None:
    assert Frontier().root() == EMPTY_ROOT
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_the_reference_tree_has_the_published_roots() -> None:
    log = Frontier()
    for entry, root in zip(ENTRIES, ROOTS, strict=True):
        log, _ = log.append(leaf_hash(entry))
        assert log.root().hex() == root


def test_the_reference_tree_has_the_published_proofs() -> None:
    _, nodes = Frontier().extend(leaf_hash(e) for e in ENTRIES)
    path = inclusion_proof(0, 8, reader(dict(nodes)))
    assert [h.hex() for h in path] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [h.hex() for h in consistency_proof(6, 8, reader(dict(nodes)))] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_the_incremental_root_is_the_root_by_definition_at_every_size() -> None:
    log, leaves = Frontier(), []
    for i in range(130):
        assert log.root() == plain_root(leaves)
        leaves.append(leaf_hash(bytes([i])))
        log, _ = log.append(leaves[-1])


def test_every_leaf_of_every_small_log_is_proven_and_no_other_leaf_is() -> None:
    for size in range(1, 34):
        leaves, log, nodes = tree(size)
        for index in range(size):
            path = inclusion_proof(index, size, reader(nodes))
            assert verify_inclusion(leaves[index], index, size, path, log.root())
            assert not verify_inclusion(leaf_hash(b"x"), index, size, path, log.root())
            for wrong in range(-1, size + 1):
                assert verify_inclusion(leaves[index], wrong, size, path, log.root()) is (wrong == index)


def test_every_pair_of_small_logs_is_proven_consistent() -> None:
    logs = [tree(size) for size in range(34)]
    for new in range(1, 34):
        for old in range(1, new + 1):
            path = consistency_proof(old, new, reader(logs[new][2]))
            assert verify_consistency(old, logs[old][1].root(), new, logs[new][1].root(), path)
            assert not verify_consistency(old, leaf_hash(b"other history"), new, logs[new][1].root(), path)
            assert not verify_consistency(old, logs[old][1].root(), new, leaf_hash(b"other"), path)


@given(st.integers(1, 300), st.data())
def test_a_proof_with_any_hash_altered_dropped_or_added_does_not_hold(size: int, data: st.DataObject) -> None:
    leaves, log, nodes = tree(size)
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_proof(index, size, reader(nodes))
    assert len(path) <= (size - 1).bit_length()
    assert not verify_inclusion(leaves[index], index, size, [*path, bytes(32)], log.root())
    if path:
        at = data.draw(st.integers(0, len(path) - 1))
        assert not verify_inclusion(leaves[index], index, size, path[:at] + path[at + 1 :], log.root())
        assert not verify_inclusion(leaves[index], index, size, [*path[:at], bytes(32), *path[at + 1 :]], log.root())


@given(st.integers(2, 300), st.data())
def test_a_log_whose_past_was_rewritten_has_no_consistency_proof(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size - 1))
    changed = data.draw(st.integers(0, old - 1))
    leaves, _, _ = tree(size)
    old_root = Frontier().extend(leaves[:old])[0].root()
    leaves[changed] = leaf_hash(b"rewritten")
    log, nodes = Frontier().extend(leaves)
    path = consistency_proof(old, size, reader(dict(nodes)))
    assert not verify_consistency(old, old_root, size, log.root(), path)


@given(st.integers(0, 2**40), st.lists(st.binary(min_size=32, max_size=32), max_size=5), st.binary(max_size=33))
def test_the_verifiers_answer_no_to_noise_and_never_raise(size: int, path: list[bytes], noise: bytes) -> None:
    assert not verify_inclusion(noise, size // 2, size, path, b"\0" * 32)
    assert not verify_consistency(size // 2 + 1, b"\1" * 32, size + 2, b"\0" * 32, path)


def test_any_log_extends_the_empty_one_and_itself() -> None:
    root = tree(5)[1].root()
    assert verify_consistency(0, EMPTY_ROOT, 5, root, [])
    assert verify_consistency(5, root, 5, root, [])
    assert not verify_consistency(0, root, 5, root, [])
    assert not verify_consistency(6, root, 5, root, [])


def test_a_log_goes_on_from_its_stored_frontier() -> None:
    leaves, whole, nodes = tree(77)
    first, kept = Frontier().extend(leaves[:50])
    resumed, more = Frontier(first.size, first.hashes).extend(leaves[50:])
    assert resumed == whole
    assert dict(kept) | dict(more) == nodes


def test_a_frontier_that_does_not_fit_its_size_is_refused() -> None:
    with pytest.raises(ValueError, match="2 subtrees, not 1"):
        Frontier(3, (bytes(32),))


def test_proofs_about_leaves_that_are_not_there_are_refused() -> None:
    nodes = tree(3)[2]
    for index, size in ((3, 3), (-1, 3), (0, 0)):
        with pytest.raises(ValueError, match="is not in a log"):
            inclusion_proof(index, size, reader(nodes))
    for old, new in ((0, 3), (4, 3)):
        with pytest.raises(ValueError, match="no consistency proof"):
            consistency_proof(old, new, reader(nodes))


def test_a_leaf_cannot_pass_for_an_inner_node() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != inner_hash(left, right)
