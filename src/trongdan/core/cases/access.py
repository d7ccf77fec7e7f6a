"""Who comes to see a case by an event, and who is shut out of it: the rows of td_case_access that perform writes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from trongdan.kernel.case import NewEvent
from trongdan.kernel.conflict import ShutOut, named, read
from trongdan.kernel.kind import EVERYTHING
from trongdan.kernel.lending import LEADERS

from .trail import Loaded

Row = dict[str, Any]


def see(case_id: UUID, agency: str | None, reason: str, appointment: str | None = None) -> Row:
    return {"case_id": str(case_id), "agency": agency, "appointment": appointment, "deny": False, "reason": reason}


def grants(loaded: Loaded, new: NewEvent, opening: bool) -> list[Row]:
    """Who comes to see the case by an event: the agency it goes to, the post it is given to, the chain of a paper, the
    verifier; the head once it nears or passes its limit; the whole agency once it was classified. A vault case is seen by
    posts only, never by a whole agency."""
    out, payload, at = [], new.payload, loaded.state.agency
    sealed = loaded.state.vault or bool(payload.get("vault"))
    if payload.get("agency") and not opening:
        first = loaded.kind.first_seen_by or (("head",) if sealed else ())
        out += ([see(loaded.id, None, "chuyển đến", f"{payload['agency']}/{role}") for role in first]
                or [see(loaded.id, payload["agency"], "chuyển đến")])  # fmt: skip
    if payload.get("assigned"):
        out.append(see(loaded.id, None, "được giao", payload["assigned"]))
    if payload.get("lent"):  # those who lead where a step is done may give it to another of theirs; their colleagues don't see it
        out += [see(loaded.id, None, "bước ở cơ quan mình", f"{payload['lent']}/{role}") for role in LEADERS]
    for name in loaded.kind.seen_by:
        value = (payload.get("data") or {}).get(name)
        if value and name in loaded.kind.fields and loaded.kind.fields[name].type == "agency":
            out.append(see(loaded.id, str(value), "có phần trong việc"))
            continue
        out += [see(loaded.id, None, "xác minh", post) for post in named(value)]
    if new.tag == "paper:drafted":
        roles = {role for stage in payload["chain"] for role in stage["roles"] if not role.startswith("@")}
        out += [see(loaded.id, None, "trình ký", f"{at}/{role}") for role in sorted(roles)]
    if new.tag.startswith("clock:") and at:
        out.append(see(loaded.id, None, "thời hạn", f"{at}/head"))
    if new.tag == "case:secret:flagged" and at:  # who must confirm or lift it (domain 12)
        out.append(see(loaded.id, None, "xác nhận bí mật nhà nước", f"{at}/head"))
    out += [see(loaded.id, None, "được báo mở kho kín", post) for post in payload.get("alert", ())]
    if loaded.kind.first_seen_by and payload.get("final") and at and not sealed:
        out.append(see(loaded.id, at, "đã phân loại"))
    return out


def denials(loaded: Loaded, new: NewEvent) -> tuple[list[Row], list[Row]]:
    """(denials, denials that end) of an event that records a conflict: of the case and of the letter and matters it belongs
    to. What the same conflict recorded before and no longer names comes to an end."""
    made: list[Row] = []
    ended: list[Row] = []
    for entry in new.payload.get("shut_out", ()):
        shut, before = read(entry), loaded.state.shut_out.get(entry["conflict"])
        if EVERYTHING not in shut.out_of:
            continue
        family = {loaded.id, *([loaded.parent] if loaded.parent else []), *map(UUID, loaded.state.children)}
        keep = set(_keys(shut))
        for case_id in sorted(family):
            made += [_deny(case_id, key) for key in sorted(keep)]
            ended += [_deny(case_id, key) for key in sorted(set(_keys(before)) - keep)] if before else []
    return made, ended


def _keys(shut: ShutOut) -> list[tuple[str, str]]:
    """(agency, appointment), one of them empty. A person is kept out under whatever post."""
    return ([(a, "") for a in shut.agencies] + [("", p) for p in shut.posts if p.partition("/")[0] not in shut.agencies]
            + [("", f"person:{p}") for p in shut.persons])  # fmt: skip


def _deny(case_id: UUID, key: tuple[str, str]) -> Row:
    return {"case_id": str(case_id), "agency": key[0] or None, "appointment": key[1] or None, "deny": True,
            "reason": "xung đột lợi ích"}  # fmt: skip
