"""The model shipped, on labelled letters that it never saw. Figures with intervals are in docs/classifier.md."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tools.classify.data import held_out

from trongdan.law.classify import NATURES, classify
from trongdan.law.classify.model import model

ROOT = Path(__file__).resolve().parents[3]
LETTERS = Path(os.environ.get("TRONGDAN_SHARED", ROOT.parent / "shared")) / "data" / "letters_dev.jsonl"


@pytest.fixture(scope="module")
def aside() -> list[tuple[dict[str, Any], Any]]:
    if not LETTERS.is_file():
        pytest.skip("LOUD: TRONGDAN_SHARED has no data/letters_dev.jsonl; the reader of letters was not measured")
    rows = [json.loads(line) for line in LETTERS.read_text("utf-8").splitlines()]
    return [(row, classify(row["text"], date(2026, 11, 2))) for row in rows if held_out(row["source_id"])]


def test_of_the_letters_set_aside_nine_in_ten_are_read_by_their_nature(aside: list[Any]) -> None:
    right = [found.nature in (row["nature"], row["second"]) for row, found in aside]
    assert sum(right) / len(right) >= 0.9


def test_what_it_decides_alone_is_rarely_wrong(aside: list[Any]) -> None:
    decided = [found.nature in (row["nature"], row["second"]) for row, found in aside if found.decided]
    assert len(decided) >= len(aside) / 3
    assert sum(not right for right in decided) <= max(1, len(decided) / 25)


def test_no_letter_of_the_labelled_file_lies_in_the_repository() -> None:
    if not LETTERS.is_file():
        pytest.skip("LOUD: TRONGDAN_SHARED has no data/letters_dev.jsonl")
    bits = [" ".join(json.loads(line)["text"].split())[40:100] for line in LETTERS.read_text("utf-8").splitlines()]
    own = " ".join(" ".join(f.read_text("utf-8").split()) for f in (ROOT / "tools" / "classify").rglob("*.*") if f.suffix in (".jsonl", ".txt"))
    assert [b for b in bits if len(b) == 60 and b in own] == []


def test_the_model_holds_words_and_pairs_and_no_text() -> None:
    names = [*model().words.rows]
    assert max(len(n.split()) for n in names) <= 2
    assert len(NATURES) == 6


def test_the_eighth_writer_s_figures_are_those_of_the_reader_as_it_is_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    from tools.classify import card, unseen

    monkeypatch.setattr(unseen, "DRAWS", 40)
    told, found = json.loads(card.FIGURES.read_text("utf-8"))["unseen"], unseen.measure()
    assert found["letters"] == 361
    for key in ("kept", "number", "natures", "alone_single", "alone_several"):
        assert found[key] == pytest.approx(told[key]), key
    for key in ("macro", "merged", "field"):
        assert found[key][0] == pytest.approx(told[key][0]), key
    assert found["alone_several"][2] == 0, "never a nature that none of a letter's matters has"
