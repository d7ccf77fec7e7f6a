"""What a letter asks for: each request with its place, so that an answer can be held against it one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from trongdan.law.classify.fold import Folded

from .words import Sentence, cues, folded, sentences, telling

MOST = 12  # requests of one letter that are looked at
_TOLD = re.compile(r"\b(?:hoi|cho (?:\w+ ){0,2}biet|vi sao|bao gio|khi nao|tra loi)\b")
_WHEN = re.compile(r"\b(?:bao gio|khi nao|ngay nao)\b")
LEAST = 2  # telling syllables that a request has


@dataclass(frozen=True, slots=True)
class Request:
    """`text` as written, from `start` to `end` of the letter; `about` its telling syllables, folded; `question`: the person
    asks to be told something, not that something be done; `when`: by which day."""

    text: str
    start: int
    end: int
    about: tuple[str, ...]
    question: bool = False
    when: bool = False


def requests(letter: str) -> tuple[Request, ...]:
    """The requests of a letter: sentences that open with asking, questions; several in one sentence are told apart by
    their verbs. None found: the answer cannot be held against single requests."""
    text = folded(letter)
    out: list[Request] = []
    for sentence in sentences(text):
        head = cues().ask.match(text.plain, sentence.start, sentence.end)
        if head is None and not sentence.asked:
            continue
        begin = head.end() if head else sentence.start
        for start, end in _pieces(text, begin, sentence):
            about = tuple(dict.fromkeys(telling(text, start, end)))
            when = _WHEN.search(text.plain, start, end) is not None
            if len(about) >= LEAST or (about and start == begin) or when:
                at, to = text.at(start), text.at(end)
                asked = sentence.asked or _TOLD.search(text.plain, sentence.start, end) is not None
                out.append(Request(" ".join(letter[at:to].split()), at, to, about, asked, when))
    return tuple(out[:MOST])


def _pieces(text: Folded, begin: int, sentence: Sentence) -> Iterator[tuple[int, int]]:
    first = begin
    for cut in cues().verb.finditer(text.plain, begin, sentence.end):
        if len(telling(text, first, cut.start())) >= LEAST and len(telling(text, cut.end(), sentence.end)) >= 1:
            yield first, cut.start()
            first = cut.end()
    yield first, sentence.end
