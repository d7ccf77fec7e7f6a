"""The labelled letters: read, and split once and for all by a hash of `source_id`, before anyone looks at them."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .own import Sample

SHARED = Path(os.environ.get("TRONGDAN_SHARED", Path(__file__).parents[3] / "shared"))
HELD_SHARE = 4  # one source in four is held out


def held_out(source_id: str) -> bool:
    """Whether a source is among the quarter never trained on."""
    return int(hashlib.sha256(f"trongdan-held:{source_id}".encode()).hexdigest()[:8], 16) % HELD_SHARE == 0


@dataclass(frozen=True, slots=True)
class Labelled:
    """A labelled letter with all its labels; `sample` is what training needs of it."""

    id: str
    sample: Sample
    parts: tuple[tuple[str, str], ...]
    senders: int
    anonymous: bool
    urgent: str
    misleads: bool
    raw: dict[str, Any] = field(repr=False)

    @property
    def natures(self) -> tuple[str, ...]:
        """The natures that count as right."""
        return tuple(n for n in (self.sample.nature, self.sample.second) if n)


def letters_file() -> Path:
    """Where the labelled letters are: $TRONGDAN_SHARED/data/letters_dev.jsonl. Raises SystemExit when they are not there."""
    path = SHARED / "data" / "letters_dev.jsonl"
    if not path.is_file():
        raise SystemExit("TRONGDAN_SHARED (default ../shared) must name the folder that holds data/letters_dev.jsonl")
    return path


def _labelled(row: dict[str, Any]) -> Labelled:
    sample = Sample(row["source_id"], row["text"], row["nature"], row["second"] or "", row["field"], row["style"], "labelled")
    return with_labels(row["id"], sample, row)


def with_labels(letter_id: str, sample: Sample, row: dict[str, Any]) -> Labelled:
    """A letter with what its row says beside nature and field."""
    parts = tuple((p["nature"], p["field"]) for p in row["parts"]) or ((row["nature"], row["field"]),)
    return Labelled(letter_id, sample, parts, row["senders"], row["anonymous"], row["urgent"], row["title_misleads"], row)


def development() -> list[Labelled]:
    """The three quarters to develop on."""
    return [_labelled(r) for r in _rows() if not held_out(r["source_id"])]


def held() -> list[Labelled]:
    """The quarter to score once."""
    return [_labelled(r) for r in _rows() if held_out(r["source_id"])]


def _rows() -> list[dict[str, Any]]:
    return [json.loads(line) for line in letters_file().read_text("utf-8").splitlines() if line.strip()]
