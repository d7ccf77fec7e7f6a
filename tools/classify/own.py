"""Own training letters, all invented here, none from life and none from the labelled file: written whole, by several
writers who did not see the labelled file (`letters/*.jsonl`, `own_letters.txt`), and composed (matters × frames)."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
TITLES = {"khieu_nai": "ĐƠN KHIẾU NẠI", "to_cao": "ĐƠN TỐ CÁO", "kien_nghi": "ĐƠN KIẾN NGHỊ", "phan_anh": "ĐƠN PHẢN ÁNH",
          "hoi_dap": "ĐƠN ĐỀ NGHỊ GIẢI ĐÁP", "khac": "ĐƠN ĐỀ NGHỊ"}  # fmt: skip
OTHER = [*TITLES.values(), "ĐƠN KÊU CỨU", "ĐƠN XIN CỨU XÉT", "ĐƠN TRÌNH BÁO", "ĐƠN ĐỀ NGHỊ XEM XÉT", ""]
SURNAMES = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Bùi", "Đinh", "Hà", "Vũ", "Đỗ", "Quách", "Phùng", "Cù", "Lương",
    "Triệu", "Xa"]
MIDDLE = ["Văn", "Thị", "Đức", "Hữu", "Xuân", "Quang", "Minh", "Thanh", "Ngọc", "Kim"]
GIVEN = ["An", "Bình", "Chiến", "Dung", "Giang", "Hạnh", "Khoa", "Lan", "Mạnh", "Nga", "Phúc", "Quý", "Sơn", "Tâm", "Uyên",
    "Vinh", "Yến", "Thắng", "Hòa", "Liên"]
PLACES = ["xã Đông Hà", "xã Tân Sơn", "phường Bến Gót", "thôn Đồng Mạ", "khu 5", "xóm Chiềng", "tổ dân phố 7", "bản Nà Lốc",
    "xã Vạn Xuân", "phường Nam Hồng"]
TO = ["Chủ tịch UBND xã", "UBND phường", "Chủ tịch UBND tỉnh", "Ban Tiếp công dân tỉnh", "Thanh tra tỉnh",
    "Sở Nông nghiệp và Môi trường",
      "Công an tỉnh", "các cơ quan chức năng", "Sở Nội vụ", "quý cơ quan", "Giám đốc Sở Xây dựng"]  # fmt: skip
YEARS = ["năm 2019", "tháng 3/2024", "đầu năm 2025", "năm 2021", "tháng 11 năm ngoái", "mấy năm nay"]


@dataclass(frozen=True, slots=True)
class Sample:
    """A letter with its labels. `source` groups letters on one matter; `second` another defensible nature or "";
    `maker` who made it: "labelled" (the file of others), "composed", or the file of its writer."""

    source: str
    text: str
    nature: str
    second: str
    field: str
    style: str
    maker: str


def _rows(name: str) -> Iterator[list[str]]:
    for line in (HERE / name).read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield [part.strip() for part in line.split("|")]


def whole() -> list[Sample]:
    """The letters written whole."""
    return [Sample(f"own-w{i}", text, nature, second, field, "own", "own_letters")
            for i, (nature, second, field, text) in enumerate(_rows("own_letters.txt"))]  # fmt: skip


def written() -> list[tuple[Sample, dict[str, Any]]]:
    """The writers' letters, each with its whole row."""
    out = []
    for file in sorted((HERE / "letters").glob("*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            row = json.loads(line)
            out.append((Sample(f"{file.stem}-{row['source']}", row["text"], row["nature"], row["second"] or "", row["field"],
                               row["style"], file.stem), row))  # fmt: skip
    return out


def _name(rng: random.Random) -> str:
    return f"{rng.choice(SURNAMES)} {rng.choice(MIDDLE)} {rng.choice(GIVEN)}"


def _fill(frame: str, nature: str, parts: dict[str, str], rng: random.Random) -> str:
    place = rng.choice(PLACES)
    title = TITLES[nature] if rng.random() < 0.6 else rng.choice(OTHER)
    head = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n\n" if rng.random() < 0.6 else ""
    day = f"{rng.randint(1, 28)}/{rng.randint(1, 12)}/202{rng.randint(4, 6)}"
    slots = {"title": f"{head}{title}\n", "kg": f"Kính gửi: {rng.choice(TO)}\n", "toi": f"Tôi là {_name(rng)}, {place}.\n",
             "xa": place, "ngay": day, "nam": rng.choice(YEARS), "so": str(rng.randint(10, 3000)),
             "ky": f"\n{place.capitalize()}, ngày {day}\n{_name(rng)}", **parts}  # fmt: skip
    text = frame
    for key, value in slots.items():
        text = text.replace("{" + key + "}", value)
    return ". ".join(s[:1].upper() + s[1:] for s in text.split(". "))


PARTS = {"D": ("o", "r", "q"), "W": ("who", "act"), "S": ("s",), "P": ("p",), "Q": ("k",), "C": ("c",)}


def matters() -> list[tuple[str, str, dict[str, str]]]:
    """(field, kind, parts) of every matter."""
    out = []
    for name in ("own_matters_1.txt", "own_matters_2.txt", "own_matters_3.txt"):
        for field, kind, text in _rows(name):
            out.append((field, kind, dict(zip(PARTS[kind], [p.strip() for p in text.split(";;")], strict=True))))
    return out


def composed(per_matter: int = 5, seed: int = 7) -> list[Sample]:
    """Each matter in `per_matter` frames that suit it."""
    rng = random.Random(seed)
    frames = [(n, s, style, text) for n, s, style, text in _rows("own_frames.txt")]
    out: list[Sample] = []
    for number, (field, _kind, parts) in enumerate(matters()):
        keys = set(parts)
        fit = [f for f in frames if any("{" + k + "}" in f[3] for k in keys)
               and not any("{" + k + "}" in f[3] for other in PARTS.values() for k in other if k not in keys)]  # fmt: skip
        for nature, second, style, text in rng.sample(fit, min(per_matter, len(fit))):
            out.append(Sample(f"own-m{number}", _fill(text, nature, parts, rng), nature, second, field, style, "composed"))
    return out
