"""Rows in the shape of the published catalogue, in this project's own words: nothing of the real one is in here."""

from __future__ import annotations

import json
from typing import Any

HEAD = "Tên giấy tờMẫu đơn, tờ khaiSố lượng"


def row(code: str = "1.900001", name: str = "Cấp giấy phép nuôi ong trong rừng", **more: Any) -> dict[str, Any]:
    """A whole row; `duration`, `fee`, `note` make its one way to file unless `channels` are given."""
    duration, fee, note = more.pop("duration", "5 Ngày làm việc"), more.pop("fee", "Miễn phí"), more.pop("note", "")
    base = {
        "code": code, "name": name, "field": "Nuôi ong", "level": "Cấp xã", "ministry": "Bộ Thử", "agency": "Không có thông tin",
        "competent_agency": "UBND cấp xã", "kind": "", "decision": "01/QĐ-THU", "applicants": "Công dân Việt Nam, Tổ chức (không bao gồm doanh nghiệp, HTX)",
        "duration_text": duration, "fee": fee, "channels": [{"channel": "Trực tiếp", "duration": duration, "fee": fee, "note": note}],
        "steps": "Bước 1: nộp hồ sơ.\nBước 2: trong thời hạn 03 ngày làm việc kiểm tra tổ ong.",
        "documents": HEAD + "Đơn đề nghị1 bản chính", "legal_basis": "Về nuôi ong118/2025/NĐ-CPLuật Ong12/2024/QH15",
        "conditions": "Không có", "result": "Giấy phépMã: KQ.G10.000048", "source_url": "https://vi.du/1",
    }  # fmt: skip
    return base | more


def lines(*rows: dict[str, Any]) -> list[bytes]:
    return [json.dumps(r, ensure_ascii=False).encode() + b"\n" for r in rows]
