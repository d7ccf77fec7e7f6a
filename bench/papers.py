"""Official papers: one as PDF (archivable, tagged) and as DOCX, each from its real template."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any

from . import instance
from .figures import Result, begin, percentile, summary, timed
from .words import MATTERS, letter, name_of

_numbers = count(1)
WARM = 3


def some_words() -> dict[str, Any]:
    """The words of one paper, other ones each time: Typst keeps what it has set before."""
    n = next(_numbers)
    text = letter(n)
    return {
        "agency": "Ủy ban nhân dân xã Kim Bôi", "superior": "Ủy ban nhân dân tỉnh Phú Thọ", "place": "Kim Bôi",
        "date_words": "ngày 12 tháng 8 năm 2026", "dated": "2026-08-12", "number": f"{n}/TB-UBND", "sender": name_of(n),
        "address": f"xóm {n}, xã Kim Bôi", "reference": f"7K3-9QX-{n:03d}", "signer_capacity": "CHỦ TỊCH",
        "signer_name": name_of(n + 1), "received": "05/08/2026", "summary": text[:280], "text": text,
        "answer": f"{n}. " + text, "action_taken": MATTERS[n % len(MATTERS)], "respondent": "Ủy ban nhân dân xã Kim Bôi",
        "settle_due": "11/09/2026",
    }  # fmt: skip


def _make(make: Callable[..., bytes], paper: str) -> None:
    make(paper, some_words())


def run(times: int = 100) -> Result:
    """Measure and save: the slowest kind of paper stands for all."""
    with instance.folder():
        import django

        django.setup()
        from trongdan.core.papers.declaration import papers
        from trongdan.core.papers.render import render_docx, render_pdf

        result = begin("papers", "Văn bản")
        each: dict[str, dict[str, Any]] = {}
        kept: dict[str, list[float]] = {"pdf": [], "docx": []}
        used = 0.0
        for paper in sorted(papers()):
            before = time.process_time()
            pdf = timed(partial(_make, render_pdf, paper), times, WARM)
            used += time.process_time() - before
            docx = timed(partial(_make, render_docx, paper), times, WARM)
            kept["pdf"] += pdf
            kept["docx"] += docx
            each[paper] = {"pdf": summary(pdf), "docx": summary(docx), "pdf_bytes": len(render_pdf(paper, some_words()))}
        result.add("pdf_cpu", "CPU của một văn bản PDF (trung bình; không tính lúc nhường nhân cho việc khác)",
                   used / (len(each) * (times + WARM)) * 1000, "ms")  # fmt: skip
        slowest = max(each, key=lambda p: float(each[p]["pdf"]["median"]))
        result.add("pdf", f"Một văn bản PDF/A có thẻ ({len(each)} loại, trung vị)", percentile(kept["pdf"], 0.5), "ms", 15)
        result.add("pdf_p95", "95 % văn bản PDF xong trong", percentile(kept["pdf"], 0.95), "ms")
        result.add("pdf_slowest", f"Loại lâu nhất ({slowest}), trung vị", float(each[slowest]["pdf"]["median"]), "ms")
        result.add("docx", "Một văn bản DOCX (trung vị)", percentile(kept["docx"], 0.5), "ms")
        result.details["each"] = each
        result.notes.append(f"Mỗi loại văn bản được dựng {times} lần bằng mẫu thật, phông chữ Tinos đi kèm; mỗi lần một lời khác.")
        result.save()
    return result
