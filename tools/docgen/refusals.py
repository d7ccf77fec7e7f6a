"""docs/reference/refusals.md: every code that a Refusal in the source may carry, with its words and article."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .text import table


@dataclass(frozen=True, slots=True, order=True)
class Raised:
    """A Refusal as written in the source: `{…}` stands where a value is put in."""

    code: str
    message: str
    citation: str


def _text(node: ast.expr | None) -> str:
    """The words of a literal, of an f-string, or of a gettext call around one; "" when they come from elsewhere."""
    if isinstance(node, ast.Call) and len(node.args) == 1:
        return _text(node.args[0])
    if isinstance(node, ast.Constant):
        return str(node.value) if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(v.value if isinstance(v, ast.Constant) else "…" for v in node.values)  # type: ignore[misc]
    if isinstance(node, ast.BinOp):
        return f"{_text(node.left) or '…'}{_text(node.right) or '…'}"
    return ""


def raised(source: Path) -> Iterator[Raised]:
    """Every `Refusal("code", …)` below a folder whose code is written out."""
    for file in sorted(source.rglob("*.py")):
        if "node_modules" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refusal" and node.args:
                given = {k.arg: k.value for k in node.keywords}
                code = _text(node.args[0])
                if code:
                    message = node.args[1] if len(node.args) > 1 else given.get("message")
                    citation = node.args[2] if len(node.args) > 2 else given.get("citation")
                    yield Raised(code, _text(message), _text(citation))


def pages(root: Path) -> dict[str, str]:
    found = sorted({r for r in raised(root / "src" / "trongdan") if "…" not in r.code})
    rows = [(f"`{r.code}`", r.message or "(theo dữ liệu của loại việc)", r.citation or "–") for r in found]
    return {"reference/refusals.md": "\n\n".join([
        "# Lời từ chối",
        "Mỗi lời từ chối có mã (cho máy), một câu nói phải làm gì, và điều luật khi luật là lý do. Dấu … là chỗ điền. Điều kiện "
        "riêng của từng việc nằm ở [trang của loại việc](../kinds/README.md), mang mã `guard.` và tên điều kiện.",
        table(("Mã", "Câu", "Điều luật"), rows),
    ])}  # fmt: skip
