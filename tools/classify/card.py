"""The model's card, docs/classifier.md: written from the figures of the last training, never by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[2] / "docs" / "classifier.md"
FIGURES = Path(__file__).parent / "figures.json"
NAMES = {"khieu_nai": "khiếu nại", "to_cao": "tố cáo", "kien_nghi": "kiến nghị", "phan_anh": "phản ánh", "hoi_dap": "hỏi đáp",
         "khac": "khác"}  # fmt: skip
WAYS = {
    "nested": "Đơn có nhãn (ba phần tư số nguồn), kiểm tra chéo lồng nhau theo nguồn",
    "by_maker": "Đơn do dự án đặt ra: mỗi người viết được đọc bằng mô hình chưa thấy đơn nào của người ấy",
    "held": "Một phần tư số nguồn để riêng, chấm năm lần khi mô hình đổi",
}
TARGETS = {"macro": 0.93, "merged": 0.96, "field": 0.85, "ece": 0.06}


def _number(value: float, digits: int = 3) -> str:
    return f"{value:.{digits}f}".replace(".", ",")


def page(figures: dict[str, Any]) -> str:
    """The whole page."""
    lines = [HEAD, "## Số đo chính\n", "| cách đo | số đơn | tính chất, F1 | gộp kiến nghị và phản ánh, F1 | lĩnh vực, đúng "
        "| sai số hiệu chỉnh |",
             "|---|---:|---:|---:|---:|---:|"]  # fmt: skip
    for way, name in WAYS.items():
        f = figures[way]
        lines.append(f"| {name} | {f['letters']} | {_with_range(f, 'macro')} | {_with_range(f, 'merged')} "
            f"| {_with_range(f, 'field')} "
                     f"| {_number(f['ece'])} |")  # fmt: skip
    lines.append("| *mục tiêu* | | ≥ 0,930 | ≥ 0,960 | ≥ 0,850 | ≤ 0,060 |\n")
    lines += ["Trong ngoặc là khoảng tin cậy 95 % (lấy mẫu lại). Một đơn còn tranh cãi được tính đúng với một trong hai tính"
        " chất.\n",
              f"**Không đạt**: {_missed(figures)}.\n", "## Khi nào máy tự nói, khi nào cần người\n",
              f"Ngưỡng {_number(figures['threshold'], 2)}: dưới ngưỡng thì ghi *cần người phân loại*.\n",
              "| cách đo | tự nói | sai trong số tự nói (mục tiêu ≤ 0,020) |", "|---|---:|---:|"]  # fmt: skip
    shares = [(name, figures[way]["coverage"]) for way, name in WAYS.items()]
    shares += [(f"{name}, và không có nhiều việc khác tính chất hoặc nghi như vậy (cách máy đang làm)", figures["parts"][key])
               for name, key in (("Đơn do dự án đặt ra", "alone"), ("Đơn có nhãn", "alone_labelled"))]  # fmt: skip
    lines += [f"| {name} | {_number(share, 2)} | {_number(wrong)} |" for name, (share, wrong) in shares]
    lines += ["\n## Từng tính chất\n", "| | chính xác | đầy đủ | F1 | số đơn | chính xác (người viết khác) | đầy đủ | F1 "
        "| số đơn |",
              "|---|---:|---:|---:|---:|---:|---:|---:|---:|"]  # fmt: skip
    for mine, theirs in zip(figures["nested"]["classes"], figures["by_maker"]["classes"], strict=True):
        cells = " | ".join(f"{_number(p)} | {_number(r)} | {_number(f)} | {n}" for _, p, r, f, n in (mine, theirs))
        lines.append(f"| {NAMES[mine[0]]} | {cells} |")
    lines += ["\n## Từng loại đơn\n", "Dưới 60 đơn thì chỉ nêu, không kết luận.\n",
              "| loại đơn | số đơn có nhãn | tính chất, đúng | số đơn người viết khác | đúng |",
              "|---|---:|---:|---:|---:|"]  # fmt: skip
    for name, mine, theirs in figures["slices"]:
        lines.append(f"| {name} | {mine[0]} | {_share(mine)} | {theirs[0]} | {_share(theirs)} |")
    p = figures["parts"]
    lines += ["\n## Nhiều việc trong một đơn, người gửi\n",
              "Chỗ đơn chuyển sang việc khác do máy học từ đơn nhiều việc đã đánh dấu bằng tay "
              f"({p['marked']} đơn) và đơn ghép từ hai đơn của một người viết; mọi số là của người viết mà cả hai bước "
              "chưa thấy. Nhưng dấu và cách làm được chọn khi "
              "đã đọc các đơn ấy: đơn lạ có thể kém hơn. Hàng đơn có nhãn là của máy học chưa thấy đơn có nhãn nào.\n",
              "| | đơn một việc giữ nguyên (mục tiêu ≥ 0,95) | đơn nhiều việc: đúng số việc | đúng số việc và tính chất "
              "(mục tiêu ≥ 0,80) | đúng cả lĩnh vực |", "|---|---:|---:|---:|---:|",
              _matters("Đơn do dự án đặt ra", p["cuts"]), _matters("Đơn có nhãn", p["cuts_labelled"]) + "\n",
              f"Số người gửi đúng {_number(p['senders'], 2)}; giấu tên đúng {_number(p['anonymous'], 2)}; dấu hiệu khẩn cấp: thấy "
              f"{p['urgent_found']} trong {p['urgent_n']}, báo thừa {p['urgent_false']} trong {p['urgent_rest']}.\n",
              *_unseen(figures["unseen"]),
              "## Các cách đã so\n", "| cách | F1 đơn có nhãn | F1 người viết khác | lĩnh vực, đơn có nhãn |",
              "|---|---:|---:|---:|"]  # fmt: skip
    lines += [f"| {name} | {_number(a)} | {_number(b)} | {_number(c)} |" for name, a, b, c in figures["compared"]]
    lines.append(TAIL.format(**figures["data"]))
    return "\n".join(lines)


def _unseen(found: dict[str, Any]) -> list[str]:
    """The section on the eighth writer's letters."""
    rows = [("tính chất, F1", "macro"), ("gộp kiến nghị và phản ánh, F1", "merged"), ("lĩnh vực, đúng", "field")]
    shown = [f"| {words} | {_number(v)} ({_number(low, 2)}–{_number(high, 2)}) |" for words, (v, low, high) in
             ((words, found[key]) for words, key in rows)]  # fmt: skip
    one, many = found["alone_single"], found["alone_several"]
    return ["## Đơn khó của người viết thứ tám, không dùng để dạy\n",
            f"{found['letters']} đơn, cố ý khó: nhiều việc nối nhau không lời chuyển, đơn trông như tính chất khác. Đo trên máy "
            "đang dùng; đơn ngoài đời có thể nằm giữa bảng này và bảng đầu trang.\n", "| | |", "|---|---:|", *shown,
            f"| đơn một việc giữ nguyên ({found['single_n']} đơn) | {_number(found['kept'])} |",
            f"| đơn nhiều việc, đúng số việc ({found['several_n']} đơn) | {_number(found['number'])} |",
            f"| đúng số việc và tính chất | {_number(found['natures'])} |",
            f"| đơn một việc: tự nói; sai trong số ấy (mục tiêu ≤ 0,020) | {_number(one[0], 2)}; {_number(one[1])} |",
            "| đơn nhiều việc: tự nói; lấy việc khác của đơn làm việc chính; nêu tính chất không việc nào có | "
            f"{_number(many[0], 2)}; {_number(many[1])}; {_number(many[2])} |\n"]  # fmt: skip


def _matters(name: str, found: dict[str, float]) -> str:
    shares = " | ".join(_number(found[key]) for key in ("number", "natures", "both"))
    return f"| {name} | {_number(found['kept'])} ({found['single_n']} đơn) | {shares} ({found['several_n']} đơn nhiều việc) |"


def _with_range(figures: dict[str, Any], key: str) -> str:
    low, high = figures[key + "_range"]
    return f"{_number(figures[key])} ({_number(low, 2)}–{_number(high, 2)})"


def _share(pair: list[float]) -> str:
    return _number(pair[1], 2) if pair[0] else "–"


def _missed(figures: dict[str, Any]) -> str:
    words = {"macro": "tính chất", "merged": "tính chất gộp", "field": "lĩnh vực", "ece": "hiệu chỉnh"}
    out = []
    for way, name in WAYS.items():
        for key, target in TARGETS.items():
            value = figures[way][key]
            if (value > target) if key == "ece" else (value < target):
                out.append(f"{words[key]} {_number(value)} ({name.lower()})")
    return "; ".join(out) or "không có"


def write() -> None:
    """From `figures.json` to the page."""
    PAGE.write_text(page(json.loads(FIGURES.read_text("utf-8"))), "utf-8")


HEAD = """# Máy đọc đơn: thẻ mô hình

Trang này do `make classify` viết từ số đo của lần huấn luyện; đừng sửa tay. Vì sao chọn cách này:
[quyết định 0020](decisions/0020-classifier.md). Máy chỉ gợi ý: không chặn ai gửi, không kết luận đơn không đủ điều kiện;
cán bộ quyết định, người gửi giữ được cách gọi của mình.
"""

TAIL = """
## Dữ liệu

{labelled} đơn có nhãn (không nằm trong kho mã; một người viết, một người gắn nhãn, trên những việc báo chí đã nêu), trong đó
{held} để riêng; {written} đơn do {makers} người viết của dự án đặt ra mà không xem các đơn ấy (`tools/classify/letters/`),
{composed} đơn ghép từ việc và khuôn. Đơn thật khó hơn. Nghĩa của {senses} từ và cặp từ học một lần từ một mô hình câu
(`tools/classify/vectors.py`), không cần mạng khi chạy.

## Biết là còn sai

- Lĩnh vực của đơn về cán bộ *trong* việc đất đai, và của đơn về cách xử lý đơn đất đai: hai nhãn đều có lý.
- Phản ánh có lời đề nghị nhẹ và kiến nghị; phản ánh bằng câu hỏi tu từ và hỏi đáp.
- Lừa đảo giữa người với người: tố cáo (tố giác) hay việc dân sự.
- Việc thứ hai chỉ được kể thêm một câu, không có lời báo trước và không có lời xin riêng.
- Ước mong nói gián tiếp, mỉa mai; đơn rất dài kể chuyện xưa rồi mới xin một câu ở giữa.
"""
