"""The check of answers (`law/answers`) on invented letters, each with a true answer and one that only looks like one."""

from __future__ import annotations

import re
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

from .figures import Result, begin, percentile

FOLDER = Path(__file__).parent / "answers"
_NUMBER = re.compile(r"\d+")
_NAME = re.compile(r"\b((?:ông|bà|chị|anh|cô) )[A-ZĐ]\w+(?: [A-ZĐ]\w+)+")


@dataclass(frozen=True, slots=True)
class Sample:
    """A letter with its answer; `hollow` when that only looks like one."""

    id: str
    letter: str
    answer: str
    hollow: bool


def samples(half: str) -> list[Sample]:
    """The answers of a half: "practice" or "held"."""
    rows = tomllib.loads((FOLDER / f"{half}.toml").read_text("utf-8"))["letter"]
    return [Sample(row["id"], row["text"], row[sort], sort == "hollow") for row in rows for sort in ("real", "hollow")]


def altered(answer: str) -> str:
    """An answer as it is used again for another letter: other figures and names, one word in nine another."""
    other = _NAME.sub(r"\1Hứa Văn Khác", _NUMBER.sub(lambda m: str(int(m.group()) * 3 + 1), answer))
    words = other.split(" ")
    return " ".join("cũng" if number % 9 == 8 else word for number, word in enumerate(words))


def measure(result: Result, half: str, name: str) -> None:
    """How often the judgement is right, how often a true answer is blamed, a hollow one passed."""
    from trongdan.law.answers import check

    found = [(s, check(s.letter, s.answer)) for s in samples(half)]
    hollow, real = [r for s, r in found if s.hollow], [r for s, r in found if not s.hollow]
    caught, blamed = (100 * sum(r.hollow for r in some) / len(some) for some in (hollow, real))
    result.add(f"{half}.caught", f"{name}: câu trả lời rỗng được báo ({len(hollow)} câu)", caught, "%", 85, more=True)
    result.add(f"{half}.blamed", f"{name}: câu trả lời thật bị báo nhầm ({len(real)} câu)", blamed, "%", 10)
    asked = sum(r.requests for r in real)
    result.add(f"{half}.asked", f"{name}: yêu cầu trong đơn được câu trả lời thật đáp, máy thấy đúng là có đáp ({asked} yêu cầu)",
               100 * sum(r.addressed for r in real) / asked, "%", 90, more=True)  # fmt: skip
    result.add(f"{half}.unasked", f"{name}: yêu cầu mà câu trả lời rỗng bỏ, máy thấy là chưa đáp",
               100 * (1 - sum(r.addressed for r in hollow) / sum(r.requests for r in hollow)), "%")  # fmt: skip


def run() -> Result:
    """Measure and save."""
    from trongdan.law.answers import COPIED, check, copied

    result = begin("answers", "Soát câu trả lời trước khi ký")
    measure(result, "held", "Nửa để riêng")
    measure(result, "practice", "Nửa dùng để chỉnh")
    every = [*samples("held"), *samples("practice")]
    answers = [s.answer for s in every]
    used = [copied(altered(s.answer), s.letter, answers) for s in every]
    own = [copied(s.answer, s.letter, [a for a in answers if a != s.answer]) for s in every]
    caught, blamed = (100 * sum(c is not None and c.share >= COPIED for c in some) / len(every) for some in (used, own))
    label = f"Câu trả lời cũ dùng lại, đã đổi số, tên và một phần chín số chữ, được báo ({len(used)} câu)"
    result.add("copied.caught", label, caught, "%", 85, more=True)
    result.add("copied.blamed", "Câu viết riêng bị báo là chép", blamed, "%", 2)
    each = []
    for s in every:
        begun = time.perf_counter()
        check(s.letter, s.answer, answers * 2)
        each.append((time.perf_counter() - begun) * 1000)
    label = f"Một câu trả lời, đối chiếu với {2 * len(answers)} câu trước, 95 %"
    result.add("one", label, percentile(each, 0.95), "ms", 100)
    result.notes.append("Đơn và câu trả lời đều do người viết phần mềm đặt ra, cùng một tay với phép soát; với văn bản thật kết "
                        "quả sẽ thấp hơn. Nửa để riêng chỉ được đo, không dùng để chỉnh.")  # fmt: skip
    result.save()
    return result
