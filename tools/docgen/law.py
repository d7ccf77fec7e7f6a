"""docs/law/: every deadline with its value, versions, basis and where it was read; the calendars with their decisions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from trongdan.kernel.calendar import HOLIDAY, LOCAL, OFF_SWAP, WEEKDAYS_VI, WORK_SWAP, DayNote
from trongdan.kernel.clock import UNIT_VI, Rule, RuleVersion, Unit
from trongdan.law import Law, load_law
from trongdan.law.examples import Example, examples
from trongdan.law.groups import GROUPS
from trongdan.law.loader import load_year
from trongdan.law.pages import pages as law_pages
from trongdan.law.retention import retentions

from .text import UNREAD, day, table

PERIOD_VI = {
    Unit.DAY_PER_WEEK_MIN: "ngày mỗi tuần, ít nhất", Unit.DAY_PER_MONTH_MIN: "ngày mỗi tháng, ít nhất",
    Unit.PER_YEAR_MIN: "lần mỗi năm, ít nhất", Unit.AROUND: "ngày trước và sau", Unit.TIMES: "lần",
}  # fmt: skip
MARKS = {"primary": "đã đọc văn bản gốc", "secondary": "theo nguồn thứ cấp", "unread": UNREAD}
DAY_KINDS = {HOLIDAY: "nghỉ lễ, tết", OFF_SWAP: "nghỉ hoán đổi", WORK_SWAP: "làm bù", LOCAL: "địa phương"}


def group(rule_id: str) -> str:
    return rule_id.split("-", maxsplit=1)[0]


def unit(value: Unit) -> str:
    return UNIT_VI.get(value) or PERIOD_VI[value]


def value_words(version: RuleVersion) -> str:
    """The limit in words: 10 ngày; 30 ngày, phức tạp 45 ngày."""
    if version.no_limit is not None:
        return f"không có con số: {version.no_limit}"
    def before(name: str | None) -> str:
        return " trước đó" if version.counts_back(name) else ""

    parts = [f"{version.value} {unit(version.unit)}{before(None)}"] if version.value is not None else []
    for name, value in version.variants.items():
        parts.append(f"{variant(name, version)} (`{name}`): {value} {unit(version.unit)}{before(name)}")
    return "; ".join(parts)


def variant(name: str, version: RuleVersion) -> str:
    """A case of a rule in the law's words."""
    return version.variant_words[name][0]


def _version(rule: Rule, v: RuleVersion) -> str:
    lines = [f"- **`{v.id}`**, hiệu lực từ {day(v.effective_from)}{f' đến {day(v.effective_to)}' if v.effective_to else ''}: "
             f"{value_words(v)}."]  # fmt: skip
    if v.extension:
        e = v.extension
        within = "; các mức ở trên đã gồm gia hạn" if e.in_variants else ""
        lines.append(f"  - Gia hạn: thêm {e.value} {unit(v.unit)}, nhiều nhất {e.times} lần, do {e.by} ({e.basis}){within}.")
    if v.caution:
        caution = f"{v.caution.value} {unit(v.caution.unit)} ({v.caution.basis})"
        lines.append(f"  - **Mốc thận trọng**: {caution}. Cảnh báo theo mốc đến trước.")
    habits = []
    if v.unit.countable and v.value is not None:
        habits.append("ngày cuối là ngày nghỉ thì chuyển sang ngày làm việc tiếp theo" if v.roll and not v.backwards
                      else "ngày cuối không chuyển khi là ngày nghỉ")  # fmt: skip
        if not v.backwards:
            leaves_out = v.excludes_suspension and v.unit is not Unit.HOUR
            habits.append("không tính thời gian tạm đình chỉ" if leaves_out else "thời gian tạm đình chỉ vẫn tính")
            if leaves_out and v.suspends_from:
                habits[-1] += f" (từ ngày {day(v.suspends_from)})"
    if v.alert:
        habits.append("là mốc cảnh báo, không phải thời hạn xử lý")
    if v.local:
        habits.append("quy định của tỉnh, tỉnh thay được trong tệp địa phương")
    if habits:
        lines.append(f"  - {'; '.join(habits).capitalize()}.")
    lines.append(f"  - Căn cứ: {v.basis}. Nguồn: **{MARKS[v.source.verified]}**{f', {v.source.where}' if v.source.where else ''}.")
    lines += [f"  - Chuyển tiếp ({t.basis}): {t.vi}" for t in v.transitions]
    if v.forms:
        lines.append(f"  - Mẫu: {'; '.join(v.forms)}.")
    if v.note:
        lines.append(f"  - Ghi chú khi soạn: {v.note}.".replace("..", "."))
    return "\n".join(lines)


def _examples(law: Law, rule: Rule, rows: Sequence[Example]) -> list[str]:
    """The rule's worked examples: the law's sentence, the dates, and the derivation that the program gives."""
    out = []
    for e in rows:
        which = [variant(e.variant, rule.version_on(e.start))] if e.variant else []
        which += [f"tạm đình chỉ từ {day(p.start)} đến hết {day(p.end - timedelta(days=1)) if p.end else '…'}" for p in e.pauses]
        which += [f"gia hạn {e.extended} lần"] if e.extended else []
        out += [f"\n“{e.sentence}” ({e.basis})\n", f"Từ ngày {', '.join([day(e.start), *which])}: hạn **{day(e.due)}**"
                + (f" ({e.note})." if e.note else ".") + "\n"]  # fmt: skip
        out += [f"{number}. {step.vi}" for number, step in enumerate(e.compute(law).steps(), 1)]
    return out


def _rule(law: Law, rule: Rule, rows: Sequence[Example]) -> str:
    lines = [f"## `{rule.id}` {rule.title}", "", f"*{rule.title_en}.* Tính từ: *{rule.starts_at}*.", ""]
    lines += [_version(rule, v) for v in rule.versions]
    examples = _examples(law, rule, rows)
    if examples:
        lines += ["", "<details><summary>Ca tính mẫu, chạy trong kiểm thử</summary>", *examples, "", "</details>"]
    return "\n".join(lines)


def _group(law: Law, name: str, rules: Sequence[Rule], rows: Sequence[Example]) -> str:
    head = [f"# {name}: {GROUPS[name][0]}", "",
            "Bản có hiệu lực vào ngày đồng hồ bắt đầu được áp dụng và ghi vào sự kiện. Dữ liệu ở "
            "`src/trongdan/law/`; thử một ngày: `trongdan law due MÃ --from NĂM-THÁNG-NGÀY`. [Mục lục](README.md)"]  # fmt: skip
    parts = [_rule(law, rule, [e for e in rows if e.rule == rule.id]) for rule in rules]
    families = {f.id: f for f in law.families.values() if group(f.id) == name}
    if families:
        asked = [(f"`{f.id}`", f.title, "; ".join(f"{v.id}: {value_words(v)}" for v in f.versions)) for f in families.values()]
        also = [f"`{i}` là tên khác của `{f.id}`" for i, f in law.families.items() if i != f.id and group(i) == name]
        words = f" ({'; '.join(also)})" if also else ""
        parts += ["## Hỏi gộp", f"Một mã cho nhiều quy định trên; khi hỏi thì nêu trường hợp{words}.",
                  table(("Mã", "Việc", "Thời hạn"), asked)]  # fmt: skip
        parts += ["\n".join(lines) for f in families.values() if (lines := _examples(law, f, [e for e in rows if e.rule == f.id]))]
    return "\n\n".join(["\n".join(head), *parts])


def _index(law: Law, groups: dict[str, list[Rule]]) -> str:
    versions = [v for r in law.rules.values() for v in r.versions]
    marks = Counter(v.source.verified for v in versions)
    rows = []
    for name, rules in groups.items():
        mine = Counter(v.source.verified for r in rules for v in r.versions)
        rows.append((f"[{name}]({name.lower()}.md)", GROUPS[name][0], len(rules), sum(mine.values()), mine["primary"],
                     mine["secondary"], mine["unread"]))  # fmt: skip
    rows.append(("Cộng", "", len(law.rules), len(versions), marks["primary"], marks["secondary"], marks["unread"]))
    doubtful = [(f"[`{v.id}`]({group(r.id).lower()}.md)", r.title, v.basis) for r in law.rules.values() for v in r.versions
                if v.source.verified == "unread"]  # fmt: skip
    limits = [(f"[`{r.id}`]({group(r.id).lower()}.md)", r.title, value_words(r.versions[-1]), r.versions[-1].basis)
              for rules in groups.values() for r in rules]  # fmt: skip
    return "\n".join([
        "# Thời hạn theo luật", "",
        "Mỗi con số là dữ liệu có căn cứ và nói rõ đã đọc ở đâu. Con số chưa đọc thấy trong văn bản nào mang chữ "
        f"**{UNREAD}** ở mọi nơi nó hiện ra. Ngày nghỉ, làm bù: [lịch](lich.md). Ngoài thời hạn: [thẩm quyền](competence.md), "
        "[điều kiện xử lý, thụ lý](admissibility.md), [thời hạn lưu hồ sơ](luu-tru.md).", "",
        "Cách đếm chung (Bộ luật Dân sự 2015 Đ147–148): không tính ngày đầu; ngày cuối là ngày nghỉ thì chuyển sang ngày làm "
        "việc tiếp theo; “ngày” là ngày theo lịch, “ngày làm việc” bỏ ngày nghỉ.", "",
        table(("Nhóm", "Về việc", "Quy định", "Bản", "Đọc văn bản gốc", "Nguồn thứ cấp", UNREAD.capitalize()), rows), "",
        f"## {UNREAD.capitalize()} ({len(doubtful)})", "", table(("Bản", "Việc", "Căn cứ được cho là"), doubtful), "",
        "## Tất cả, theo bản mới nhất", "", table(("Mã", "Việc", "Thời hạn", "Căn cứ"), limits),
    ])  # fmt: skip


def _year(year: int, notes: Sequence[DayNote]) -> list[str]:
    rows = [(day(n.day), WEEKDAYS_VI[n.day.weekday()], DAY_KINDS[n.kind], n.name, n.source, "có" if n.verified else UNREAD)
            for n in sorted(notes, key=lambda n: n.day)]  # fmt: skip
    return ["", f"## {year}", "", table(("Ngày", "Thứ", "Loại", "Tên", "Văn bản", "Đối chiếu"), rows)]


def _retention() -> str:
    rows = [(f"`{r.id}`", r.name, f"{r.years} năm, hết ngày 31/12", r.permanent_when or "–", r.basis, MARKS[r.verified])
            for r in retentions().values()]  # fmt: skip
    return "\n".join([
        "# Thời hạn lưu hồ sơ", "",
        "Tính tròn năm từ cuối năm hồ sơ kết thúc (NĐ 30/2020/NĐ-CP Đ29). Không có gì bị hủy chỉ vì bảng này: mỗi lần hủy phải có "
        "quyết định. [Mục lục](README.md)", "",
        table(("Mã", "Hồ sơ", "Lưu ít nhất", "Vĩnh viễn khi", "Căn cứ", "Nguồn"), rows),
    ])  # fmt: skip


def _calendars(root: Path, law: Law) -> str:
    lines = [
        "# Lịch ngày làm việc", "",
        "Thứ Bảy, Chủ nhật là ngày nghỉ; bảng dưới ghi những ngày khác với thứ của nó và văn bản làm nên điều đó. Năm chưa có "
        "lịch thì phép tính báo lỗi, không đoán. "
        f"Dấu của lịch đang dùng: `{law.calendar.version}` (ghi vào mỗi sự kiện có thời hạn). [Mục lục](README.md)",
    ]  # fmt: skip
    for file in sorted((root / "src" / "trongdan" / "law" / "calendars").glob("*.toml")):
        lines += _year(*load_year(file.read_text("utf-8"), file.name))
    return "\n".join(lines)


def pages(root: Path) -> dict[str, str]:
    law, rows = load_law(), examples()
    groups: dict[str, list[Rule]] = {}
    for rule in law.rules.values():
        groups.setdefault(group(rule.id), []).append(rule)
    out = {f"law/{name.lower()}.md": _group(law, name, rules, rows) for name, rules in groups.items()}
    more = {f"law/{name}": text for name, text in law_pages().items()}
    return out | more | {"law/README.md": _index(law, groups), "law/lich.md": _calendars(root, law),
                         "law/luu-tru.md": _retention()}  # fmt: skip
