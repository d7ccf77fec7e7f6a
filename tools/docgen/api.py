"""docs/reference/api.md, from the checked-in snapshot of the OpenAPI document (a test holds it to the code)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .text import table

SNAPSHOT = Path("tests", "doors", "api", "openapi.json")
Schema = Mapping[str, Any]


def _name(schema: Schema) -> str:
    """A schema's type in a few words; a named one as a link to its table."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " hoặc ".join(_name(s) for s in schema["anyOf"])
    if schema.get("type") == "array":
        return f"danh sách {_name(schema.get('items', {}))}"
    words = str(schema.get("format") or schema.get("type") or "bất kỳ")
    limits = [f"{label} {schema[key]}" for key, label in (("minLength", "ít nhất"), ("maxLength", "nhiều nhất"), ("minimum", "từ"),
              ("maximum", "đến")) if key in schema]  # fmt: skip
    if "pattern" in schema:
        limits.append(f"mẫu `{schema['pattern']}`")
    if "enum" in schema:
        limits.append(", ".join(map(str, schema["enum"])))
    return f"{words} ({'; '.join(limits)})" if limits else words


def _body(content: Schema) -> str:
    return ", ".join(_name(c["schema"]) for c in content.values() if "schema" in c) or "–"


def operations(document: Schema) -> Iterator[tuple[str, str, Schema]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def _operation(method: str, path: str, operation: Schema) -> str:
    parts = [f"## {operation.get('summary', '')}", f"`{method} {path}`"]
    if operation.get("description"):
        parts.append(operation["description"])
    parameters = [(f"`{p['name']}`", p["in"], _name(p.get("schema", {})), "bắt buộc" if p.get("required") else "")
                  for p in operation.get("parameters", ())]  # fmt: skip
    if parameters:
        parts.append(table(("Tham số", "Ở", "Kiểu", ""), parameters))
    if "requestBody" in operation:
        parts.append(f"Gửi: {_body(operation['requestBody']['content'])}")
    answers = [(code, _body(a.get("content", {}))) for code, a in operation["responses"].items()]
    return "\n\n".join([*parts, table(("Mã HTTP", "Trả về"), answers)])


def _schema(name: str, schema: Schema) -> str:
    required = set(schema.get("required", ()))
    rows = [(f"`{field}`", _name(s), "bắt buộc" if field in required else "", s.get("description", ""))
            for field, s in schema.get("properties", {}).items()]  # fmt: skip
    return f"### {name}\n\n{table(('Trường', 'Kiểu', '', 'Nghĩa'), rows)}"


def pages(root: Path) -> dict[str, str]:
    document = json.loads((root / SNAPSHOT).read_text("utf-8"))
    schemas = document.get("components", {}).get("schemas", {})
    return {"reference/api.md": "\n\n".join([
        "# API",
        f"{document['info'].get('description', '')} Bản OpenAPI {document['openapi']} ở `/api/v1/openapi.json`. Lỗi theo "
        "RFC 9457 (`application/problem+json`): `code`, câu tiếng Việt nói phải làm gì, và điều luật trong `citation`. Mọi mã: "
        "[lời từ chối](refusals.md).",
        *(_operation(*o) for o in operations(document)),
        "## Kiểu dữ liệu", *(_schema(name, s) for name, s in sorted(schemas.items())),
    ])}  # fmt: skip
