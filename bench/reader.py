"""The reader of letters: how many a second, one letter, its memory and its first use. How *right* it is stands in
docs/classifier.md, which `make classify` writes."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from datetime import date

from . import instance
from .figures import Result, begin, percentile

ON = date(2026, 11, 2)
_MEMORY = """
import sys
from datetime import date
from pathlib import Path
def resident():
    return int(next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS:")))
from trongdan.law import load_law
load_law()
before = resident()
from trongdan.law.classify import classify
import time
t = time.perf_counter()
classify("Tôi khiếu nại quyết định thu hồi đất số 1/QĐ-UBND.", date(2026, 11, 2))
first = time.perf_counter() - t
for line in sys.stdin:
    classify(line, date(2026, 11, 2))
print((resident() - before) / 1024, first * 1000)
"""


def _letters() -> list[str]:
    """The project's own invented letters, of every length and style."""
    from tools.classify.own import written

    return [sample.text for sample, _ in written()]


def run() -> Result:
    """Measure and save."""
    with instance.folder():
        from trongdan.law.classify import as_row, classify
        from trongdan.platform.process import keep_what_is_read

        letters = _letters()
        result = begin("reader", "Máy đọc đơn")
        classify(letters[0], ON)
        keep_what_is_read()  # as `trongdan letters classify` and the worker do
        each = []
        cpu = resource.getrusage(resource.RUSAGE_SELF).ru_utime
        for text in letters:
            begun = time.perf_counter()
            classify(text, ON)
            each.append((time.perf_counter() - begun) * 1000)
        cpu = resource.getrusage(resource.RUSAGE_SELF).ru_utime - cpu
        result.add("rate", "Đơn đọc trọn vẹn mỗi giây CPU, một nhân", len(each) / cpu, "đơn/giây", 2000, more=True)
        result.add("one", "Một đơn, 95 %", percentile(each, 0.95), "ms", 5)
        longest = max(letters, key=len)
        begun = time.perf_counter()
        json.dumps(as_row(classify(longest, ON), 1), ensure_ascii=False)
        result.add("longest", f"Đơn dài nhất ({len(longest)} ký tự), ra dòng JSON", (time.perf_counter() - begun) * 1000, "ms", 5)
        flat = "\n".join(" ".join(text.split()) for text in letters)
        run = subprocess.run([sys.executable, "-c", _MEMORY], input=flat, capture_output=True, text=True, check=True)
        out = run.stdout.split()
        result.add("memory", "Bộ nhớ thêm khi dùng máy đọc", float(out[0]), "MB", 60)
        result.add("first", "Lần dùng đầu (nạp mô hình và một đơn)", float(out[1]), "ms")
        mean = sum(map(len, letters)) // len(letters)
        result.notes.append(f"{len(letters)} đơn do dự án đặt ra, trung bình {mean} ký tự; đọc đủ: "
                            "tính chất, lĩnh vực, các việc, tên, điều kiện, thẩm quyền, vì sao.")  # fmt: skip
        result.save()
    return result
