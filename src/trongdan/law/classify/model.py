"""The linear model at run time: weights of features, packed so that one addition adds all classes at once.

A feature's weights for the eighteen classes (six natures, twelve fields), its squared length and a one are lanes of one
whole number, 32 bits each; the sum of the numbers of a letter's features is the sum of all lanes. That is as fast as
vectors without needing any package for them, and a word is looked up once for all it says.

Three tables: `grams` (words, pairs, pieces of words as they stand) for natures and fields; and for natures alone `senses`
(what a word or pair *means*, learned once from a sentence model and folded into weights: a word never seen in training
still counts like its neighbours; three times the natures, for the whole letter, its last third and its first quarter) and
`signs` (signs of the law). The file `model.bin`
is made by `python -m tools.classify train`; it holds short words and pairs of words with their weights, and no text of
any letter."""

from __future__ import annotations

import json
import math
import struct
import zlib
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest
from importlib.resources import files

from .features import ASKED, MARK, MOST_REMEMBERED, Features, pieces

NATURES = ("khieu_nai", "to_cao", "kien_nghi", "phan_anh", "hoi_dap", "khac")
FIELDS = ("đất đai", "môi trường", "giao thông", "chế độ chính sách", "xây dựng", "giáo dục", "y tế", "an ninh trật tự",
          "cán bộ công chức", "TTHC", "doanh nghiệp/đầu tư", "khác")  # fmt: skip
CLASSES = len(NATURES) + len(FIELDS)
MIDDLE = 1 << 14  # a weight w is kept as w / step + MIDDLE, never negative
ZONES = ("whole", "last", "first")  # the parts of `senses`
GRAMS, SENSES = 0, 1  # the blocks of a model's words
Weights = Mapping[str, tuple[Sequence[float], float]]  # name -> (weights, squared length)


@dataclass(frozen=True, slots=True)
class Scores:
    """Probabilities, each list in the order of NATURES and FIELDS, adding up to one."""

    nature: tuple[float, ...]
    field: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A table as it lies in the file: `names`, and for each of them `lanes` weights and one squared length in `narrow`,
    in units of `step` and `norm_step`."""

    names: Sequence[str]
    narrow: array[int]
    lanes: int
    step: float
    norm_step: float


class Rows:
    """Names to rows, each one whole number. A row holds for every block its weights, a squared length and a one; a block
    that lacks the name leaves noughts. So the sum of rows holds sums of weights, the length of them all, and how many
    they are."""

    def __init__(self, *blocks: Block) -> None:
        self.blocks = blocks
        self._first = [sum(b.lanes + 2 for b in blocks[:i]) for i in range(len(blocks))]
        self._form = struct.Struct(f"<{sum(b.lanes + 2 for b in blocks)}I")
        self.rows: dict[str, int] = {}
        for block, first in zip(blocks, self._first, strict=True):
            wide, size = array("I", block.narrow).tobytes(), (block.lanes + 1) * 4
            one, shift = (1).to_bytes(4, "little"), 32 * first
            for name, i in zip(block.names, range(0, len(wide), size), strict=True):
                row = int.from_bytes(wide[i : i + size] + one, "little") << shift
                self.rows[name] = self.rows.get(name, 0) + row

    def total(self, names: Iterable[str]) -> int:
        """The sum of the rows of every known name. Such sums may be added and taken from one another."""
        return sum(filter(None, map(self.rows.get, names)))

    def lanes(self, total: int) -> tuple[int, ...]:
        """A sum laid out, for `add`."""
        return self._form.unpack(total.to_bytes(self._form.size, "little"))

    def add(self, lanes: Sequence[int], number: int, values: list[float], classes: int, part: int = 0, *,
            by_length: bool = True) -> None:  # fmt: skip
        """Add to the first `classes` of `values` the weights of block `number` (of its part `part`), over their length."""
        block, at = self.blocks[number], self._first[number]
        count = lanes[at + block.lanes + 1]
        if not count:
            return
        length = math.sqrt(max(lanes[at + block.lanes] * block.norm_step, 1e-9)) if by_length else 1.0
        shift, step = count * MIDDLE, block.step / length
        first = at + part * classes
        for i, lane in enumerate(lanes[first : first + classes]):
            values[i] += (lane - shift) * step

    def weight(self, row: int, number: int, lane: int) -> float:
        """The weight in lane `lane` of block `number` of a row, before the letter's length is taken into account."""
        block, at = self.blocks[number], self._first[number]
        if not row >> 32 * (at + block.lanes + 1) & 0xFFFFFFFF:
            return 0.0
        return ((row >> 32 * (at + lane) & 0xFFFFFFFF) - MIDDLE) * block.step


class _Remembered(dict[str, int]):
    """Sums of rows by word, made when a word is met: of the names that `named` gives for it."""

    def __init__(self, rows: Mapping[str, int], named: Callable[[str], Iterable[str]]) -> None:
        super().__init__()
        self._rows, self._named = rows, named

    def __missing__(self, word: str) -> int:
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        return self.setdefault(word, sum(self._rows.get(name, 0) for name in self._named(word)))


class Model:
    """The weights, unpacked once. `threshold` is the least probability at which a nature is decided without a person."""

    def __init__(self, raw: bytes) -> None:
        head_size = int.from_bytes(raw[:4], "little")
        head = json.loads(raw[4 : 4 + head_size])
        body = zlib.decompress(raw[4 + head_size :])
        blocks, at = [], 0
        for name_bytes, row_bytes, lanes, step, norm_step in head["tables"]:
            names = body[at : at + name_bytes].decode("utf-8").split("\n")
            narrow = array("H", body[at + name_bytes : at + name_bytes + row_bytes])
            blocks.append(Block(names, narrow, lanes, step, norm_step))
            at += name_bytes + row_bytes
        self.words, self.signs = Rows(*blocks[:2]), Rows(blocks[2])
        rows = self.words.rows
        self.spelt = _Remembered(rows, lambda word: (word, *pieces(word)))  # words with their pieces
        self._marks = _Remembered(rows, lambda word: () if word.isascii() else (MARK + word,))
        self._asked = _Remembered(rows, lambda word: (ASKED + word,))
        self.bias: list[float] = head["bias"]
        self.heat: tuple[float, float] = tuple(head["heat"])  # temperatures of nature and field
        self.threshold: float = head["threshold"]
        self.about: dict[str, object] = head["about"]
        self.known = frozenset(n for n in blocks[1].names if n.isalpha() and n.isascii())

    def scores(self, found: Features) -> Scores:
        """Probabilities for a letter's features; unknown ones count for nothing."""
        values = list(self.bias)
        split = len(NATURES)
        whole, last, first = self._zones(found)
        whole += sum(map(self._marks.__getitem__, found.marks)) + sum(map(self._asked.__getitem__, found.asked))
        lanes = self.words.lanes(whole)
        self.words.add(lanes, GRAMS, values, CLASSES)
        self.words.add(lanes, SENSES, values, split)
        self.words.add(self.words.lanes(last), SENSES, values, split, 1)
        self.words.add(self.words.lanes(first), SENSES, values, split, 2)
        self.signs.add(self.signs.lanes(self.signs.total(found.signs)), 0, values, split, by_length=False)
        return Scores(_soft(values[:split], self.heat[0]), _soft(values[split:], self.heat[1]))

    def _zones(self, found: Features) -> tuple[int, int, int]:
        """Sums of words (with their pieces) and pairs of the whole letter, its last third, its first quarter: each looked up
        once, what both ends hold taken away again."""
        words, pairs, spelt, rows = found.words, found.pairs, self.spelt, self.words.rows
        ends = {*words[found.last :]}, {*words[: found.first]}
        two = {*pairs[found.last :]}, {*pairs[: found.first - 1]}
        last, first = (sum(map(spelt.__getitem__, w)) + sum(filter(None, map(rows.get, p)))
                       for w, p in zip(ends, two, strict=True))  # fmt: skip
        between = {*words} - ends[0] - ends[1], {*pairs} - two[0] - two[1]
        middle = sum(map(spelt.__getitem__, between[0])) + sum(filter(None, map(rows.get, between[1])))
        twice = sum(map(spelt.__getitem__, ends[0] & ends[1])) + sum(filter(None, map(rows.get, two[0] & two[1])))
        return last + first + middle - twice, last, first

    def heaviest(self, grams: Sequence[str], number: int, most: int) -> list[int]:
        """The places of the `most` words or pairs that speak most for nature `number`, heaviest first; none that speaks
        against it."""
        get, weight = self.words.rows.get, self.words.weight
        each = [(weight(row, GRAMS, number) + weight(row, SENSES, number), -i)
                for i, row in enumerate(map(get, grams)) if row is not None]  # fmt: skip
        return [-i for value, i in nlargest(most, each) if value > 0]


def _soft(values: list[float], heat: float) -> tuple[float, ...]:
    top = max(values)
    parts = [math.exp((v - top) / heat) for v in values]
    total = sum(parts)
    return tuple(p / total for p in parts)


def pack(tables: Sequence[Weights], head: dict[str, object]) -> bytes:
    """The bytes of a model from the weights of `grams`, `senses` and `signs`; `head` brings bias, heat, threshold and
    about. The opposite of `Model`; used by training only."""
    described, body = [], b""
    for table in tables:
        step = max((max(map(abs, w)) for w, _ in table.values()), default=1.0) / (MIDDLE - 1) or 1.0
        norm_step = max((n for _, n in table.values()), default=1.0) / 65535 or 1.0
        rows = array("H")
        for weights, length in table.values():
            rows.extend(round(w / step) + MIDDLE for w in weights)
            rows.append(round(length / norm_step))
        names = "\n".join(table).encode()
        lanes = len(next(iter(table.values()))[0])
        described.append((len(names), len(rows) * 2, lanes, step, norm_step))
        body += names + rows.tobytes()
    full = json.dumps(head | {"tables": described}, ensure_ascii=False).encode()
    return len(full).to_bytes(4, "little") + full + zlib.compress(body, 9)


@lru_cache(maxsize=1)
def model() -> Model:
    """The model shipped, read on first use."""
    return Model((files(__package__) / "model.bin").read_bytes())
