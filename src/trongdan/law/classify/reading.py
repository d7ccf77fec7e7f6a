"""The whole reading of a letter, and its shape as a line of JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from trongdan.law.competence import About, Competence, Question

from .about import Target, competent, question_of, target_of
from .admissible import Answer, prefill
from .cues import Hit
from .cuts import cuts
from .features import Features, features, pairs_of
from .model import FIELDS, NATURES, Model, Scores, model
from .named import Named, find_named
from .people import Senders, find_senders
from .stretches import stretches
from .urgent import Urgent, find_urgent
from .words import Text, read_text

NAMES = {"khieu_nai": "khiếu nại", "to_cao": "tố cáo", "kien_nghi": "kiến nghị", "phan_anh": "phản ánh", "hoi_dap": "hỏi đáp",
         "khac": "khác"}  # fmt: skip
MOST_PAIRS = 600  # among so many from its beginning the words that weigh most are sought
UNDECIDED = "cần người phân loại"
UNSURE = "độ chắc chắn dưới ngưỡng"
SEVERAL = "có thể là nhiều việc, mỗi việc một tính chất"
_TITLE_NATURE = {"khieu nai": "khieu_nai", "to cao": "to_cao", "to giac": "to_cao", "kien nghi": "kien_nghi",
    "phan anh": "phan_anh",
                 "giai dap": "hoi_dap"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """A matter in the letter, with its span in the given text."""

    nature: str
    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Because:
    """What decided: the span in the given text (None for the whole letter), the reason in words, the article. `aside`:
    said for clearness (a title that misleads), not what decided."""

    start: int | None
    end: int | None
    reason: str
    basis: str = ""
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """All that the machine reads. Advice only. `decided` is False below the confidence threshold and where the letter has, or may
    have, matters of several natures: "cần người phân loại"."""

    nature: str
    nature_p: float
    field: str
    field_p: float
    decided: bool
    parts: tuple[Part, ...]
    named: tuple[Named, ...]
    senders: Senders
    admissible: tuple[Answer, ...]
    target: Target
    question: Question
    competent: Competence
    urgent: tuple[Urgent, ...]
    because: tuple[Because, ...]


def classify(text: str, on: date, places: Mapping[str, str] | None = None, at: About | None = None,
             weights: Model | None = None) -> Reading:  # fmt: skip
    """Read a letter. Total: any text gives a reading.

    `on` is the day by which the law in force is chosen; `places` folded place names to commune codes; `at` the agency
    that received the letter (unknown by default); `weights` a model other than the one shipped, for measuring."""
    weights = weights or model()
    read = read_text(text, weights.known)
    found = features(read)
    scores = weights.scores(found)
    number = max(range(len(NATURES)), key=scores.nature.__getitem__)
    topic = max(range(len(FIELDS)), key=scores.field.__getitem__)
    nature, field = NATURES[number], FIELDS[topic]
    named = find_named(read, places)
    senders = find_senders(read, named, found.pairs)
    target = target_of(read, nature, named)
    question = question_of(read, nature, field, target, on, at or About(), senders.anonymous)
    plain = len(found.words) == len(read.words) and read.words == tuple(found.words)
    pairs = found.pairs if plain else pairs_of(read.words)
    parts, doubtful = _parts(read, weights, scores, pairs, found)
    doubt = (UNSURE if scores.nature[number] < weights.threshold else
             SEVERAL if doubtful or len({p.nature for p in parts}) > 1 else "")  # fmt: skip
    return Reading(nature, scores.nature[number], field, scores.field[topic], not doubt, parts, named, senders,
                   prefill(read, nature, on, senders, named, found.hits), target, question, competent(question),
                   find_urgent(read, pairs), _because(read, nature, found.hits, weights, doubt, pairs))  # fmt: skip


def _parts(read: Text, weights: Model, whole: Scores, pairs: list[str], letter: Features) -> tuple[tuple[Part, ...], bool]:
    """The separate matters, and whether there may be several where one is given. The machine only points them out: officials
    may not cut up a letter by themselves when other agencies are competent (NĐ 154/2026 Đ14 k4)."""
    learned = cuts()
    begins, doubtful = learned.found(read, pairs, whole, letter, weights)
    found = stretches(read, begins, whole, weights, learned.lean) if begins else []
    if len(found) > 1:
        return tuple(Part(NATURES[s.nature], FIELDS[s.field], read.folded.at(s.start), read.folded.at(s.end)) for s in found), False
    number = max(range(len(NATURES)), key=whole.nature.__getitem__)
    topic = max(range(len(FIELDS)), key=whole.field.__getitem__)
    return (Part(NATURES[number], FIELDS[topic], read.folded.at(0), read.folded.at(len(read.folded.plain))),), doubtful


def _because(read: Text, nature: str, hits: list[Hit], weights: Model, doubt: str, pairs: list[str]) -> tuple[Because, ...]:
    out: list[Because] = []
    if doubt:
        out.append(Because(None, None, f"{UNDECIDED}: {doubt}"))
    titled = next((n for words, n in _TITLE_NATURE.items() if words in read.title), nature)
    if titled != nature and read.title_span:
        a, b = read.title_span
        out.append(Because(read.folded.at(a), read.folded.at(b), f"Tiêu đề ghi {NAMES[titled]}, nhưng xét theo nội dung là"
            f" {NAMES[nature]}",
                           "Thông tư 05/2021/TT-TTCP Đ6 k1", aside=True))  # fmt: skip
    seen: dict[str, Because] = {}
    for hit in sorted(hits, key=lambda h: -h.first):
        if hit.cue.nature == nature and hit.cue.key not in seen:
            seen[hit.cue.key] = Because(*read.span(hit.first, hit.last), _sentence(hit.cue.reason), hit.cue.basis)
    out += sorted(seen.values(), key=lambda b: b.start or 0)[:5]
    if not seen:
        out += _heaviest(read, nature, weights, pairs)
    return tuple(out)


def _heaviest(read: Text, nature: str, weights: Model, pairs: list[str]) -> list[Because]:
    """Without a sign of the law: the words of the letter that weigh most for the nature."""
    places = weights.heaviest(pairs[:MOST_PAIRS], NATURES.index(nature), 3)
    return [Because(*read.span(i, i + 1), f"Từ ngữ thường gặp trong {NAMES[nature]}") for i in sorted(places)]


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def as_row(reading: Reading, letter_id: Any) -> dict[str, Any]:
    """The reading as the line that `trongdan letters classify` prints."""
    named: dict[str, Any] = {kind: [] for kind in ("persons", "agencies", "posts", "places", "parcels", "decisions", "dates",
        "sums")}
    plural = {"person": "persons", "agency": "agencies", "post": "posts", "place": "places", "parcel": "parcels",
        "decision": "decisions",
              "date": "dates", "sum": "sums"}  # fmt: skip
    for one in reading.named:
        named[plural[one.kind]].append({"text": one.text, "start": one.start,
            "end": one.end} | ({"code": one.code} if one.code else {}))
    named |= {"senders": reading.senders.count, "anonymous": reading.senders.anonymous}
    found = reading.competent
    about = reading.target.about
    return {
        "id": letter_id, "nature": reading.nature, "nature_p": round(reading.nature_p, 4), "field": reading.field,
        "field_p": round(reading.field_p, 4),
        "parts": [{"nature": p.nature, "field": p.field, "start": p.start, "end": p.end} for p in reading.parts],
        "named": named,
        "admissible": [{"item": a.item.id, "group": a.item.group, "question": a.item.question, "answer": a.answer, "good": a.good,
                        "basis": a.item.basis, "span": a.span, "missing": a.item.missing if a.good is False else ""}
                       for a in reading.admissible],
        "competent": {"settler": found.settler, "does": found.does, "does_words": found.does_words, "paper": found.paper,
                      "clock": found.clock, "basis": found.basis, "verified": found.verified, "why": list(found.why),
                      "route": found.route.name if found.route else None,
                      "about": {"level": about.level, "kind": about.kind, "post": about.post, "agency": reading.target.agency,
                                "official": reading.target.official}},
        "urgent": [{"sign": u.id, "name": u.name, "reason": u.reason, "start": u.start, "end": u.end} for u in reading.urgent],
        "because": [{"start": b.start, "end": b.end, "reason": b.reason, "basis": b.basis} for b in reading.because],
    }  # fmt: skip
