"""The vault, conflicts and passing on, on a small kind of their own; and what the loader refuses of them."""

from __future__ import annotations

import tomllib
from datetime import datetime
from typing import Any

import pytest

from trongdan.kernel.case import VIETNAM, Actor, CaseState, Command, Event, Post
from trongdan.kernel.conflict import ShutOut
from trongdan.kernel.decide import decide
from trongdan.kernel.errors import KindError, Refusal
from trongdan.kernel.folding import fold
from trongdan.kernel.kind import Kind
from trongdan.kernel.kindfile import load_kind
from trongdan.kernel.offers import allowed
from trongdan.law import load_law

KIND = """
id = "test.secret"
version = 1
name = "Việc kín"
noun = "việc"
owed_to = "người dân"
fields = [
  { id = "what", name = "Việc gì", type = "private" },
  { id = "copy", name = "Bản chép", type = "text" },
  { id = "about", name = "Về ai", type = "posts" },
  { id = "drafter", name = "Người soạn", type = "post" },
  { id = "verifier", name = "Người xác minh", type = "post" },
  { id = "quiet", name = "Giữ kín", type = "bool" },
]
steps = [
  { id = "open", name = "Mở", plain = "Đang làm", holder = "head" },
  { id = "done", name = "Xong", plain = "Xong", final = true },
]
edges = [
  { id = "make", name = "Mở", from = "new", to = "open", by = ["head", "sender"], event = "s:made", asks = ["what", "quiet", "about"] },
  { id = "name", name = "Ghi", from = "open", to = "stay", by = ["head", "verifier"], event = "s:named", asks = ["about", "drafter", "verifier"] },
  { id = "more", name = "Mở thêm", from = "open", to = "stay", by = ["head"], event = "s:more", asks = ["copy"], spawns = ["test.secret"], passes = { what = "copy" }, spawns_at = "superior", counts_from = "now" },
  { id = "late", name = "Quá hạn", from = "open", to = "stay", by = ["sender"], event = "s:late", needs = [{ late = "do", message = "Chưa quá hạn." }] },
  { id = "end", name = "Xong", from = "open", to = "done", by = ["head"], event = "s:end", stub = true },
]
clocks = [{ id = "do", name = "Làm", rule = "TC-05", starts = ["s:made"] }]
[vault]
when = "quiet"
opens = ["head"]
emergency = ["officer"]
[[conflicts]]
id = "about"
fields = ["about"]
out_of = ["*"]
message = "Bị chặn."
basis = "Điều 1"
settled_above = ["head"]
[[conflicts]]
id = "drafter"
fields = ["drafter"]
out_of = ["verifier"]
message = "Không được xác minh."
"""
LAW = load_law()


def kind(**changed: Any) -> Kind:
    table = tomllib.loads(KIND)
    for key, value in changed.items():
        table[key] = value
    return load_kind(table, "test.toml")


def post(role: str, id_: str | None = None, person: str = "p") -> Actor:
    held = Post(id_ or f"c1/{role}", role, "c1")
    return Actor(person=person, posts=(held,), post=held)


class Played:
    def __init__(self) -> None:
        self.kind, self.trail = kind(), []
        self.state: CaseState | None = None
        self.last: Any = None

    def do(self, action: str, actor: Actor, day: str = "2026-07-06", looked_up: Any = None, reason: Any = None, **data: Any) -> CaseState:
        now = datetime.fromisoformat(f"{day}T10:00:00").replace(tzinfo=VIETNAM)
        command = Command("test.secret", "c" if self.state else None, action, data, agency="c1", reason=reason, looked_up=looked_up or {})
        self.last = decide(self.kind, self.state, command, actor, now, LAW)
        for new in self.last.events:
            self.trail.append(Event(new.tag, new.on, now, new.payload, len(self.trail), "test.secret", 1, actor.reference()))
        self.state = fold(self.kind, self.trail)
        return self.state


WHY = {"content": "0", "commitment": "0"}
SENDER = Actor(is_sender=True)


def test_a_case_lies_in_the_vault_by_the_rule_of_its_kind_and_what_it_opens_knows() -> None:
    open_, quiet = Played(), Played()
    assert not open_.do("make", post("head"), what=WHY).vault
    assert quiet.do("make", post("head"), what=WHY, quiet=True).vault
    quiet.do("more", post("head"), copy={"content": "1", "commitment": "1"})
    (spawn,) = quiet.last.spawn
    assert (spawn.data["what"]["content"], spawn.at, spawn.origin_on.isoformat()) == ("1", "superior", "2026-07-06")


def test_an_opening_needs_a_reason_and_the_right_post_and_names_who_is_told() -> None:
    case = Played()
    case.do("make", post("head"), what=WHY, quiet=True)
    for actor, reason, code in ((post("head"), None, "vault.reason"), (post("deputy"), WHY, "vault.not_yours")):
        with pytest.raises(Refusal) as caught:
            case.do("vault.open", actor, reason=reason)
        assert caught.value.code == code
    case.do("vault.open", post("head"), reason=WHY, looked_up={"alert": ["c0/head"]})
    assert case.last.events[0].payload["alert"] == ["c0/head"]


def test_an_emergency_of_yesterday_opens_nothing_today() -> None:
    case = Played()
    case.do("make", post("head"), what=WHY, quiet=True)
    case.do("vault.ask", post("officer", person="a"), reason=WHY)
    with pytest.raises(Refusal) as caught:
        case.do("vault.confirm", post("officer", person="b"), day="2026-07-07", reason=WHY)
    assert caught.value.code == "vault.nothing_asked"


def test_who_is_kept_out_may_do_nothing_and_is_offered_nothing() -> None:
    case = Played()
    out = ShutOut("about", ("*",), frozenset({"c1/officer"}), frozenset({"c2"}), frozenset({"x"})).recorded()
    state = case.do("make", post("head"), what=WHY, about=["c1/officer"], looked_up={"shut_out": [out]})
    now = datetime(2026, 7, 6, 10, tzinfo=VIETNAM)
    for actor in (post("officer"), post("head", person="x"), Actor(person="y", posts=(Post("c2/head", "head", "c2"),),
                                                                    post=Post("c2/head", "head", "c2"))):  # fmt: skip
        assert allowed(case.kind, state, actor, now, LAW) == []
        with pytest.raises(Refusal) as caught:
            case.do("case.note", actor, note=WHY)
        assert caught.value.code == "conflict.excluded"
    assert allowed(case.kind, state, post("head"), now, LAW)


def test_a_case_passes_where_it_may_be_settled_and_says_which_conflict_is_the_reason() -> None:
    case = Played()
    out = ShutOut("about", ("*",), frozenset({"c1/head"})).recorded()
    state = case.do("make", SENDER, what=WHY, about=["c1/head"], looked_up={"shut_out": [out], "route": "c0"})
    assert state.agency == "c0"
    assert case.last.events[0].payload["routed"] == {"from": "c1", "why": "about"}


def test_who_is_out_of_a_part_may_not_be_given_it_nor_do_it() -> None:
    case = Played()
    case.do("make", post("head"), what=WHY)
    with pytest.raises(Refusal) as caught:
        case.do("name", post("head"), drafter="c1/officer", verifier="c1/officer")
    assert (caught.value.code, caught.value.message) == ("conflict.named", "Không được xác minh.")
    case.do("name", post("head"), drafter="c1/verifier")
    with pytest.raises(Refusal):
        case.do("name", post("verifier"), about=["c9/head"])
    case.do("name", post("head"), verifier="c1/other")


def test_what_is_only_for_when_it_is_late_waits_for_that() -> None:
    case = Played()
    case.do("make", post("head"), what=WHY)
    with pytest.raises(Refusal, match="Chưa quá hạn"):
        case.do("late", SENDER, day="2026-08-05")
    case.do("late", SENDER, day="2026-08-06")


def test_words_that_leave_the_system_are_marked_by_the_event() -> None:
    case = Played()
    case.do("make", post("head"), what=WHY)
    assert case.do("end", post("head")).stub


BAD: list[tuple[dict[str, Any], str]] = [
    ({"vault": {"when": "nothing", "opens": ["head"]}}, "vault.when"),
    ({"vault": {"always": True}}, "vault.opens"),
    ({"vault": {"always": True, "opens": ["king"]}}, "vault"),
    ({"conflicts": [{"id": "a", "fields": ["what"], "out_of": ["*"], "message": "m"}]}, "conflicts.a"),
    ({"conflicts": [{"id": "a", "fields": ["about"], "out_of": ["moon"], "message": "m"}]}, "conflicts.a.out_of"),
    ({"conflicts": [{"id": "a", "fields": ["about"], "out_of": ["verifier"], "message": "m", "settled_above": ["head"]}]}, "conflicts.a"),
    ({"conflicts": [{"id": "a", "fields": ["about"], "out_of": ["*"], "message": "m"}] * 2}, "conflicts"),
]


@pytest.mark.parametrize(("changed", "key"), BAD, ids=[k for _, k in BAD])
def test_the_loader_refuses_a_protection_that_does_not_hold(changed: dict[str, Any], key: str) -> None:
    with pytest.raises(KindError) as caught:
        kind(**changed)
    assert caught.value.key == key


@pytest.mark.parametrize(("name", "value"), [("passes", {"what": "nothing"}), ("spawns_at", "moon"), ("counts_from", "never")])
def test_the_loader_refuses_an_edge_that_passes_on_what_is_not_there(name: str, value: Any) -> None:
    edges = tomllib.loads(KIND)["edges"]
    edges[2][name] = value
    with pytest.raises(KindError) as caught:
        kind(edges=edges)
    assert caught.value.key == f"edges.more.{name}"
