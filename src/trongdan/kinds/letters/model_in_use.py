"""Which model reads letters here: the one shipped, or one that a person approved after seeing its figures beside it.

An approved model lies in TRONGDAN_HOME/reader with a statement signed by this instance's key: whose decision, when, how
many of the officials' decisions it agrees with, and how many the model before did. A file without that, or changed since, is
not used."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from trongdan.kernel.errors import Refusal
from trongdan.law.classify import classify
from trongdan.law.classify.model import Model
from trongdan.platform import keys
from trongdan.platform.home import home, subfolder

MODEL, STATEMENT = "model.bin", "approval.json"
ON = date(2026, 7, 1)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Of `letters` that officials classified: how many each model reads as they did."""

    letters: int
    before: int
    after: int


def loaded(raw: bytes) -> Model:
    """Raises Refusal when the bytes are no model of this version."""
    try:
        found = Model(raw)
        classify("Kính gửi Ủy ban nhân dân xã", ON, weights=found)
    except Exception:  # noqa: BLE001 - a foreign file may fail in any way; what it says is always the same
        raise Refusal("model.unreadable",
                      "Tệp không phải mô hình của phiên bản này. Hãy huấn luyện lại bằng make classify.") from None
    return found


def compare(raw: bytes, examples: Iterable[tuple[str, str]]) -> Comparison:
    """A proposed model beside the one in use, on (text, nature) as officials decided."""
    proposed, letters = loaded(raw), list(examples)
    after = sum(classify(text, ON, weights=proposed).nature == nature for text, nature in letters)
    before = sum(classify(text, ON, weights=in_use()).nature == nature for text, nature in letters)
    return Comparison(len(letters), before, after)


def approve(raw: bytes, by: str, decision: str, found: Comparison) -> dict[str, Any]:
    """Put a model to use by a person's decision. Raises Refusal without name or decision, or when it reads worse."""
    if not (by.strip() and decision.strip()):
        raise Refusal("model.unsigned", "Đưa mô hình vào dùng phải có người quyết định và số quyết định.")
    if found.after < found.before:
        raise Refusal("model.worse", f"Mô hình mới đọc đúng {found.after} đơn, mô hình đang dùng {found.before} trong "
                      f"{found.letters}. Không đưa mô hình kém hơn vào dùng.")  # fmt: skip
    loaded(raw)
    body = {"sha256": sha256(raw).hexdigest(), "by": by.strip(), "decision": decision.strip(), "letters": found.letters,
            "before": found.before, "after": found.after, "at": datetime.now(UTC).isoformat(timespec="seconds")}  # fmt: skip
    statement = {**body, "signature": base64.b64encode(keys.sign(_bytes(body))).decode()}
    folder = subfolder("reader")
    for name, data in ((MODEL, raw), (STATEMENT, json.dumps(statement, ensure_ascii=False, indent=1).encode())):
        half = folder / f".{name}.half"
        half.write_bytes(data)
        half.replace(folder / name)
    return statement


def withdraw() -> bool:
    """Back to the model shipped. Whether there was another."""
    folder = subfolder("reader")
    had = (folder / STATEMENT).exists()
    (folder / STATEMENT).unlink(missing_ok=True)
    return had


def approved() -> dict[str, Any] | None:
    """The statement of the approved model; None when there is none or it does not hold."""
    folder = home() / "reader"
    try:
        statement = json.loads((folder / STATEMENT).read_text("utf-8"))
        body = {k: v for k, v in statement.items() if k != "signature"}
        holds = keys.verify(keys.public_key(), base64.b64decode(statement["signature"]), _bytes(body))
        same = sha256((folder / MODEL).read_bytes()).hexdigest() == statement["sha256"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return statement if holds and same else None


def in_use() -> Model | None:
    """The approved model, or None for the one shipped. Reads the file again only when it changed."""
    file = home() / "reader" / STATEMENT
    try:
        return _kept(file, file.stat().st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=1)
def _kept(file: Path, _changed: int) -> Model | None:
    return loaded((file.parent / MODEL).read_bytes()) if approved() else None


def _bytes(body: dict[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
