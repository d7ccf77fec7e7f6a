"""One row of the published catalogue into a typed procedure, with notes of what could not be understood."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from trongdan.kernel.errors import Refusal
from trongdan.platform.text import clean

from .read_fee import read_fee
from .read_papers import read_documents, read_table
from .read_time import read_cases, read_duration
from .typed import Case, Document, Duration, Fee, Note, Procedure

CODE = re.compile(r"\d{1,2}\.\d{6}")
_LEVELS = {"cấp xã": "commune", "cấp tỉnh": "province", "cấp bộ": "ministry", "cơ quan khác": "other"}
_CHANNELS = {"trực tiếp": "counter", "trực tuyến": "online", "dịch vụ bưu chính": "post"}
_COMMAS = re.compile(r",\s*(?![^(]*\))")
_LEGAL = re.compile(r"\d{1,4}/(?:19|20)\d{2}/(?:QH\d{2}|UBTVQH\d{2}|[A-ZĐ]{1,6}(?:-[A-ZĐ]{2,12})*)(?![^\W\d_A-ZĐ]|-)")
_RESULT = re.compile(r"Mã:\s*KQ[.\-\w]*?\d{6}")
_NOTHING = ("Không có thông tin", "Không", "Không có", "Không quy định", "Không.")
WORDS = 20_000


def read_row(row: Any) -> Procedure:
    """A row of procedures.jsonl. Raises Refusal when it has no code or no name: nothing could be kept of it."""
    if not isinstance(row, Mapping):
        raise Refusal("line.json", "Dòng không phải một đối tượng JSON.")
    code, name = _line(row, "code"), _line(row, "name")
    if not CODE.fullmatch(code):
        raise Refusal("procedure.code", f"Mã thủ tục “{code[:40]}” không đúng dạng 1.000123.")
    if not name:
        raise Refusal("procedure.name", f"Thủ tục {code} không có tên.")
    notes: list[Note] = []
    levels = _levels(_line(row, "level"), notes)
    channels = _channels(row)
    steps = tuple(x for x in (" ".join(line.split()) for line in _text(row, "steps").split("\n")) if x)
    documents = _documents(row, notes)
    durations, cases = _times(channels, "\n".join(steps), notes)
    fees = _fees(channels, notes)
    return Procedure(
        code=code, name=name, field=_line(row, "field"), levels=levels, ministry=_line(row, "ministry"),
        agency=_said(_line(row, "competent_agency")) or _said(_line(row, "agency")), decision=_line(row, "decision"),
        applicants=tuple(a.strip() for a in _COMMAS.split(_line(row, "applicants")) if a.strip()),
        channels=tuple(dict.fromkeys(c[0] for c in channels)), durations=tuple(durations), cases=tuple(cases),
        fees=tuple(fees), documents=tuple(documents), steps=steps,
        results=tuple(x for x in (" ".join(p.split()) for p in _RESULT.split(_text(row, "result"))) if _said(x)),
        legal=_legal(row), conditions=_said(_text(row, "conditions").strip()), source_url=_address(_line(row, "source_url")),
        notes=tuple(dict.fromkeys(notes)),
    )  # fmt: skip


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    return clean(value)[:WORDS] if isinstance(value, str) else ""


def _line(row: Mapping[str, Any], key: str) -> str:
    return " ".join(_text(row, key).split())


def _said(text: str) -> str:
    return "" if text in _NOTHING else text


def _address(text: str) -> str:
    """An address that a page may link to; nothing else becomes a link."""
    return text if text.startswith("https://") and " " not in text else ""


def _levels(text: str, notes: list[Note]) -> tuple[str, ...]:
    out = []
    for part in text.split(","):
        level = _LEVELS.get(part.strip().lower())
        if level is None:
            notes.append(Note("level", "level", part.strip()))
        else:
            out.append(level)
    return tuple(dict.fromkeys(out))


def _channels(row: Mapping[str, Any]) -> list[tuple[str, str, str, str]]:
    """(channel, duration, fee, note) of each way to file; the Ministry of Defence's lie in a table of their own."""
    found = [(c.get("channel"), c.get("duration"), c.get("fee"), c.get("note")) for c in row.get("channels") or ()]
    tables = row.get("tables") if isinstance(row.get("tables"), Mapping) else {}
    assert isinstance(tables, Mapping)
    found += [(c.get("hinh_thuc"), c.get("thoi_han_giai_quyet"), c.get("phi_le_phi"), c.get("mo_ta"))
              for c in tables.get("hinh_thuc_nop") or ()]  # fmt: skip
    out = []
    for channel, duration, fee, note in found:
        known = _CHANNELS.get(str(channel or "").strip().lower(), "counter")
        out.append((known, clean(str(duration or "")), clean(str(fee or "")), clean(str(note or ""))))
    return out


def _times(channels: list[tuple[str, str, str, str]], steps: str, notes: list[Note]) -> tuple[list[Duration], list[Case]]:
    durations: list[Duration] = []
    cases: dict[tuple[int, str], Case] = {}
    for channel, text, _fee, note in channels:
        found, wrong = read_duration(_said(text), note, steps, channel)
        notes += wrong
        durations += [found] if found else []
        for case in read_cases(note):
            cases.setdefault((case.value, case.unit), case)
    stated = {(d.value, d.unit) for d in durations}
    if not channels:
        notes.append(Note("channels", "no_channel", ""))
    if not durations:
        notes.append(Note("duration", "no_duration", ""))
    return list(dict.fromkeys(durations)), [c for key, c in cases.items() if key not in stated]


def _fees(channels: list[tuple[str, str, str, str]], notes: list[Note]) -> list[Fee]:
    out: list[Fee] = []
    unknown: list[Note] = []
    for channel, _duration, text, note in channels:
        fee, wrong = read_fee(text, note, channel)
        out += [fee] if fee else []
        notes += [n for n in wrong if n.why != "fee_unknown"]
        unknown += [n for n in wrong if n.why == "fee_unknown"]
    if channels and not out:
        notes += unknown[:1]
    return list(dict.fromkeys(out))


def _documents(row: Mapping[str, Any], notes: list[Note]) -> list[Document]:
    tables = row.get("tables")
    if isinstance(tables, Mapping) and tables.get("thanh_phan_ho_so"):
        found, wrong = read_table(tables["thanh_phan_ho_so"])
    else:
        found, wrong = read_documents(_text(row, "documents"))
    notes += wrong
    return found


def _legal(row: Mapping[str, Any]) -> tuple[str, ...]:
    """The numbers of the texts it rests on."""
    tables = row.get("tables")
    given = [str(x.get("so_ky_hieu") or "") for x in tables.get("can_cu_phap_ly") or ()] if isinstance(tables, Mapping) else []
    found = dict.fromkeys(x for x in (*given, *_LEGAL.findall(_text(row, "legal_basis").replace("Ð", "Đ"))) if x)
    return tuple(x for x in found if not any(y != x and y.startswith(x) for y in found))  # cut short by a seam: listed whole too
