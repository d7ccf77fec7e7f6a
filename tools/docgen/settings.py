"""docs/reference/settings.md, from the list in `trongdan.config.variables`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from trongdan.config.variables import DJANGO_ONLY, VARIABLES, Variable

from .text import table


def _rows(variables: Iterable[Variable]) -> Iterable[tuple[str, str, str]]:
    for v in variables:
        default = "(không đặt)" if v.default is None else f"`{v.default}`" if v.default else "(trống)"
        yield f"`{v.name}`", default, v.means + (" **Bí mật.**" if v.secret else "")


def pages(root: Path) -> dict[str, str]:
    parts = {of: [v for v in VARIABLES if v.of == of] for of in ("run", "build", "test")}
    head = ("Biến", "Mặc định", "Nghĩa")
    return {"reference/settings.md": "\n\n".join([
        "# Cấu hình",
        "Người vận hành đặt bằng biến môi trường. Cách dùng: [vận hành](../operate/README.md).",
        "## Khi chạy", table(head, _rows(parts["run"])),
        "## Chỉ đặt được trong mô-đun cấu hình riêng",
        "Viết một tệp, ví dụ `tinh_toi.py`, đặt trên `PYTHONPATH`, rồi `DJANGO_SETTINGS_MODULE=tinh_toi`:",
        "```python\nfrom trongdan.config.settings import *\n\nNOTICE_QUIET_HOURS = \"20:00-07:00\"\n```",
        table(head, _rows(DJANGO_ONLY)),
        "## Khi dựng dữ liệu, khi kiểm thử", table(head, _rows(parts["build"] + parts["test"])),
    ])}  # fmt: skip
