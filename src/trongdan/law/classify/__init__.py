"""What a letter is: nature, field, parts, what it names, admissibility, competence, urgency, and why. Offline, pure.

    from trongdan.law.classify import as_row, classify

    reading = classify(text, on=date(2026, 7, 6))
    reading.nature, reading.nature_p, reading.decided     # advice; a person decides
    as_row(reading, "a-1")                                # the line of JSON

A linear model on words, pieces of words and signs of the law's definitions (`cues.toml`), trained by
`python -m tools.classify train`; where a letter comes to another matter is learned, too (`cuts.py`).
The card of both is docs/classifier.md, the choice is recorded in docs/decisions/0020.
"""

from __future__ import annotations

from .model import FIELDS, NATURES
from .named import Named
from .reading import NAMES, UNDECIDED, Because, Part, Reading, as_row, classify

__all__ = ["FIELDS", "NAMES", "NATURES", "UNDECIDED", "Because", "Named", "Part", "Reading", "as_row", "classify"]
