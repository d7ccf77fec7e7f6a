"""The portal's words in English: gather every Vietnamese string the public may read, keep the catalogue, compile it.

    python tools/messages.py             gather the strings into the catalogue; new ones wait there for a translation
    python tools/messages.py --check     fail when the catalogue is stale, a translation is missing or marked fuzzy
    python tools/messages.py --compile   make the .mo that Django reads (`make assets` does it)

Strings come from four places: `_("…")` in Python, `{% trans %}` in templates, the labels of the kinds' TOML files that a
sender is shown, and the sentences of refusals in the modules whose refusals reach the portal. Django's own
makemessages needs GNU gettext on the machine; Babel does the same in Python.
"""

from __future__ import annotations

import ast
import hashlib
import io
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
SRC = ROOT / "src" / "trongdan"
PO = SRC / "doors" / "portal" / "locale" / "en" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
ROOMS = ("doors/portal", "platform/ui")
REFUSING = (
    "kernel/reference.py", "kernel/clock.py", "kernel/clockwork.py", "kernel/authority.py", "kernel/decide.py", "kernel/vault.py",
    "kernel/verdict.py", "kinds/procedures/judging.py",
    "core/cases/once.py", "core/cases/perform.py", "core/cases/raised.py",
    "core/cases/vaulting.py", "core/links/signin.py", "core/papers/files.py", "core/store/items.py",
    "kinds/letters/intake.py",
    "kinds/dialogue/asking.py", "kinds/letters/sealing.py", "kinds/letters/tracking.py", "kinds/reception/booking.py",
    "kinds/waiting/booking.py", "kinds/waiting/selectors.py", "kinds/waiting/services.py", "kinds/waiting/writing.py",
    "law/book.py",
)  # fmt: skip
KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
HEADER = "# The portal's words in English. `python tools/messages.py` keeps this file; edit msgstr only."
Found = tuple[str, str]  # (msgid, where: a path or a name, never a line, so that the catalogue changes only with its words)


def _words(code: str, where: str) -> Iterator[Found]:
    for _line, message, _comments, _context in extract("python", io.BytesIO(code.encode()), keywords=KEYWORDS):
        yield (message if isinstance(message, str) else message[0]), where


def in_code() -> Iterator[Found]:
    for room in ROOMS:
        for file in sorted((SRC / room).rglob("*.py")):
            if "node_modules" not in file.parts:
                yield from _words(file.read_text("utf-8"), file.relative_to(ROOT).as_posix())


def in_templates() -> Iterator[Found]:
    for room in ROOMS:
        for file in sorted((SRC / room / "templates").rglob("*.html")):
            where = file.relative_to(ROOT).as_posix()
            code = templatize(file.read_text("utf-8"), origin=where)
            # Django writes for xgettext, which doesn't mind how lines are indented; Python's tokenizer does.
            yield from _words("\n".join(line.strip() for line in code.splitlines()), where)


def sentence(node: ast.expr) -> str | None:
    """The msgid of a message as the source writes it: what is filled in becomes {0}, {1} … None when it is a name."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    parts: list[str | None] = []

    def walk(n: ast.expr) -> None:
        if isinstance(n, ast.Constant) and isinstance(n.value, str):
            parts.append(n.value)
        elif isinstance(n, ast.JoinedStr):
            for value in n.values:
                walk(value)
        elif isinstance(n, ast.BinOp) and isinstance(n.op, ast.Add):
            walk(n.left)
            walk(n.right)
        elif isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute) and n.func.attr == "replace":
            walk(n.func.value)
        else:
            parts.append(None)

    walk(node)
    if not any(parts):
        return None
    numbers = iter(range(len(parts)))
    return "".join(f"{{{next(numbers)}}}" if part is None else part for part in parts)


def refusals_in(code: str) -> Iterator[str]:
    """Each sentence that a module's refusals say."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refusal":
            said = sentence(node.args[1])
            if said is not None:
                yield said


def in_refusals() -> Iterator[Found]:
    for name in REFUSING:
        for said in refusals_in((SRC / name).read_text("utf-8")):
            yield said, f"src/trongdan/{name}"


@contextmanager
def django_ready() -> Iterator[None]:
    """Django with our apps. As a program: in a folder of its own for the moment, so that no instance is touched."""
    import django
    from django.conf import settings

    if settings.configured:
        yield
        return
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"TRONGDAN_HOME": home, "DJANGO_SETTINGS_MODULE": "trongdan.config.settings"}
        django.setup()
        yield


def in_declarations() -> Iterator[Found]:
    """What the kinds, their papers, the kernel and the law hand to the portal as data."""
    with django_ready():
        from trongdan.doors.portal.labels import labels

        yield from labels()


def gather() -> dict[str, list[str]]:
    """msgid -> where it is used, both sorted."""
    found: dict[str, set[str]] = {}
    sources: Iterable[Iterator[Found]] = (in_code(), in_templates(), in_refusals(), in_declarations())
    for source in sources:
        for msgid, where in source:
            if msgid.strip():
                found.setdefault(msgid, set()).add(where)
    return {msgid: sorted(found[msgid]) for msgid in sorted(found)}


def read() -> Catalog:
    if not PO.exists():
        return Catalog(locale="en")
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def gathered(old: Catalog) -> Catalog:
    """The catalogue of today's strings with the translations there are. Nothing is guessed: no fuzzy matches."""
    new = Catalog(locale="en", project="trongdan", version="en", fuzzy=False, revision_date=old.revision_date,
                  creation_date=old.creation_date, last_translator="Trọng Dân", language_team="English", msgid_bugs_address="",
                  header_comment=HEADER)  # fmt: skip
    for msgid, where in gather().items():
        known = old.get(msgid)
        flags = {"python-brace-format"} if "{0}" in msgid else set()
        new.add(msgid, known.string if known else "", [(w, None) for w in where], flags=flags)  # type: ignore[list-item]
    return new


def text(catalog: Catalog, header: bool = True) -> bytes:
    """The catalogue as a file. Without its header, which names dates and versions, to compare two."""
    out = io.BytesIO()
    write_po(out, catalog, width=120, omit_header=not header, include_lineno=False)
    return out.getvalue()


def unlisted() -> list[str]:
    """Sentences with something filled in that the portal couldn't recognise when they are said."""
    with django_ready():
        from trongdan.doors.portal.english import PATTERNS

        return sorted({said for said, _where in in_refusals() if "{0}" in said} - set(PATTERNS))


def missing(catalog: Catalog) -> list[str]:
    return [str(m.id) for m in catalog if m.id and (not m.string or m.fuzzy)]


def wrong(catalog: Catalog) -> list[str]:
    """Translations that would break: other fillings than the Vietnamese has, or its words left as they are."""
    out = []
    for message in catalog:
        source, said = str(message.id), str(message.string)
        if message.id and said and (said == source or fillings(source) != fillings(said)):
            out.append(source)
    return out


def fillings(said: str) -> list[str]:
    """What a sentence leaves to be filled in: {0}, %(name)s."""
    return sorted(set(re.findall(r"\{\d+\}|%\(\w+\)s", said)))


def digest() -> str:
    return hashlib.sha256(PO.read_bytes()).hexdigest()


def compile_mo() -> None:
    """Write the .mo. Its header says of which .po it was made, so that its age can be told without Babel."""
    catalog = read()
    catalog.version = digest()
    out = io.BytesIO()
    write_mo(out, catalog)
    MO.write_bytes(out.getvalue())


def update() -> int:
    old = read()
    new = gathered(old)
    if not PO.exists() or text(new, header=False) != text(old, header=False):
        new.revision_date = datetime.now(UTC).replace(second=0, microsecond=0)
        PO.parent.mkdir(parents=True, exist_ok=True)
        PO.write_bytes(text(new))
    compile_mo()
    waiting = missing(new)
    print(f"{len(new)} câu, còn {len(waiting)} câu chưa dịch: {PO.relative_to(ROOT)}")
    return 0


def check() -> int:
    old = read()
    faults = [f"chưa dịch: {m}" for m in missing(old)] + [f"dịch sai chỗ điền hoặc chưa dịch: {m}" for m in wrong(old)]
    if not PO.exists() or text(gathered(old), header=False) != text(old, header=False):
        known, now = {str(m.id) for m in old if m.id}, set(gather())
        faults += [f"thiếu trong danh mục: {m}" for m in sorted(now - known)]
        faults += [f"không còn dùng: {m}" for m in sorted(known - now)]
        faults.append("danh mục đã cũ: chạy `python tools/messages.py`")
    faults += [f"câu có chỗ điền chưa có trong PATTERNS của doors/portal/english.py: {m}" for m in unlisted()]
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        return check()
    if arguments == ["--compile"]:
        compile_mo()
        return 0
    return update()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
