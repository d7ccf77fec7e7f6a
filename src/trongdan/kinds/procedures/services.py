"""An import of the catalogue: read, compared, shown, and only then applied. Connects as td_job."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from importlib.resources import files
from typing import Any

from django.db import transaction

from trongdan.kernel.errors import Refusal

from .models import CatalogueImport, ProcedureVersion
from .read_row import read_row
from .selectors import in_force
from .typed import Procedure
from .words import events

SHOWN = {
    "name": "tên", "field": "lĩnh vực", "levels": "cấp", "ministry": "bộ", "agency": "cơ quan", "decision": "quyết định công bố",
    "applicants": "ai được làm", "channels": "cách nộp", "durations": "thời hạn", "cases": "thời hạn từng trường hợp",
    "fees": "phí", "documents": "giấy tờ", "steps": "các bước", "results": "kết quả", "legal": "căn cứ", "conditions": "điều kiện",
    "source_url": "địa chỉ nguồn",
}  # fmt: skip


@dataclass(slots=True)
class Read:
    """A file as it was read. `refused`: (line, code of the refusal, reason)."""

    sha256: str
    procedures: dict[str, Procedure] = field(default_factory=dict)
    refused: list[tuple[int, str, str]] = field(default_factory=list)

    def notes(self) -> dict[str, int]:
        """why -> how many procedures have such a note, most first."""
        counts = Counter(why for p in self.procedures.values() for why in {n.why for n in p.notes})
        return dict(counts.most_common())


@dataclass(frozen=True, slots=True)
class Change:
    """A procedure whose words differ: which parts."""

    code: str
    name: str
    parts: tuple[str, ...]


@dataclass(slots=True)
class Difference:
    """What applying an import would do on a day."""

    on: date
    first: bool  # nothing but the demonstration's few is there: nothing of anybody's is written over
    added: list[str] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    same: int = 0

    @property
    def empty(self) -> bool:
        return not (self.added or self.changed or self.gone)


def read_lines(lines: Iterable[bytes]) -> Read:
    """The whole file; a line that cannot be read is refused with its reason and the others go on."""
    digest, read = sha256(), Read("")
    for number, line in enumerate(lines, 1):
        digest.update(line)
        if not line.strip():
            continue
        try:
            found = read_row(_object(line))
        except Refusal as refusal:
            read.refused.append((number, refusal.code, refusal.message))
            continue
        if found.code in read.procedures:
            read.refused.append((number, "procedure.doubled", f"Mã {found.code} đã có ở dòng trước."))
        else:
            read.procedures[found.code] = found
    read.sha256 = digest.hexdigest()
    return read


def _object(line: bytes) -> Any:
    try:
        return json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Refusal("line.encoding", "Dòng không phải UTF-8.") from None
    except (ValueError, RecursionError):
        raise Refusal("line.json", "Dòng không phải JSON.") from None


def body_of(one: Procedure) -> dict[str, Any]:
    """The kept body: as JSON gives it back, so that it compares with what the database holds."""
    kept: dict[str, Any] = json.loads(json.dumps(one.as_body()))
    return kept


def digest_of(body: dict[str, Any]) -> str:
    return sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def compare(read: Read, on: date, partial: bool = False) -> Difference:
    """What would change on a day. `partial`: the file is not the whole catalogue, what it lacks stays."""
    first = not CatalogueImport.objects.filter(demo=False).exists()
    now = {v.code: v for v in ProcedureVersion.objects.filter(in_force(on))}
    out = Difference(on, first)
    for code, one in sorted(read.procedures.items()):
        body, known = body_of(one), now.get(code)
        if known is None:
            out.added.append(code)
        elif known.digest == digest_of(body):
            out.same += 1
        else:
            parts = tuple(words for key, words in SHOWN.items() if known.body.get(key) != body[key])
            out.changed.append(Change(code, one.name, parts or ("cách đọc",)))
    if not partial:
        out.gone = sorted(set(now) - set(read.procedures))
    return out


def apply(read: Read, difference: Difference, file: str, by: str, demo: bool = False) -> CatalogueImport:
    """Write the difference, all or nothing: versions end the day before, the new ones begin on it. What began on that very
    day is put right in place, so that an import can be repeated after a correction. Raises Refusal when a later version
    exists: history is not written underneath it."""
    on, eve = difference.on, difference.on - timedelta(days=1)
    with transaction.atomic():
        touched = [*(c.code for c in difference.changed), *difference.added, *difference.gone]
        if ProcedureVersion.objects.filter(code__in=touched, since__gt=on).exists():
            raise Refusal("catalogue.later", f"Đã có bản có hiệu lực sau ngày {on:%d/%m/%Y}. Hãy nhập với ngày hiệu lực mới hơn.")
        done = CatalogueImport.objects.create(file=file[:200], sha256=read.sha256, in_force=on, by=by[:120], demo=demo,
                                              counts=counts_of(read, difference))  # fmt: skip
        ending = [*difference.gone, *(c.code for c in difference.changed)]
        ProcedureVersion.objects.filter(in_force(on), code__in=ending, since__lt=on).update(until=eve)
        ProcedureVersion.objects.filter(code__in=difference.gone, since=on).update(until=eve)
        new = [*difference.added, *(c.code for c in difference.changed)]
        rows = [_row(read.procedures[code], on, done) for code in new]
        ProcedureVersion.objects.bulk_create(
            rows, batch_size=500, update_conflicts=True, unique_fields=["code", "since"],
            update_fields=["until", "name", "field", "levels", "digest", "body", "brought_by"])  # fmt: skip
    return done


def _row(one: Procedure, on: date, brought_by: CatalogueImport) -> ProcedureVersion:
    body = body_of(one)
    return ProcedureVersion(code=one.code, since=on, until=None, name=one.name, field=one.field[:300], levels=list(one.levels),
                            digest=digest_of(body), body=body, brought_by=brought_by)  # fmt: skip


def apply_demo(on: date) -> bool:
    """The demonstration's few procedures, in this project's own words; nothing where a catalogue is there already."""
    if CatalogueImport.objects.exists():
        return False
    read = read_lines((files(__package__) / "data" / "demo.jsonl").read_bytes().splitlines(keepends=True))
    apply(read, compare(read, on), "demo.jsonl", "dữ liệu trình diễn", demo=True)
    return True


def counts_of(read: Read, difference: Difference) -> dict[str, Any]:
    return {
        "rows": len(read.procedures) + len(read.refused), "refused": len(read.refused), "added": len(difference.added),
        "changed": len(difference.changed), "gone": len(difference.gone), "same": difference.same, "notes": read.notes(),
    }  # fmt: skip


def missing_of_events(read: Read) -> list[str]:
    """Codes that events of a life name and the file lacks."""
    return sorted({step.code for event in events() for step in event.steps} - set(read.procedures))
