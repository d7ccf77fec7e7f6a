"""Limits that no article gives but versioned reference data does: a procedure's own days, the desks of its process.

The whole limit stands in its id, so that an event that names it needs no table to be understood for ever:
`TTHC/1.001193/2026-11-26/5/working_day` (catalogue, code, version's first day, number, unit),
`QTNB/1.001193/12/2/1/working_day` (internal process, code, version, desk, number, unit).
"""

from __future__ import annotations

import re
from datetime import date

from trongdan.kernel.clock import Rule, RuleVersion, Source, Unit

PROCEDURE, DESK = "TTHC", "QTNB"
_ID = re.compile(r"(TTHC|QTNB)/(\d{1,2}\.\d{6})/([\w-]{1,20})(?:/(\d{1,2}))?/(\d{1,4})/(working_day|calendar_day|month)")
SINCE = date(1990, 1, 1)
PAUSED = "NĐ 118/2025/NĐ-CP: thời gian chờ bổ sung không tính (chưa đối chiếu)"


def procedure_limit(code: str, version: str, value: int, unit: str) -> str:
    """The id of a procedure's whole time; `version` says which state of the catalogue or of the process gave it."""
    return f"{PROCEDURE}/{code}/{version}/{value}/{unit}"


def desk_limit(code: str, version: int, desk: int, value: int, unit: str = "working_day") -> str:
    return f"{DESK}/{code}/{version}/{desk}/{value}/{unit}"


def given_rule(rule_id: str) -> Rule | None:
    """The rule that an id spells out; None when it is no such id."""
    found = _ID.fullmatch(rule_id)
    if found is None or (found[4] is None) != (found[1] == PROCEDURE):
        return None
    source, code, version, desk, value, unit = found.groups()
    if source == PROCEDURE:
        basis = f"Danh mục thủ tục hành chính, mã {code}, bản {version}"
        title = "Thời hạn giải quyết thủ tục"
    else:
        basis = f"Quy trình nội bộ của thủ tục {code}, bản {version}, bước {desk}"
        title = "Thời gian của một bước trong quy trình nội bộ"
    only = RuleVersion(rule_id, SINCE, None, int(value), Unit(unit), basis, Source("secondary", basis), pause_basis=PAUSED,
                       note="do dữ liệu tham chiếu của tỉnh đặt, không phải một điều luật")  # fmt: skip
    return Rule(rule_id, title, title, "ngày tiếp nhận hồ sơ", (only,))
