"""Write the facts about the communes of a province into the project's own shape, cross-checked between sources.

    python tools/province/build.py

Sources (facts only) are named in shared/data/SOURCES.md and found by TRONGDAN_SHARED (default ../shared): the list of
units of 2026 with codes, a second list of the same from another package, pairs of old and new units, and the
predecessors as the resolutions' text names them. What disagrees is listed in docs/data/province-differences.md.
"""

from __future__ import annotations

import csv
import json
import os
import sys
import unicodedata
from pathlib import Path

PROVINCE = "25"
ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("TRONGDAN_SHARED", ROOT.parent / "shared")) / "data" / "units"
TARGET = ROOT / "src" / "trongdan" / "core" / "agencies" / "data" / "phu_tho.json"
REPORT = ROOT / "docs" / "data" / "province-differences.md"
TYPES = {"Xã": "xa", "Phường": "phuong"}


def rows(name: str) -> list[dict[str, str]]:
    with open(SHARED / name, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def fold(text: str) -> str:
    """Names compared without tone placement: hoà and hòa are one."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(c for c in plain if unicodedata.category(c) != "Mn")


def units() -> list[dict[str, str]]:
    return [
        {"code": r["ward_code"], "name": unicodedata.normalize("NFC", r["ward"]), "type": TYPES[r["type"]]}
        for r in rows("units_2026.csv")
        if r["province_code"] == PROVINCE
    ]


def predecessors() -> list[dict[str, object]]:
    seen = {}
    for r in rows("old_to_new_2025.csv"):
        if r["new_province_code"] == PROVINCE:
            seen[r["old_ward_code"], r["new_ward_code"]] = {
                "code": r["old_ward_code"], "name": r["old_ward"], "district": r["old_district"],
                "province": r["old_province"], "new": r["new_ward_code"], "whole": r["kind"] == "whole",
                "main": r["kind"] == "whole" or r["default"] in ("1", "True", "true"),
            }  # fmt: skip
    return [seen[key] for key in sorted(seen)]


def differences(found: list[dict[str, str]], olds: list[dict[str, object]]) -> list[str]:
    """What the sources do not agree on, in words."""
    out = []
    second = json.loads((SHARED / "thanglequoc_vn_units_2026-07-25.json").read_text("utf-8"))
    other = {w["Code"]: w["Name"] for p in second if p["Code"] == PROVINCE for w in p["Wards"]}
    mine = {u["code"]: u["name"] for u in found}
    out += [f"Mã {c} chỉ có trong một nguồn ({mine.get(c) or other.get(c)})" for c in sorted(set(mine) ^ set(other))]
    for c in sorted(set(mine) & set(other)):
        if mine[c] != unicodedata.normalize("NFC", other[c]):
            marks = " (chỉ khác cách đặt dấu)" if fold(mine[c]) == fold(other[c]) else ""
            out.append(f"Mã {c}: “{mine[c]}” và “{other[c]}”{marks}")
    pairs = {(str(o["code"]), str(o["new"])) for o in olds}
    hoabinh = {(r["old_ward_code"], r["new_ward_code"]) for r in rows("hoabinh_to_phutho.csv")}
    out += [f"Cặp Hòa Bình {a} → {b} chỉ có trong danh sách lọc" for a, b in sorted(hoabinh - pairs)]
    texts = {r["ward_code"] or r["ma"]: r["predecessors_text"] for r in rows("predecessors_text.csv")}
    for unit in found:
        text = fold(texts.get(unit["code"], ""))
        if not text:
            out.append(f"Mã {unit['code']} ({unit['name']}): nguồn văn bản không nêu đơn vị cũ")
            continue
        for old in olds:
            bare = fold(str(old["name"]).removeprefix("Xã ").removeprefix("Phường ").removeprefix("Thị trấn "))
            if old["new"] == unit["code"] and bare not in text:
                out.append(f"{old['name']} ({old['district']}) → {unit['name']}: văn bản không nhắc tên này")
    return out


def main() -> int:
    if not SHARED.is_dir():
        print(f"Không thấy {SHARED}. Đặt TRONGDAN_SHARED.", file=sys.stderr)
        return 2
    found, olds = units(), predecessors()
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join("    " + json.dumps(u, ensure_ascii=False) for u in found)
    old_lines = ",\n".join("    " + json.dumps(o, ensure_ascii=False) for o in olds)
    TARGET.write_text(f'{{\n  "province": {{"code": "{PROVINCE}", "name": "Phú Thọ"}},\n  "since": "2025-07-01",\n'
                      f'  "communes": [\n{lines}\n  ],\n  "predecessors": [\n{old_lines}\n  ]\n}}\n', "utf-8")  # fmt: skip
    listed = differences(found, olds)
    counts = {t: sum(u["type"] == t for u in found) for t in TYPES.values()}
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(
        "# Đối chiếu dữ liệu đơn vị hành chính Phú Thọ\n\nSinh bởi `tools/province/build.py`; không sửa tay.\n\n"
        f"{len(found)} đơn vị ({counts['xa']} xã, {counts['phuong']} phường), {len(olds)} cặp cũ → mới. "
        f"{len(listed)} điểm khác nhau giữa các nguồn:\n\n" + "".join(f"- {d}\n" for d in listed), "utf-8")  # fmt: skip
    print(f"{len(found)} đơn vị {counts}, {len(olds)} cặp, {len(listed)} khác biệt")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
