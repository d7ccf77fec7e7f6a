"""The linear model at run time: weights of features, packed so that one addition adds all classes at once.

A feature's weights for the eighteen classes (six natures, twelve fields) and its squared length are lanes of one whole
number, 32 bits each; the sum of the numbers of a letter's features is the sum of all lanes. That is as fast as vectors
without needing any package for them.

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
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

NATURES = ("khieu_nai", "to_cao", "kien_nghi", "phan_anh", "hoi_dap", "khac")
FIELDS = ("đất đai", "môi trường", "giao thông", "chế độ chính sách", "xây dựng", "giáo dục", "y tế", "an ninh trật tự",
          "cán bộ công chức", "TTHC", "doanh nghiệp/đầu tư", "khác")  # fmt: skip
CLASSES = len(NATURES) + len(FIELDS)
MIDDLE = 1 << 14  # a weight w is kept as w / step + MIDDLE, never negative
ZONES = ("whole", "last", "first")  # the blocks of `senses`
Weights = Mapping[str, tuple[Sequence[float], float]]  # name -> (weights, squared length)


@dataclass(frozen=True, slots=True)
class Scores:
    """Probabilities, each list in the order of NATURES and FIELDS, adding up to one."""

    nature: tuple[float, ...]
    field: tuple[float, ...]


class Table:
    """Names to rows of `lanes` weights and one squared length, each row one whole number."""

    def __init__(self, names: Sequence[str], narrow: array[int], lanes: int, step: float, norm_step: float) -> None:
        wide = array("I", narrow).tobytes()
        size = (lanes + 1) * 4
        self.lanes, self.step, self.norm_step = lanes, step, norm_step
        self._form = struct.Struct(f"<{lanes + 1}I")
        self.rows = {name: int.from_bytes(wide[i : i + size], "little")
                     for name, i in zip(names, range(0, len(wide), size), strict=True)}  # fmt: skip

    def add(self, names: Iterable[str], values: list[float], classes: int, block: int = 0, *, by_length: bool = True) -> None:
        """Add to the first `classes` of `values` the weights of block `block` of every known name, over the length of them
        all."""
        rows = [row for row in map(self.rows.get, names) if row is not None]
        if not rows:
            return
        lanes = self._form.unpack(sum(rows).to_bytes(self._form.size, "little"))
        length = math.sqrt(max(lanes[self.lanes] * self.norm_step, 1e-9)) if by_length else 1.0
        shift, step, first = len(rows) * MIDDLE, self.step / length, block * classes
        for i in range(classes):
            values[i] += (lanes[first + i] - shift) * step

    def packed(self, names: Iterable[str]) -> tuple[int, int]:
        """The sum of the rows of every known name and how many they are: sums of stretches of a letter can be added."""
        rows = [row for row in map(self.rows.get, names) if row is not None]
        return sum(rows), len(rows)

    def unpacked(self, total: int, count: int, values: list[float], classes: int) -> None:
        """Add to the first `classes` of `values` the weights (of the first block) in a sum that `packed` gave, over its
        length."""
        if not count:
            return
        lanes = self._form.unpack(total.to_bytes(self._form.size, "little"))
        shift, step = count * MIDDLE, self.step / math.sqrt(max(lanes[self.lanes] * self.norm_step, 1e-9))
        for i in range(classes):
            values[i] += (lanes[i] - shift) * step

    def weight(self, name: str, number: int) -> float:
        """How much a name speaks for class `number`, before the letter's length is taken into account."""
        row = self.rows.get(name)
        if row is None:
            return 0.0
        return float(self._form.unpack(row.to_bytes(self._form.size, "little"))[number] - MIDDLE) * self.step


class Model:
    """The weights, unpacked once. `threshold` is the least probability at which a nature is decided without a person."""

    def __init__(self, raw: bytes) -> None:
        head_size = int.from_bytes(raw[:4], "little")
        head = json.loads(raw[4 : 4 + head_size])
        body = zlib.decompress(raw[4 + head_size :])
        tables, at = [], 0
        for name_bytes, row_bytes, lanes, step, norm_step in head["tables"]:
            names = body[at : at + name_bytes].decode("utf-8").split("\n")
            narrow = array("H", body[at + name_bytes : at + name_bytes + row_bytes])
            tables.append(Table(names, narrow, lanes, step, norm_step))
            at += name_bytes + row_bytes
        self.grams, self.senses, self.signs = tables
        self.bias: list[float] = head["bias"]
        self.heat: tuple[float, float] = tuple(head["heat"])  # temperatures of nature and field
        self.threshold: float = head["threshold"]
        self.about: dict[str, object] = head["about"]
        self.known = frozenset(n for n in self.senses.rows if n.isalpha() and n.isascii())

    def scores(self, grams: Iterable[str], zones: Sequence[Iterable[str]], signs: Iterable[str]) -> Scores:
        """Probabilities for a letter's features (`zones` in the order of ZONES); unknown features count for nothing."""
        values = list(self.bias)
        split = len(NATURES)
        self.grams.add(grams, values, CLASSES)
        for block, zone in enumerate(zones):
            self.senses.add(zone, values, split, block)
        self.signs.add(signs, values, split, by_length=False)
        return Scores(_soft(values[:split], self.heat[0]), _soft(values[split:], self.heat[1]))

    def weight(self, gram: str, number: int) -> float:
        """How much a word or pair speaks for class `number` (0..17)."""
        return self.grams.weight(gram, number) + (self.senses.weight(gram, number) if number < len(NATURES) else 0.0)


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
