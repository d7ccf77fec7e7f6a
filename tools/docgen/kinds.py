"""docs/kinds/: one page a kind of case, and what all kinds share; docs/reference/papers.md: every paper's form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from trongdan.core.cases.registry import kinds, paper_forms
from trongdan.core.papers.declaration import papers
from trongdan.kernel.authority import role_words
from trongdan.kernel.chain import STAGE_NAMES
from trongdan.kernel.guards import BY_LAW
from trongdan.kernel.kind import ANY_OPEN, BACK, KERNEL_TAGS, NEW, ROLES, STAY, ClockDef, EdgeDef, Guard, Kind
from trongdan.law import load_law

from .law import group, value_words
from .text import UNREAD, code, iso, table

TESTS = {
    "field": "phải có", "not_field": "phải chưa có", "one_of": "phải chọn", "count_between": "số lượng trong khoảng",
    "at_most": "không quá", "before": "không sau", "after": "phải sau", "no_open_child": "không còn việc con đang mở",
    "post": "không cùng người với", "rule": "hàm trong rules.py", "includes": "phải gồm",
    "in_time": "không muộn hơn hạn luật định của", "lasts": "không sớm hơn hạn luật định của",
    "late": "đã quá hạn",
}  # fmt: skip
WHOSE = {"agency": "cơ quan", "sender": "người gửi (hạn của ông/bà)", "alert": "mốc cảnh báo, không tính chậm"}
FIELD_TYPES = {
    "text": "văn bản của cán bộ, chỉ ghi cam kết", "private": "lời của người dân, chỉ ghi cam kết", "code": "ký hiệu ngắn",
    "bool": "có/không", "date": "ngày", "choice": "chọn một", "choices": "chọn nhiều", "int": "số", "post": "chức danh",
    "posts": "nhiều chức danh",
    "agency": "cơ quan", "kind": "loại việc", "digests": "dấu băm của tệp", "people": "danh sách người, vào kho kín",
}  # fmt: skip
STEP_HEAD = ("Mã", "Trên bàn làm việc", "Người dân đọc", "Người đang giữ", "Kết quả", "Đánh giá được")
CLOCK_HEAD = ("Đồng hồ", "Quy định", "Thời hạn (bản mới nhất)", "Của ai", "Người dân thấy", "Sự kiện")
WATCH_TESTS = {
    "last_day": "làm vào ngày cuối của thời hạn", "repeated": "làm hơn một lần", "returned": "trở lại nơi đã qua",
    "lag": "ghi nhận muộn hơn ngày trong trường",
}  # fmt: skip


def role(name: str) -> str:
    return role_words(name)


def roles(names: Iterable[str]) -> str:
    return ", ".join(role(n) for n in names)


def _step_id(name: str) -> str:
    """A state's id as Mermaid takes it."""
    return name.replace("-", "_").replace(".", "_")


def diagram(kind: Kind) -> str:
    """The steps and the ways between them, for Mermaid. Ways that stay in their step are left to the table."""
    lines = ["```mermaid", "stateDiagram-v2", "  direction LR"]
    lines += [f'  state "{s.name}" as {_step_id(s.id)}' for s in kind.steps.values()]
    for edge in kind.edges.values():
        if edge.to in (STAY, BACK):
            continue
        sources = [s.id for s in kind.steps.values() if not s.final] if ANY_OPEN in edge.from_ else edge.from_
        for source in sources:
            start = "[*]" if source == NEW else _step_id(source)
            lines.append(f"  {start} --> {_step_id(edge.to)}: {edge.name.replace(':', ' ')}")
    lines += [f"  {_step_id(s.id)} --> [*]" for s in kind.steps.values() if s.final]
    return "\n".join([*lines, "```"])


def fact(kind: Kind, name: str) -> str:
    """A field by its name, a derived fact in words."""
    group_, _, rest = name.partition(".")
    if group_ in ("due", "passed") and rest in kind.clocks:
        return f"{'ngày cuối' if group_ == 'due' else 'đã qua'} “{kind.clocks[rest].name}”"
    return {"today": "ngày hôm nay"}.get(name) or (kind.fields[name].name if name in kind.fields else name)


def _guard(kind: Kind, guard: Guard) -> str:
    name = fact(kind, guard.path)
    if guard.test in BY_LAW:
        rule, of = guard.argument
        when = f" khi `{guard.when}`" if guard.when else ""
        return (f"- “{name}” {TESTS[guard.test]} `{rule}`, tính từ “{fact(kind, of)}”{when}. "
                f"Nếu không: *{guard.message}*{f' ({guard.basis})' if guard.basis else ''}")  # fmt: skip
    test = TESTS.get(guard.test, guard.test)
    words = f"{test} “{name}”" if name else test
    if guard.test == "one_of" and guard.argument:
        words += f" trong {code(guard.argument)}"
    elif guard.test in ("before", "after") and guard.argument == "today":
        words += " ngày hôm nay" if guard.test == "before" else " ngày hôm nay (ngày ghi)"
    elif guard.argument is not None:
        other = kind.fields.get(str(guard.argument))
        words += f" “{other.name}”" if other else f" `{guard.argument}`"
    when = f" khi `{guard.when}`" if guard.when else ""
    return f"- {words}{when}. Nếu không: *{guard.message}*{f' ({guard.basis})' if guard.basis else ''}"


def _from(kind: Kind, edge: EdgeDef) -> str:
    if ANY_OPEN in edge.from_:
        return "mọi bước còn mở"
    return ", ".join("(mở mới)" if s == NEW else kind.steps[s].name for s in edge.from_)


def _edge(kind: Kind, edge: EdgeDef) -> str:
    to = {STAY: "giữ nguyên bước", BACK: "bước trước đó"}.get(edge.to) or kind.steps[edge.to].name
    lines = [
        f"### `{edge.id}` {edge.name}", "",
        f"{_from(kind, edge)} → **{to}**. Ai làm: {roles(edge.by)}. Sự kiện: `{edge.event}`."
        + (f" Người dân đọc: “{edge.plain}”." if edge.plain else ""),
    ]  # fmt: skip
    if edge.asks:
        lines.append("\nHỏi: " + ", ".join(f"{kind.fields[f].name} (`{f}`)" for f in edge.asks) + ".")
    if edge.reason:
        lines.append("\nPhải ghi lý do.")
    if edge.paper:
        lines.append(f"\nRa văn bản: [{papers()[edge.paper].title}](../reference/papers.md) (`{edge.paper}`); có hiệu lực khi "
                     f"văn bản qua hết chuỗi trình ký.")  # fmt: skip
    if edge.outcome:
        lines.append(f"\nKết quả: `{edge.outcome}`.")
    if edge.outcome_from:
        lines.append(f"\nKết quả lấy theo “{kind.fields[edge.outcome_from].name}”.")
    if edge.sets:
        lines.append("\nĐặt: " + ", ".join(f"`{k}` = {str(v).lower()}" for k, v in edge.sets.items()) + ".")
    if edge.spawns:
        lines.append(f"\nMở việc: {code(edge.spawns)}{_spawn(kind, edge)}.")
    for told, action in edge.binds.items():
        lines.append(f"\nKhi có hiệu lực: mỗi việc `{told}` còn mở được mở từ hồ sơ này tự làm `{action}`.")
    if edge.stub:
        lines.append("\nNội dung rời hệ thống: chỉ giữ điều ghi ở việc này.")
    if edge.to_agency:
        lines.append(f"\nHồ sơ chuyển sang cơ quan trong “{kind.fields[edge.to_agency].name}”.")
    if edge.needs:
        lines += ["", "Điều kiện:", *(_guard(kind, g) for g in edge.needs)]
    return "\n".join(lines)


def _spawn(kind: Kind, edge: EdgeDef) -> str:
    """Where the new case is opened, and from which day it counts."""
    field = kind.fields.get(edge.spawns_at)
    where = " tại cấp trên trực tiếp" if edge.spawns_at == "superior" else f" tại “{field.name}”" if field else ""
    day = ", tính từ ngày mở" if edge.counts_from == "now" else ""
    return where + day + ("; nơi này không xem được việc ấy" if edge.unseen else "")


def _events(kind: Kind, clock: ClockDef) -> str:
    parts = []
    for word, tags in (("bắt đầu", clock.starts), ("dừng", clock.stops), ("tạm dừng", clock.pauses), ("chạy tiếp", clock.resumes),
                       ("gia hạn", clock.extends), ("tính lại", clock.revises),
                       ("bắt đầu lại", clock.restarts)):  # fmt: skip
        if tags:
            parts.append(f"{word}: {code(tags)}")
    if clock.when:
        parts.append(f"chỉ chạy khi `{clock.when}`")
    words = load_law().rule(clock.rule).versions[-1].variant_words if clock.rule else {}
    for field, case in clock.variants.items():
        parts.append(f"“{kind.fields[field].name}” → {(words.get(case) or (case,))[0]}")
    starts = {"on": "ngày của sự kiện", "origin": "ngày nhận đầu tiên"}
    days = " hoặc ".join(starts.get(name) or f"“{fact(kind, name)}”" for name in clock.start_on)
    if clock.after:
        return "; ".join([*parts, f"bắt đầu khi đã qua {fact(kind, f'due.{clock.after}')}, tính từ ngày ấy"])
    if clock.ends_on or clock.ends_with:
        ends = fact(kind, clock.ends_on) if clock.ends_on else fact(kind, f"due.{clock.ends_with}")
        parts.append(f"ngày cuối: {ends}")
    return "; ".join([*parts, f"tính từ {days}"])


def _clock_rows(kind: Kind) -> Iterable[tuple[object, ...]]:
    law = load_law()
    for clock in kind.clocks.values():
        if clock.rule_from:
            yield (f"`{clock.id}` {clock.name}", f"theo “{fact(kind, clock.rule_from)}”", "dữ liệu tham chiếu",
                   WHOSE.get(clock.whose, clock.whose), "có" if clock.public else "không", _events(kind, clock))  # fmt: skip
            continue
        version = law.rule(clock.rule).versions[-1]
        doubt = f" (**{UNREAD}**)" if version.source.verified == "unread" else ""
        rule = f"[`{clock.rule}`](../law/{group(clock.rule).lower()}.md){doubt}"
        yield (f"`{clock.id}` {clock.name}", rule, value_words(version),
               WHOSE.get(clock.whose, clock.whose), "có" if clock.public else "không", _events(kind, clock))  # fmt: skip


def _chain(kind: Kind, form: str) -> str:
    return " → ".join(f"{STAGE_NAMES[s.stage]} ({' hoặc '.join(role(r) for r in s.roles)})" for s in kind.chains[form])


def _example(kind: Kind, example: Mapping[str, Any]) -> str:
    rows = []
    for line in example["walk"]:
        edge = kind.edges.get(line.get("do", ""))
        what = edge.name if edge else KERNEL_ACTS.get(line.get("act", ""), line.get("act", ""))
        rows.append((iso(line["on"]), role(line["by"]), what))
    expect = example["expect"]
    end = kind.steps[expect["step"]]
    words = f"Kết thúc ở **{end.name}**"
    if expect.get("outcome"):
        words += f", kết quả “{dict(end.outcomes).get(expect['outcome'], expect['outcome'])}”"
    dues = "; ".join(f"{kind.clocks[c].name}: {iso(d)}" for c, d in expect.get("due", {}).items())
    opened = f" Mở việc: {code(expect['spawned'])}." if expect.get("spawned") else ""
    return "\n".join([f"### {example['title']}", "", table(("Ngày", "Ai", "Việc"), rows), "",
                      f"{words}.{f' Hạn: {dues}.' if dues else ''}{opened}"])  # fmt: skip


KERNEL_ACTS = {"case.assign": "Giao người thụ lý", "case.assess": "Người dân đánh giá", "case.note": "Ghi chú"}


def _protected(kind: Kind) -> list[str]:
    """Its vault and its conflicts, if it has any."""
    lines = []
    if kind.vault.always or kind.vault.when:
        field = kind.fields.get(kind.vault.when or "")
        whose = "mọi hồ sơ" if kind.vault.always else f"hồ sơ có “{field.name if field else kind.vault.when}”"
        lines.append(f"Kho kín: {whose}. Một mình mở được, có lý do: {roles(kind.vault.opens)}."
                     + (f" Khẩn cấp, hai người cùng mở: {roles(kind.vault.emergency)}." if kind.vault.emergency else ""))
    for conflict in kind.conflicts:
        named = ", ".join(f"“{kind.fields[f].name}”" for f in conflict.fields)
        what = "mọi việc" if "*" in conflict.out_of else ", ".join(
            kind.fields[p].name if p in kind.fields else role(p) for p in conflict.out_of)  # fmt: skip
        below = " và cấp dưới của họ" if conflict.subordinates else ""
        above = f" Giữ chức {roles(conflict.settled_above)} thì cấp trên giải quyết." if conflict.settled_above else ""
        lines.append(f"`{conflict.id}`: người ở {named}{below} bị chặn khỏi: {what}.{above}"
                      f" *{conflict.message}*{f' ({conflict.basis})' if conflict.basis else ''}")  # fmt: skip
    return ["## Kho kín, xung đột lợi ích", *lines] if lines else []


def _page(kind: Kind) -> str:
    steps = [(f"`{s.id}`", s.name, f"{s.plain}. Tiếp theo: {s.next}" if s.next else s.plain,
              role(s.holder or "none") if not s.final else "– (xong)",
              "; ".join(f"{name} (`{id_}`)" for id_, name in s.outcomes) or "–", "có" if s.assessable else "–")
             for s in kind.steps.values()]  # fmt: skip
    fields = [(f"`{f.id}`", f.name, FIELD_TYPES.get(f.type, f.type), "; ".join(f"{n} (`{i}`)" for i, n in f.choices) or "–")
              for f in kind.fields.values()]  # fmt: skip
    parts = [
        f"# {kind.name}", f"`{kind.id}`, bản {kind.version}. Nợ ai: {kind.owed_to}. [Các loại việc](README.md)"
        + (f" Lúc mới đến chỉ {roles(kind.first_seen_by)} thấy." if kind.first_seen_by else "")
        + (" Mật: chỉ người trong cuộc thấy." if kind.confidential else ""),
        diagram(kind), "## Bước", table(STEP_HEAD, steps), "## Thời hạn", table(CLOCK_HEAD, _clock_rows(kind)),
        "## Việc làm được", *(_edge(kind, e) for e in kind.edges.values()),
        "## Trình ký", "Chuỗi mặc định; cơ quan có quy chế riêng thì đặt lại ở trang **Trình ký** của bàn làm việc.",
        table(("Văn bản", "Chuỗi"), [(f"{papers()[f].title} (`{f}`)", _chain(kind, f)) for f in kind.chains]),
        "## Dấu hiệu đáng xem",
        "Hiện cạnh con số, không chặn và không kết tội ai.",
        table(("Tên", "Là gì", "Sự kiện"), [(w.name, WATCH_TESTS.get(w.test, w.test), f"`{w.event}`") for w in kind.watches]),
        *_protected(kind), "## Thông tin của hồ sơ", table(("Mã", "Tên", "Kiểu", "Lựa chọn"), fields),
    ]  # fmt: skip
    if kind.talk:
        open_at = ", ".join(f"**{kind.steps[s].name}**" for s in kind.talk.steps)
        shown = "câu hỏi đã duyệt thì mọi người đọc được" if kind.talk.public else "không ai ngoài hồ sơ đọc được"
        parts += ["## Ghi chép đối thoại", f"Ghi từng ý kiến và lời đáp ở bước {open_at}, bởi {roles(kind.talk.by)}; {shown}. "
                  f"Biên bản (“{kind.edges[kind.talk.minutes].name}”) lập từ đó: lời vào `{kind.talk.text}`, cam kết của lời đáp "
                  f"vào `{kind.talk.answers}`."]  # fmt: skip
    if kind.person_forms:
        forms = [(f"{p.text} (`{p.form}`)", ", ".join(kind.steps[s].name for s in p.steps), f"`{p.when}`" if p.when else "–")
                 for p in kind.person_forms]  # fmt: skip
        parts += ["## Mẫu đơn người dân lấy được, đã điền sẵn", table(("Mẫu", "Ở bước", "Khi"), forms)]
    if kind.next_lawful:
        rights = [(", ".join(kind.steps[s].name for s in n["steps"]), n["text"], n["basis"]) for n in kind.next_lawful]
        parts += ["## Bước tiếp theo theo luật", table(("Khi ở bước", "Người dân có quyền", "Căn cứ"), rights)]
    parts += ["## Ca mẫu", "Chạy trong kiểm thử; ngày tính theo lịch và luật đang có.", *(_example(kind, e) for e in kind.examples)]
    return "\n\n".join(parts)


def _index() -> str:
    rows = [(f"[{k.name}]({k.id}.md)", f"`{k.id}`", len(k.steps), len(k.edges), len(k.clocks), len(k.chains))
            for k in kinds().values()]  # fmt: skip
    return "\n\n".join([
        "# Các loại việc",
        "Mỗi loại việc là một tệp TOML trong `src/trongdan/kinds/`; trang của nó sinh từ tệp ấy.",
        table(("Loại", "Mã", "Bước", "Việc làm được", "Đồng hồ", "Văn bản"), rows),
        "## Sự kiện chung của mọi loại", table(("Thẻ", "Nghĩa"), [(f"`{t}`", w) for t, w in KERNEL_TAGS.items()]),
        "## Vai", table(("Mã", "Là ai"), [(f"`{r}`", role(r)) for r in sorted(ROLES)]),
        "## Chặng của chuỗi trình ký (NĐ 30/2020 Đ13–19)", table(("Mã", "Việc"), [(f"`{s}`", n) for s, n in STAGE_NAMES.items()]),
        "## Điều kiện có thể đặt cho một việc", table(("Mã", "Nghĩa"), [(f"`{t}`", w) for t, w in TESTS.items()]),
    ])  # fmt: skip


def _papers() -> str:
    used = {form: kind for kind in kinds().values() for form in kind.chains}
    rows = []
    for name in sorted(paper_forms()):
        paper = papers()[name]
        verified = "đã đối chiếu" if paper.form["verified"] else f"**{UNREAD}**"
        where = f"[{used[name].name}](../kinds/{used[name].id}.md)" if name in used else "–"
        rows.append((f"`{name}`", paper.title, paper.abbreviation or "–", paper.form["code"] or "–", paper.form["instrument"],
                     verified, where))  # fmt: skip
    return "\n\n".join([
        "# Văn bản, mẫu",
        "Mỗi văn bản ra PDF (PDF/A) và DOCX để sửa, từ một tệp trong `kinds/*/papers/`.",
        table(("Mã", "Tên", "Ký hiệu", "Mẫu", "Theo văn bản", "Mẫu đã đối chiếu", "Trình ký trong"), rows),
    ])  # fmt: skip


def pages(root: Path) -> dict[str, str]:
    out = {f"kinds/{kind.id}.md": _page(kind) for kind in kinds().values()}
    return out | {"kinds/README.md": _index(), "reference/papers.md": _papers()}
