"""An append-only Merkle log over event hashes, in the shape of RFC 6962 / RFC 9162.

The log grows by its *frontier* (the roots of the complete subtrees on its right edge), so an append costs a few
hashes whatever the size. Proofs read complete subtrees by (level, index): node (0, i) is leaf i, node (l, i) covers the
2^l leaves from i * 2^l. A store keeps the nodes that `append` yields, and needs nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()  # RFC 9162 2.1.1
Node = tuple[int, int]  # level, index
ReadNode = Callable[[int, int], bytes]


def leaf_hash(entry: bytes) -> bytes:
    """RFC 9162 2.1.1: SHA-256 of 0x00 and the entry. For an event, the entry is its 32-byte hash."""
    return sha256(b"\x00" + entry).digest()


def inner_hash(left: bytes, right: bytes) -> bytes:
    """RFC 9162 2.1.1: SHA-256 of 0x01 and both children, so that no leaf can pass for an inner node."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """A log of `size` leaves as the roots of its complete subtrees, the largest (leftmost) first."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.hashes) != self.size.bit_count():
            raise ValueError(f"a log of {self.size} leaves has {max(self.size, 0).bit_count()} subtrees, "
                             f"not {len(self.hashes)}")  # fmt: skip

    def append(self, leaf: bytes) -> tuple[Frontier, list[tuple[Node, bytes]]]:
        """The log with one more leaf hash, and the nodes that became complete (the leaf itself first)."""
        hashes, level, index = list(self.hashes), 0, self.size
        nodes: list[tuple[Node, bytes]] = [((0, index), leaf)]
        while index & 1:
            leaf = inner_hash(hashes.pop(), leaf)
            level, index = level + 1, index >> 1
            nodes.append(((level, index), leaf))
        return Frontier(self.size + 1, (*hashes, leaf)), nodes

    def extend(self, leaves: Iterable[bytes]) -> tuple[Frontier, list[tuple[Node, bytes]]]:
        """The log with more leaf hashes, and every node that became complete: as by `append` again and again."""
        size, hashes, nodes = self.size, list(self.hashes), []
        for value in leaves:
            level, index = 0, size
            nodes.append(((0, index), value))
            while index & 1:
                value = inner_hash(hashes.pop(), value)  # noqa: PLW2901  grows into the node above
                level, index = level + 1, index >> 1
                nodes.append(((level, index), value))
            hashes.append(value)
            size += 1
        return Frontier(size, tuple(hashes)), nodes

    def root(self) -> bytes:
        """The Merkle tree hash, 32 bytes."""
        if not self.hashes:
            return EMPTY_ROOT
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = inner_hash(left, root)
        return root


def _split(size: int) -> int:
    """The largest power of two below `size` (RFC 9162 2.1.1), for size > 1."""
    return 1 << (size - 1).bit_length() - 1


def _subtree(start: int, end: int, node: ReadNode) -> bytes:
    """The hash over leaves [start, end). `start` is always a multiple of the range's rounded-up power of two."""
    size = end - start
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return node(level, start >> level)
    middle = start + _split(size)
    return inner_hash(_subtree(start, middle, node), _subtree(middle, end, node))


def inclusion_proof(index: int, size: int, node: ReadNode) -> list[bytes]:
    """The audit path of leaf `index` in the log of `size` leaves, from the leaf upwards (RFC 9162 2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a log of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_subtree(middle, end, node))
            end = middle
        else:
            path.append(_subtree(start, middle, node))
            start = middle
    return path[::-1]


def consistency_proof(old: int, new: int, node: ReadNode) -> list[bytes]:
    """That the log of `new` leaves begins with the one of `old` leaves, 0 < old <= new (RFC 9162 2.1.4.1)."""
    if not 0 < old <= new:
        raise ValueError(f"no consistency proof from {old} to {new}")
    path: list[bytes] = []
    start, end, whole = 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_subtree(middle, end, node))
            end = middle
        else:
            path.append(_subtree(start, middle, node))
            start, whole = middle, False
    if not whole:
        path.append(_subtree(start, end, node))
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the leaf hash is leaf `index` of the log with this size and root (RFC 9162 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    fn, sn, value = index, size - 1, leaf
    for sibling in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            value = inner_hash(sibling, value)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            value = inner_hash(value, sibling)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and value == root


def verify_consistency(old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the newer log only appended to the older one (RFC 9162 2.1.4.2). Any log extends the empty one."""
    if not 0 <= old <= new:
        return False
    if old in (0, new):
        return not path and old_root == (EMPTY_ROOT if old == 0 else new_root)
    steps = list(path) if old & (old - 1) else [old_root, *path]
    if not steps:
        return False
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = steps[0]
    for step in steps[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = inner_hash(step, fr), inner_hash(step, sr)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = inner_hash(sr, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == old_root and sr == new_root
