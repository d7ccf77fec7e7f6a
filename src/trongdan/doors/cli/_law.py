"""What `trongdan law …` shows: answers as rows, for people and for machines. No database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from trongdan.kernel.clock import Due, Pause, Rule, RuleVersion, local_day
from trongdan.kernel.errors import Refusal
from trongdan.law import Law
from trongdan.law.competence import About, Competence, Question
from trongdan.law.periods import PER, duty_words, next_span, period_of

Row = dict[str, Any]


def answer(law: Law, rule: str, start: date | datetime, variant: str | None = None, pauses: Sequence[Pause] = (),
           extended: int = 0) -> Row:  # fmt: skip
    """{rule, version_from, due, basis, verified, steps} and what else is known of a deadline.

    A rule without a number and a duty per period have `due` None and a `reason`. Raises Refusal, CalendarMissing."""
    try:
        result = law.due(rule, start, variant, pauses, extended)
    except Refusal as refusal:
        if refusal.code != "law.not_a_deadline":
            raise
        return _periodic(law, rule, local_day(start))
    if not isinstance(result, Due):
        return {"rule": rule, "version": result.version, "version_from": _iso(result.version_from), "due": None,
                "basis": result.basis, "verified": result.verified, "reason": result.reason, "steps": []}  # fmt: skip
    version, at = result.asked.version, result.due_at
    return {
        "rule": rule, "version": result.version, "version_from": _iso(result.version_from), "due": _iso(result.due),
        "due_at": at.isoformat(timespec="minutes") if at else None, "caution_due": _iso(result.caution_due),
        "days_left": result.days_left, "basis": result.basis,
        "verified": result.verified, "local": result.local, "forms": list(version.forms), "note": version.note,
        "calendar": result.calendar_version,
        "steps": [{"day": _iso(s.day), "vi": s.vi, "en": s.en} for s in result.steps()],
    }  # fmt: skip


def _periodic(law: Law, rule: str, day: date) -> Row:
    """A duty per period, or a span around a day: what it asks in the period that holds the day, instead of a last day."""
    found = law.rule(rule)
    version = found.version_on(day)
    per = PER.get(version.unit)
    row: Row = {"rule": rule, "version": version.id, "version_from": _iso(version.effective_from), "due": None,
           "basis": version.basis, "verified": version.source.verified, "reason": duty_words(version)[0], "per": per,
           "at_least": version.value if per else None, "steps": []}  # fmt: skip
    if per:
        period = period_of(per, day)
        return row | {"period": [_iso(period.first), _iso(period.last)]}
    first, last = next_span(found, law.calendar, day)
    return row | {"reason": f"{row['reason']} Đợt này hoặc sắp tới: {first:%d/%m/%Y}–{last:%d/%m/%Y}.",
                  "span": [_iso(first), _iso(last)]}  # fmt: skip


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def rule_row(rule: Rule, v: RuleVersion) -> Row:
    """One version of a rule with all that a reader needs to check it."""
    return {
        "rule": rule.id, "version": v.id, "title": rule.title, "title_en": rule.title_en,
        "starts_at": rule.starts_at, "starts_at_en": rule.starts_at_en,
        "value": v.value, "unit": v.unit.value, "variants": dict(v.variants), "backwards": v.backwards,
        "from": _iso(v.effective_from), "to": _iso(v.effective_to), "basis": v.basis,
        "verified": v.source.verified, "where": v.source.where, "local": v.local, "alert": v.alert,
        "caution": {"value": v.caution.value, "unit": v.caution.unit.value, "basis": v.caution.basis} if v.caution else None,
        "extension": {"value": v.extension.value, "times": v.extension.times, "by": v.extension.by,
                      "basis": v.extension.basis} if v.extension else None,
        "no_limit": v.no_limit, "forms": list(v.forms), "transitions": [t.basis for t in v.transitions], "note": v.note,
    }  # fmt: skip


def rules_rows(law: Law, on: date | None) -> Iterator[tuple[Rule, RuleVersion]]:
    for rule in law.rules.values():
        for version in rule.versions:
            if on is None or version.in_force(on):
                yield rule, version


def competence_row(asked: Question, found: Competence) -> Row:
    """Who settles and what is done, with how the words were understood."""
    def body(who: About | None) -> Row | None:
        return {"level": who.level, "kind": who.kind, "post": who.post} if who is not None else None

    route = found.route
    return {
        "nature": found.nature, "about": body(asked.about), "at": body(asked.at), "on": asked.on.isoformat(),
        "settler": found.settler, "body": body(found.body), "does": found.does, "does_words": found.does_words,
        "paper": found.paper, "clock": found.clock, "basis": found.basis, "verified": found.verified, "why": list(found.why),
        "route": {"id": route.id, "name": route.name, "where": route.where, "basis": route.basis,
                  "verified": route.verified} if route else None,
        "pakn": found.pakn, "choices": list(found.choices), "shut_out": list(found.shut_out),
    }  # fmt: skip


UNIT_WORDS = {
    "calendar_day": "ngày", "working_day": "ngày làm việc", "consecutive_day": "ngày liên tục", "month": "tháng",
    "hour": "giờ", "day_per_week_min": "ngày mỗi tuần, ít nhất", "day_per_month_min": "ngày mỗi tháng, ít nhất",
    "per_year_min": "lần mỗi năm, ít nhất", "calendar_day_before_and_after": "ngày trước và sau", "times": "lần",
}  # fmt: skip


def limit_words(v: RuleVersion) -> str:
    """A limit in a few Vietnamese words: "30 ngày (vụ việc phức tạp 45)"."""
    if v.no_limit is not None:
        return "không quy định số"
    cases = "; ".join(f"{v.variant_words[name][0]} {value}" for name, value in v.variants.items())
    return f"{v.value} {UNIT_WORDS[v.unit.value]}" + (f" ({cases})" if cases else "")
