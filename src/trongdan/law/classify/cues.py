"""Signs by the law's definitions: which of them a letter shows, and where. The data are `cues.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from .fold import squeeze, with_marks
from .words import Text, even

# Words that say whose matter it is; combined with a sign in the same sentence they tell a complaint from a petition.
OWN = frozenset({"toi", "minh", "em", "chau", "chung toi"})
_OWN_AFTER = frozenset({"cua toi", "nha toi", "dinh toi", "ho toi", "voi toi", "cho toi", "ty toi", "ty chung", "chung toi",
    "me toi", "bo toi",
                        "chong toi", "vo toi", "con toi", "phat toi", "nha em", "nha chau", "cha toi", "toi bi", "voi ho",
                        "nha minh"})  # fmt: skip
_ASKS = frozenset({"de", "yeu", "mong", "xin", "nho", "kien", "can", "muon"})
_ASK_NEXT = frozenset({"nghi", "cau", "muon", "duoc", "cac", "xa", "tinh", "cho", "hoi", "quy", "co", "som", "ong", "chinh",
    "uy", "bao", "chuyen", "phuong"})
_ASK_PAIRS = frozenset(f"{a} {b}" for a in _ASKS for b in _ASK_NEXT)


@dataclass(frozen=True, slots=True)
class Cue:
    """A sign: `nature` it speaks for, `name`, the `reason` in words and the `basis` in the law; `key` names both."""

    nature: str
    name: str
    reason: str
    basis: str
    key: str


class Hit(NamedTuple):
    """A sign found: words first..last (both included) of the letter."""

    cue: Cue
    first: int
    last: int


class _Lexicon:
    """Phrases by their first word; longest first. Built once."""

    def __init__(self, table: Mapping[str, Mapping[str, object]]) -> None:
        self.cues: dict[str, Cue] = {}
        self.heads: dict[str, list[tuple[tuple[str, ...], tuple[str, ...], Cue]]] = {}
        for nature, group in table.items():
            for name, entry in group.items():
                if not isinstance(entry, dict):
                    continue
                cue = Cue(nature, name, str(entry["reason"]), str(group["basis"]), f"{nature}.{name}")
                self.cues[cue.key] = cue
                for phrase in entry["phrases"]:
                    words = tuple(squeeze(phrase).split())
                    marks = tuple(even(w) for w in with_marks(phrase))
                    self.heads.setdefault(" ".join(words[:2]), []).append((words, marks, cue))
        for entries in self.heads.values():
            entries.sort(key=lambda e: -len(e[0]))


@lru_cache(maxsize=1)
def lexicon() -> _Lexicon:
    """The signs of `cues.toml`."""
    return _Lexicon(tomllib.loads((files(__package__) / "cues.toml").read_text("utf-8")))


def find_cues(text: Text, pairs: Sequence[str]) -> list[Hit]:
    """Every sign in the letter, those of two words and more first; `pairs` are its words two by two. Of one sign,
    overlapping hits count once."""
    heads = lexicon().heads
    hits: list[Hit] = []
    for names in (pairs, text.words):
        for index in [i for i, name in enumerate(names) if name in heads]:
            hits.extend(_at(heads[names[index]], text, index))
    return hits


def same_marks(text: Text, index: int, marks: tuple[str, ...]) -> bool:
    """Whether the words from `index` can be this phrase: its marks, or none."""
    if not text.marked:
        return True
    return all(a == b or a.isascii() for a, b in zip(text.marked[index : index + len(marks)], marks, strict=False))


def _at(entries: list[tuple[tuple[str, ...], tuple[str, ...], Cue]], text: Text, index: int) -> list[Hit]:
    out: list[Hit] = []
    seen: set[str] = set()
    for phrase, marks, cue in entries:
        size = len(phrase)
        if cue.key not in seen and text.words[index : index + size] == phrase and same_marks(text, index, marks):
            seen.add(cue.key)
            out.append(Hit(cue, index, index + size - 1))
    return out


def cue_features(text: Text, hits: list[Hit], pairs: list[str]) -> set[str]:
    """Features of the signs: present, repeated, late in the letter, in one sentence with the sender's own matter;
    which two natures' signs meet; how the letter ends; its title (weakly)."""
    out: set[str] = set()
    counts: dict[str, int] = {}
    sentence_of = _sentence_of(text)
    own = {sentence_of[i] for i, pair in enumerate(pairs) if pair in _OWN_AFTER}
    late = len(text.words) * 0.6
    for hit in hits:
        key = hit.cue.key
        counts[key] = counts.get(key, 0) + 1
        out.add("#" + key)
        if hit.first >= late:
            out.add("#>" + key)
        if sentence_of[hit.first] in own:
            out.add("#own:" + key)
    out.update("#2:" + key for key, n in counts.items() if n > 1)
    if own:
        out.add("#own")
    present = set(counts)
    if present & {"khieu_nai.decision", "khieu_nai.refused"} and present & {"khieu_nai.ask_review", "khieu_nai.restore_own",
        "khieu_nai.objects"}:
        out.add("#complaint")
    breach = present & {"to_cao.corruption", "to_cao.forgery"}
    if breach and present & {"to_cao.punish", "to_cao.responsible", "to_cao.word"}:
        out.add("#denunciation")
    if breach and "phan_anh.hearsay" in present:
        out.add("#hearsay")
    questions = text.folded.plain.count("?")
    if questions:
        out.add("#?")
    if text.folded.plain.rstrip()[-60:].count("?"):
        out.add("#?end")
    if _ASK_PAIRS.isdisjoint(pairs):
        out.add("#asks nothing")
    size = len(text.words)
    out.add("#size:" + ("tiny" if size < 12 else "short" if size < 35 else "middle" if size < 120 else "long"))
    if text.title:
        out.update("#title:" + t for t in ("khieu nai", "to cao", "kien nghi", "phan anh", "hoi", "giai dap") if t in text.title)
    return out


def _sentence_of(text: Text) -> list[int]:
    out: list[int] = []
    for number, (first, last) in enumerate(text.sentences):
        out.extend([number] * (last - first))
    out.extend([len(text.sentences)] * (len(text.words) - len(out) + 1))
    return out
