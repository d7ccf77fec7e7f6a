"""What the source itself says that must be documented: read from its syntax, so that nothing is listed twice."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE, TOOLS, DOCS = ROOT / "src" / "trongdan", ROOT / "tools", ROOT / "docs"
VARIABLE = re.compile(r"TRONGDAN_[A-Z_]*[A-Z]")
OWN_LIST = SOURCE / "config" / "variables.py"


def python_files() -> list[Path]:
    files = [*SOURCE.rglob("*.py"), *TOOLS.rglob("*.py"), ROOT / "hatch_build.py"]
    return [f for f in files if "node_modules" not in f.parts and f != OWN_LIST]


def variables_read() -> dict[str, set[str]]:
    """Every TRONGDAN_* name in a string of the code (also in f-strings) -> the files that hold it."""
    found: dict[str, set[str]] = {}
    for file in python_files():
        tree = ast.parse(file.read_text("utf-8"))
        docstrings = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
                for name in VARIABLE.findall(node.value):
                    found.setdefault(name, set()).add(str(file.relative_to(ROOT)))
    return found


def secrets_used() -> set[str]:
    """The names of the keys of an instance: `secret("name")`, and what `keys.encrypt` seals under its PURPOSE."""
    names: set[str] = set()
    for file in SOURCE.rglob("*.py"):
        if "node_modules" in file.parts:
            continue
        tree = ast.parse(file.read_text("utf-8"))
        if "keys.encrypt(" in file.read_text("utf-8"):
            names |= {v for k, v in literals(tree).items() if k == "PURPOSE" and isinstance(v, str)}
        for node in ast.walk(tree):
            called = getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
            if isinstance(node, ast.Call) and called == "secret" and node.args and isinstance(node.args[0], ast.Constant):
                names.add(str(node.args[0].value))
    return names


def literals(tree: ast.Module) -> dict[str, object]:
    """The module's own constants: NAME = literal."""
    out: dict[str, object] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            try:
                out[node.targets[0].id] = ast.literal_eval(node.value)
            except ValueError:
                continue
    return out


def defaults_in_code() -> Iterator[tuple[str, object, str]]:
    """(variable, default, file) of each `….get("TRONGDAN_X", default)` and `getattr(settings, "NOTICE_X", DEFAULT)`."""
    for file in python_files():
        tree = ast.parse(file.read_text("utf-8"))
        known = literals(tree)
        for node in ast.walk(tree):
            read = _read(node)
            if read is not None:
                name, default = read
                value = known.get(default.id) if isinstance(default, ast.Name) else ast.literal_eval(default)
                yield name, value, str(file.relative_to(ROOT))


def _read(node: ast.AST) -> tuple[str, ast.expr] | None:
    if not isinstance(node, ast.Call):
        return None
    get = isinstance(node.func, ast.Attribute) and node.func.attr == "get" and len(node.args) == 2
    of_settings = isinstance(node.func, ast.Name) and node.func.id == "getattr" and len(node.args) == 3
    name = node.args[0] if get else node.args[1] if of_settings else None
    if isinstance(name, ast.Constant) and isinstance(name.value, str) and re.match(r"TRONGDAN_|NOTICE_", name.value):
        default = node.args[-1]
        return None if isinstance(default, ast.Call) or _joins(default) else (name.value, default)
    return None


def _joins(node: ast.expr) -> bool:
    """A default that is computed (a path joined), which no literal can be held against."""
    return isinstance(node, (ast.BinOp, ast.Subscript, ast.Attribute))


def documents() -> Mapping[Path, str]:
    """Every page that people read: docs/, README, CONTRIBUTING and the like."""
    pages = [*DOCS.rglob("*.md"), *ROOT.glob("*.md")]
    return {page: page.read_text("utf-8") for page in sorted(pages)}
