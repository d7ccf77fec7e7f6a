"""Whether letters on one matter are found, and no others: invented letters (`told/*.toml`) in pairs of declared sorts."""

from __future__ import annotations

import itertools
import random
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .figures import Result, begin

if TYPE_CHECKING:
    from trongdan.law.classify.alike import Signature

FOLDER = Path(__file__).parent / "told"
COMMUNES = (("xã Kim Bôi", "c04978"), ("xã Cao Sơn", "c04876"), ("xã Liên Sơn", "c04960"))
SEED = 70
TRIES = 3  # drawings of each sort of noise
SAME = {
    "repeat": "Gửi lại nguyên văn",
    "typed": "Chép lại: cách dòng, dấu câu, chữ hoa khác",
    "bare": "Chép lại không dấu",
    "slips": "Chép lại, sai một chữ cái trong một phần mười lăm số chữ",
    "phone": "Chép lại kiểu nhắn tin (chữ tắt)",
    "scan": "Bản quét đọc sai (nhiễu OCR)",
    "again": "Người ấy viết tiếp, lời khác",
    "other": "Người khác kể cùng việc, lời khác",
}
DIFFERENT = {
    "moved": "Cùng mẫu đơn, xã khác",
    "number": "Cùng số quyết định, thửa; xã khác, lời khác",
    "near": "Cùng xã, cùng lĩnh vực, việc khác (thửa, quyết định khác)",
    "apart": "Không liên quan, cùng xã",
    "far": "Không liên quan, xã khác",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """An earlier and a new letter, each (text, commune's code), of a sort; `named` when both name a decision, parcel or
    project."""

    sort: str
    matter: str
    old: tuple[str, str]
    new: tuple[str, str]
    named: bool = False

    @property
    def same(self) -> bool:
        return self.sort in SAME


def _typed(text: str, _rng: random.Random) -> str:
    return "  ".join(text.replace(". ", ".\n\n").replace(", ", " , ").upper().split(" "))


def _bare(text: str, _rng: random.Random) -> str:
    from tools.classify.noise import strip_marks

    return strip_marks(text)


def _slips(text: str, rng: random.Random) -> str:
    """One letter of every fifteenth word, drawn, is doubled, left out or another."""
    words = text.split(" ")
    for at in rng.sample(range(len(words)), max(1, len(words) // 15)):
        word = words[at]
        i = rng.randrange(len(word))
        words[at] = word[:i] + rng.choice((word[i] * 2, "", rng.choice("aeionhtc"))) + word[i + 1 :]
    return " ".join(words)


def copies() -> dict[str, Callable[[str, random.Random], str]]:
    """How a letter is copied, by sort."""
    from tools.classify.noise import scan, teen

    return {"repeat": lambda t, _r: t, "typed": _typed, "bare": _bare, "slips": _slips, "phone": teen, "scan": scan}


def pairs(half: str) -> Iterator[Pair]:
    """All pairs of a half ("practice", "held"), always the same."""
    matters = tomllib.loads((FOLDER / f"{half}.toml").read_text("utf-8"))["matter"]
    rng = random.Random(SEED)
    told: list[tuple[str, str, str]] = []
    for number, m in enumerate(matters):
        home, away = COMMUNES[number % len(COMMUNES)], COMMUNES[(number + 1) % len(COMMUNES)]
        first, again, other, near = (m[k].replace("{xa}", home[0]) for k in ("first", "again", "other", "near"))
        old = (first, home[1])
        for sort, copy in copies().items():
            for _ in range(1 if sort in ("repeat", "typed", "bare") else TRIES):
                yield Pair(sort, m["id"], old, (copy(first, rng), home[1]))
        for sort, text in (("again", again), ("other", other)):
            yield Pair(sort, m["id"], old, (text, home[1]), _names_alike(first, text))
        for text in (first, again, other):
            yield Pair("near", m["id"], (text, home[1]), (near, home[1]))
        if "dự án" not in first.lower():  # a project may cross communes: its letters are one matter wherever they come from
            yield Pair("moved", m["id"], old, (m["first"].replace("{xa}", away[0]), away[1]))
            yield Pair("number", m["id"], old, (m["other"].replace("{xa}", away[0]), away[1]))
        told += [(m["id"], text, home[1]) for text in (first, again, other, near)]
    for (a, one, here), (b, two, there) in itertools.combinations(told, 2):
        if a != b:
            yield Pair("apart" if here == there else "far", f"{a}-{b}", (one, here), (two, there))


_NAMES = re.compile(r"\d+/[A-Z]|thửa (?:đất )?(?:số )?\d+|[Dd]ự án|(?:quyết định|kết luận) \d+|qd so \d+")


def _names_alike(one: str, other: str) -> bool:
    """By a rule of the bench's own, not the product's: both name a paper, a parcel or a project."""
    return bool(_NAMES.search(one) and _NAMES.search(other))


class Judge:
    """What the product would do with a pair: found by a shared number, then judged alike."""

    def __init__(self) -> None:
        from trongdan.core.agencies.places import place_names
        from trongdan.law.classify.alike import keyed

        self.hashed, self.places = keyed(b"bench" * 7), place_names()
        self.known: dict[tuple[str, str], tuple[Signature, frozenset[int]]] = {}

    def signed(self, letter: tuple[str, str]) -> tuple[Signature, frozenset[int]]:
        from trongdan.law.classify.alike import signature

        if letter not in self.known:
            one = signature(letter[0], self.hashed, letter[1], self.places)
            self.known[letter] = one, frozenset(one.terms(self.hashed))
        return self.known[letter]

    def says(self, pair: Pair) -> tuple[bool, bool]:
        """(found by a number and alike, alike): the second also where no number leads to it."""
        from trongdan.law.classify.alike import Kept, why_alike

        (old, at), (new, now) = self.signed(pair.old), self.signed(pair.new)
        kept = Kept(old.whole, old.length, old.sketch, old.sense, frozenset(old.marks), old.commune)
        alike = bool(why_alike(new, kept))
        return alike and bool(at & now), alike


@dataclass(frozen=True, slots=True)
class Counted:
    """Of a half: pairs, pairs put into one group, pairs alike that no number leads to, by sort; and the wrong ones."""

    asked: Counter[str]
    joined: Counter[str]
    unreached: Counter[str]
    wrong: tuple[Pair, ...]

    def share(self, *sorts: str) -> float:
        return 100 * sum(self.joined[s] for s in sorts) / max(1, sum(self.asked[s] for s in sorts))

    @property
    def precision(self) -> float:
        """Of the pairs put together, how many belong: each sort of hand-written tellings and all that is different."""
        right = sum(self.joined[s] for s in SAME)
        return 100 * right / max(1, right + sum(self.joined[s] for s in DIFFERENT))


def count(half: str, sorts: frozenset[str] | None = None) -> Counted:
    """Judge the pairs of a half, all or of some `sorts`."""
    judge, asked, joined, unreached, wrong = Judge(), Counter[str](), Counter[str](), Counter[str](), list[Pair]()
    for pair in pairs(half):
        if sorts is not None and pair.sort not in sorts:
            continue
        put, alike = judge.says(pair)
        told = [f"{pair.sort}.{'named' if pair.named else 'unnamed'}"] if pair.sort in ("again", "other") else []
        for key in (pair.sort, *told):
            asked[key] += 1
            joined[key] += put
            unreached[key] += alike and not put
        if put != pair.same:
            wrong.append(pair)
    return Counted(asked, joined, unreached, tuple(wrong))


def _report(result: Result, half: str, name: str, *, show: bool) -> None:
    found = count(half)
    for sort, label in SAME.items():
        aim = {"repeat": 100.0, "typed": 100.0, "bare": 100.0, "slips": 95.0}.get(sort)
        result.add(f"{half}.{sort}", f"{name}: {label[0].lower()}{label[1:]}, nhận ra ({found.asked[sort]} cặp)",
                   found.share(sort), "%", aim, more=True)  # fmt: skip
    for kind, words in (("named", "cùng nêu số văn bản, thửa hoặc dự án"), ("unnamed", "không cùng nêu gì")):
        keys = (f"again.{kind}", f"other.{kind}")
        result.add(f"{half}.{kind}", f"{name}: trong hai loại kể lại lời khác, {words} ({sum(found.asked[k] for k in keys)} cặp)",
                   found.share(*keys), "%", 90 if kind == "named" else None, more=True)  # fmt: skip
    for sort, label in DIFFERENT.items():
        result.add(f"{half}.{sort}", f"{name}: {label[0].lower()}{label[1:]}, bị gộp nhầm ({found.asked[sort]} cặp)",
                   found.share(sort), "%", 1.0)  # fmt: skip
    result.add(f"{half}.precision", f"{name}: trong các cặp được gộp, đúng là một việc", found.precision, "%", 99, more=True)
    result.add(f"{half}.unreached", f"{name}: giống nhau nhưng không số nào dẫn tới",
               sum(found.unreached[s] for s in SAME), "cặp")  # fmt: skip
    if show:  # only of what may be tuned on
        for pair in found.wrong:
            if pair.sort not in ("phone", "scan"):
                print(f"    {pair.sort} {pair.matter}", file=sys.stderr)


def run() -> Result:
    """Measure and save."""
    result = begin("grouping", "Nhận ra đơn cùng một việc")
    _report(result, "practice", "Nửa dùng để chỉnh", show=True)
    _report(result, "held", "Nửa để riêng", show=False)
    result.notes += [
        "Mỗi nửa 20 việc, mỗi việc bốn thư ngắn (`bench/told`): đơn đầu, viết tiếp, người khác kể, và một việc khác gần giống. "
        "Mọi thư do người viết phần mềm đặt ra, một tay; với thư thật kết quả có thể khác. Nửa để riêng viết trước lần đo đầu.",
        "Được gộp: hai thư có chung ít nhất một số để tra và phép so cho ít nhất một lý do, như tiến trình nền làm; trần mười hai "
        "đơn gần nhất của mỗi số không tính ở đây. Nơi xảy ra việc do người gửi chọn nên luôn có.",
    ]
    result.save()
    return result
