"""An answer held against the letter before it is signed. Advice with reasons; a person signs or sends it back.

Does it address each request, name a decision, a day, somebody responsible, an article; is it copied? What it finds is
measured on invented answers of both sorts (`bench/answers/`), the half set aside never looked at (docs/bench.md)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from trongdan.law.classify.fold import Folded

from .copied import Copy, copied
from .marks import Mark, marks
from .requests import Request, requests
from .words import Sentence, cues, folded, sentences, telling

SHARE = 0.25  # of a request's telling syllables that stand in what the answer really says
COPIED = 0.5  # of an answer's own runs of words that stand in one earlier answer
HOLLOW = 3.0  # points from which an answer only looks like one
WANTED = {
    "decision": ("Không nêu văn bản, quyết định nào (số, ký hiệu)", "Đã có quyết định, biên bản thì ghi số và ngày.", 1.0, 0.0),
    "day": ("Không nêu ngày nào", "Ghi việc đã làm ngày nào, hoặc xong trước ngày nào.", 1.0, 0.0),
    "person": ("Không nêu ai chịu trách nhiệm", "Ghi người hoặc đơn vị làm, bằng tên.", 1.0, 0.5),
    "article": ("Không nêu điều luật", "Ghi điều, khoản là căn cứ, để người gửi tự xem được.", 0.5, 0.5),
}  # what an answer should name -> (words, what to do, points; points when the letter only asks to be told something)


@dataclass(frozen=True, slots=True)
class Finding:
    """`code` request | decision | day | person | article | empty | copied. `words` say it, `reason` why or what to do. The
    place is in the `where` "letter" or "answer", from `start` to `end`; None when it is about the whole."""

    code: str
    words: str
    reason: str
    where: str = "answer"
    start: int | None = None
    end: int | None = None
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, the weightiest first. `hollow`: it only looks like an answer, by `points`."""

    findings: tuple[Finding, ...]
    requests: int
    addressed: int
    points: float
    copy: Copy | None = None

    @property
    def hollow(self) -> bool:
        return self.points >= HOLLOW


def check(letter: str, answer: str, earlier: Sequence[str] = (), gives: Collection[str] = ()) -> Report:
    """Hold an answer against the letter and the earlier answers of the agency. `gives`: what the paper is by itself (a decision
    names itself). Pure; never raises for any text."""
    text, found = folded(answer), _binding(answer, letter)
    asked = requests(letter)
    only_told = bool(asked) and all(r.question for r in asked)
    said = frozenset(s for one in _saying(text, found, only_told) for s in telling(text, one.start, one.end))
    dated = any(m.kind == "day" for m in found)
    left = [r for r in asked if not _addressed(r, said, dated=dated)]
    lacking = [kind for kind in WANTED if kind not in {*gives, *(m.kind for m in found)}]
    phrases = list(_empty(answer, text, found))
    copy = copied(answer, letter, earlier) if earlier else None
    copy = copy if copy is not None and copy.share >= COPIED else None
    weights = {kind: (told if only_told else done) for kind, (_words, _reason, done, told) in WANTED.items()}
    points = sum(weights[kind] for kind in lacking) + min(1.0, len(phrases) / 2)
    points += (2.0 * len(left) / len(asked) if asked else 0.0) + (2.0 if copy else 0.0)
    findings = [*_copy(answer, copy), *_left(left), *(Finding(kind, *WANTED[kind][:2]) for kind in lacking), *phrases]
    return Report(tuple(findings), len(asked), len(asked) - len(left), points, copy)


def _left(left: Sequence[Request]) -> list[Finding]:
    reason = "Các câu có việc cụ thể trong dự thảo không nhắc đến điều này."
    return [Finding("request", f"Chưa thấy trả lời: “{_short(r.text)}”", reason, "letter", r.start, r.end, r.text) for r in left]


def _copy(answer: str, copy: Copy | None) -> list[Finding]:
    if copy is None:
        return []
    words = f"{round(100 * copy.share)} % lời văn trùng với một văn bản trả lời trước"
    reason = "Nếu nhiều đơn cùng một việc thì ghi rõ lý do trả lời chung; nếu không, viết cho đúng đơn này."
    return [Finding("copied", words, reason, "answer", copy.start, copy.end, _short(answer[copy.start : copy.end]))]


def _binding(answer: str, letter: str) -> list[Mark]:
    """The marks of an answer less those of sentences that tell the letter over: the day a letter came binds nobody."""
    text = folded(answer)
    retold = [s for s in sentences(text) if cues().retold.search(text.plain, s.start, s.end)]
    return [m for m in marks(answer, letter) if m.kind == "decision" or not any(s.start <= m.start < s.end for s in retold)]


def _saying(text: Folded, found: Sequence[Mark], only_told: bool) -> Iterator[Sentence]:
    """The sentences that really say something: with a mark other than a law's number, or a plain yes, no, done. Who only
    asked to be told something is answered by any sentence that neither evades nor cites alone."""
    for sentence in sentences(text):
        inside = {m.kind for m in found if sentence.start <= m.start < sentence.end}
        if cues().retold.search(text.plain, sentence.start, sentence.end) and "decision" not in inside:
            continue
        told = only_told and not inside & {"general", "article"} and not any(
            p.search(text.plain, sentence.start, sentence.end) for p, _reason in cues().empty)  # fmt: skip
        if inside - {"general", "article"} or told or cues().plain.search(text.plain, sentence.start, sentence.end):
            yield sentence


def _addressed(request: Request, said: frozenset[str], *, dated: bool) -> bool:
    """Who asks when is told a day; else enough of what the request is about stands in what is said."""
    if request.when and not dated:
        return False
    return sum(s in said for s in request.about) >= min(len(request.about), max(1.0, SHARE * len(request.about)))


def _empty(answer: str, text: Folded, found: Sequence[Mark]) -> Iterator[Finding]:
    """Phrases that bind nobody, in sentences that name nothing: once for each reason and sentence."""
    for sentence in sentences(text):
        if any(sentence.start <= m.start < sentence.end and m.kind in ("day", "decision", "figure") for m in found):
            continue
        for pattern, reason in cues().empty:
            if hit := pattern.search(text.plain, sentence.start, sentence.end):
                start, end = text.at(hit.start()), text.at(hit.end())
                yield Finding("empty", f"“{_short(answer[start:end])}”", reason, "answer", start, end, answer[start:end])


def _short(words: str, most: int = 110) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= most else flat[:most].rsplit(" ", 1)[0] + " …"
