"""The worker's part for letters about one matter: a signature of each new letter, the letters it is like, a repeat joined to
the first, a group when the matter is one. After the sender has the receipt; a batch takes a handful of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from trongdan.core.agencies.places import place_names
from trongdan.core.cases import alike as kept
from trongdan.core.cases.outbox import OutboxEvent, advance, cursor_of, read_batch
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.sealing import uuid7
from trongdan.core.papers.files import path_of
from trongdan.kernel.case import SYSTEM, Command
from trongdan.kernel.errors import Refusal
from trongdan.law.classify.alike import Kept, Signature, Why, keyed, same_words, signature, why_alike
from trongdan.platform import keys
from trongdan.platform.text import fold

from .intake import KIND

READER = "alike"
SECRET = "alike"  # noqa: S105  the name of a key, not one
BATCH = 200
NEW = ("letter:receipt:recorded", "case:secret:lifted")
MORE = ("letter:supplement:given",)
AWAY = ("vault:sealed", "case:secret:flagged", "case:secret:confirmed", "case:erased", "letter:party:handed")


@dataclass(frozen=True, slots=True)
class Found:
    """A letter of the batch: who sent it (folded name, digits of the telephone, folded address), where it lies."""

    case: UUID
    opened_on: date
    agency: str
    sender: tuple[str, str, str]
    signed: Signature
    row: kept.Sign


def group_new() -> int:
    """Compare the letters that came since the last turn; how many events were looked at."""
    with scope(JOB):
        events = read_batch(cursor_of(READER), BATCH, payload=False)
        sealed = take_away([e for e in events if e.tag in AWAY])
        new = list(dict.fromkeys(e.case_id for e in events if e.tag in NEW and e.kind == KIND))
        joined = _compare(new)
        _supplemented(list(dict.fromkeys(e.case_id for e in events if e.tag in MORE and e.kind == KIND)))
        if events:
            advance(READER, events[-1])
    for case in sealed:
        _try(Command("", str(case), "vault.seal"))
    for case, first, at_once in joined:
        _try(Command(KIND, str(case), "case.link", {"first": str(first)}))
        if at_once:
            _try(Command(KIND, str(case), "join_first"))
    return len(events)


def _try(command: Command) -> None:
    """Whoever was faster with the letter has decided: then nothing is to be done."""
    try:
        perform(command, SYSTEM)
    except Refusal:
        return


def take_away(events: Sequence[OutboxEvent]) -> list[UUID]:
    """What lies in the vault, is withdrawn or erased leaves signatures and groups; the repeats of what went into the vault,
    which must follow it there: they have its words."""
    if not events:
        return []
    gone = list(dict.fromkeys(e.case_id for e in events))
    follow = [c for e in events if e.tag == "vault:sealed" for c in kept.repeats_to_seal(e.case_id)]
    kept.forget(gone)
    return follow


_LETTERS = (
    "SELECT c.id, c.opened_on, c.agency, c.commune, t.body, i.name, i.phone, i.address, "
    "ARRAY(SELECT s.body FROM td_content s WHERE s.case_id = c.id AND s.field = 'supplement' AND s.body IS NOT NULL "
    "ORDER BY s.id), "
    "ARRAY(SELECT f.id FROM td_file f WHERE f.case_id = c.id AND f.salt IS NOT NULL AND f.paper IS NULL ORDER BY f.sheet) "
    "FROM td_case c JOIN td_event e ON e.case_id = c.id AND e.seq = 0 "
    "JOIN td_content t ON t.id = (e.payload #>> '{data,text,content}')::uuid AND t.body IS NOT NULL "
    "LEFT JOIN td_identity i ON i.case_id = c.id AND i.role = 'sender' "
    "WHERE c.id = ANY(%s) AND c.parent IS NULL AND NOT c.vault AND c.secret IS NULL ORDER BY c.id"
)


def _compare(wanted: Sequence[UUID]) -> list[tuple[UUID, UUID, bool]]:
    """Sign, keep, compare and group letters; (repeat, first, whether it joins without anybody's judgement) of the repeats."""
    if not wanted:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_LETTERS, [list(wanted)])
        letters = [_signed(row) for row in cursor.fetchall()]
    kept.keep([letter.row for letter in letters])
    before = kept.before([letter.row for letter in letters])
    groups: dict[UUID, UUID] = {}
    placed: list[kept.Placed] = []
    firsts: list[tuple[Found, list[kept.Before]]] = []
    for letter in letters:
        alike = before[letter.case]
        repeats = [one for one in alike if one.files == letter.row.files and same_words(letter.signed, _kept(one))]
        if repeats:
            firsts.append((letter, repeats))
        placed += _placed(letter, alike, groups)
    kept.place(placed)
    return _repeats(firsts)


def _supplemented(wanted: Sequence[UUID]) -> None:
    """A letter that says more now: signed anew with what was added, and put into a group when it has none. It repeats nobody's."""
    if not wanted:
        return
    with connection.cursor() as cursor:
        cursor.execute(_LETTERS, [list(wanted)])
        letters = [_signed(row, whole=True) for row in cursor.fetchall()]
    kept.renew([letter.row for letter in letters])
    before = kept.before([letter.row for letter in letters])
    groups: dict[UUID, UUID] = {}
    kept.place([one for letter in letters for one in _placed(letter, before[letter.case], groups)])


def _signed(row: Sequence[Any], *, whole: bool = False) -> Found:
    """Of the letter as it came, or of the `whole` of it with what was added since."""
    case, opened_on, agency, commune, text, name, phone, address, added, files = row
    hashed = keyed(keys.secret(SECRET))
    found = signature("\n".join((text, *added)) if whole else text, hashed, commune or "", place_names())
    digests = sorted(hashed(path_of(f).read_bytes().hex()) for f in files if path_of(f).exists())
    stored = kept.Sign(case, opened_on, found.whole, hashed(str(digests)) if digests else 0, found.length, found.sketch,
                       found.sense, list(found.marks), found.commune, found.people, found.terms(hashed))  # fmt: skip
    sender = (fold(name or ""), "".join(c for c in phone or "" if c.isdigit()), fold(address or ""))
    return Found(case, opened_on, agency, sender, found, stored)


def _kept(one: kept.Before) -> Kept:
    return Kept(one.whole, one.length, one.sketch, one.sense, one.marks, one.commune)


def _placed(letter: Found, alike: Sequence[kept.Before], groups: dict[UUID, UUID]) -> list[kept.Placed]:
    """Which group the letter comes into: that of the first like one that has a group; else a new one with the likest."""
    likes = [(one, why) for one in alike if (why := why_alike(letter.signed, _kept(one)))]
    if not likes:
        return []
    likes.sort(key=lambda pair: -_weight(pair[1]))
    one, why = next(((o, w) for o, w in likes if o.group or o.case in groups), likes[0])
    group = one.group or groups.get(one.case)
    out = []
    if group is None:
        group = uuid7()
        groups[one.case] = group
        out.append(kept.Placed(one.case, group, letter.opened_on, ({"kind": "first"},)))
    groups[letter.case] = group
    return [*out, kept.Placed(letter.case, group, letter.opened_on, tuple(_recorded(w) for w in why))]


def _weight(why: Sequence[Why]) -> int:
    return sum(100 if w.kind in ("decision", "parcel") else 60 if w.kind == "project" else max(w.percent, 20) for w in why)


def _recorded(why: Why) -> dict[str, Any]:
    return {"kind": why.kind, **({"words": why.words} if why.words else {}), **({"percent": why.percent} if why.percent else {})}


_OTHERS = (
    "SELECT c.id, coalesce(r.first, c.id), c.agency, i.name, i.phone, i.address, NOT f.final OR EXISTS "
    "(SELECT FROM td_case m WHERE m.parent = f.id AND NOT m.final) "
    "FROM td_case c LEFT JOIN td_repeat r ON r.case_id = c.id JOIN td_case f ON f.id = coalesce(r.first, c.id) "
    "LEFT JOIN td_identity i ON i.case_id = c.id AND i.role = 'sender' WHERE c.id = ANY(%s) AND NOT f.vault"
)


def _repeats(firsts: Sequence[tuple[Found, list[kept.Before]]]) -> list[tuple[UUID, UUID, bool]]:
    """The same words and files from the same person repeat the first letter. At the same agency, while that is still being
    handled, no judgement is needed; else an official decides. Others' letters of the same words only come into the group."""
    if not firsts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_OTHERS, [[one.case for _, found in firsts for one in found]])
        others = {row[0]: row[1:] for row in cursor.fetchall()}
    out, chain = [], dict[UUID, UUID]()
    for letter, found in firsts:
        for one in sorted(found, key=lambda o: o.case):
            if one.case not in others:
                continue
            first, agency, name, phone, address, going_on = others[one.case]
            if _same(letter.sender, (fold(name or ""), "".join(c for c in phone or "" if c.isdigit()), fold(address or ""))):
                chain[letter.case] = chain.get(one.case, first)
                out.append((letter.case, chain[letter.case], bool(going_on) and agency == letter.agency))
                break
    return out


def _same(one: tuple[str, str, str], other: tuple[str, str, str]) -> bool:
    """One name with one telephone or one address; nobody named is nobody known."""
    return bool(one[0]) and one[0] == other[0] and any(a and a == b for a, b in zip(one[1:], other[1:], strict=True))
