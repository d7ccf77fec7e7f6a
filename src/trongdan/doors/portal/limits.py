"""Thời hạn theo luật: anyone computes a deadline and reads how it comes about, with the articles.

For who waits for an answer: a few plain questions, a day, a case. For who checks it: every rule, its versions, where each
value was read, pauses and extensions. No script, no sign-in; the address holds the whole question, so it can be sent on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from trongdan.core.cases.trail import today
from trongdan.kernel.calendar import WEEKDAYS_EN, WEEKDAYS_VI
from trongdan.kernel.clock import Due, NoLimit, Pause, Rule, RuleVersion
from trongdan.kernel.errors import CalendarMissing, Refusal
from trongdan.law import Law, load_law
from trongdan.law.groups import GROUPS
from trongdan.law.periods import PER, duty_words, next_span, period_of
from trongdan.law.questions import questions

from .english import is_english, say, say_citation, say_steps
from .errors import Shown, shown
from .limits_form import Typed, read_day

USUAL = "KN-03"


@dataclass
class Asked:
    """What was asked, as far as it could be read, and what was wrong with it."""

    rule: Rule | None
    version: RuleVersion | None  # in force on the day
    form: RuleVersion | None  # the same, or the latest while the day is wrong: nothing chosen is lost
    day: date | None
    typed: Typed
    variant: str = ""
    given: bool = False  # a day was given; else the fields only propose today
    extended: int = 0
    pauses: tuple[Pause, ...] = ()
    errors: Shown = field(default_factory=list)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The form, and below it the day with its derivation. A wrong day or rule is told, with the form as it was."""
    law = load_law()
    asked = _asked(law, request.GET)
    form = asked.form
    context: dict[str, Any] = {
        "groups": _groups(law), "rule": request.GET.get("rule", USUAL), "typed": asked.typed, "variant": asked.variant,
        "choices": _choices(form), "usual": form is not None and form.value is not None,
        "pausing": form is not None and form.excludes_suspension and not form.backwards,
        "extensions": range(1, form.extension.times + 1) if form is not None and form.extension is not None else (),
        "extended": asked.extended, "questions": [(q.rule, q.en if is_english() else q.vi) for q in questions()],
        "starts_at": _starts_at(asked.rule), "heading": "",
    }  # fmt: skip
    if "rule" in request.GET:
        context |= {"heading": _heading(asked.rule), **_answer(law, asked)}
    context["errors"] = asked.errors
    return render(request, "portal/limits.html", context)


def _asked(law: Law, query: QueryDict) -> Asked:
    rule_id = query.get("rule", USUAL)
    typed, day, wrong = read_day(query, "", today())
    given = any(name in query for name in ("d", "m", "y", "from"))
    asked = Asked(None, None, None, day, typed, query.get("variant", ""), given)
    if wrong:
        asked.errors.append(("d", wrong, ""))
    try:
        asked.rule = law.rule(rule_id)
        asked.form = asked.rule.versions[-1]
        if day is not None:
            asked.form = asked.version = asked.rule.version_on(day)
    except Refusal as refusal:
        asked.errors += [("rule", words, citation) for _field, words, citation in shown(refusal)]
    if asked.form is not None:
        _details(asked, asked.form, query)
    return asked


def _details(asked: Asked, version: RuleVersion, query: QueryDict) -> None:
    """The case, extensions and pauses, where the rule knows them; what belongs to another rule is left out."""
    if asked.variant not in version.variants:
        asked.variant = ""
        if version.value is None and version.variants and "d" in query:
            asked.errors.append(("variant", _("Hãy chọn trường hợp, rồi bấm Tính."), ""))
    times = query.get("extended", "")
    if version.extension is not None and times.isdecimal():
        asked.extended = min(int(times[:2]), version.extension.times)
    if not version.excludes_suspension or version.backwards:
        return
    stop, since, wrong = read_day(query, "p", None)
    again, until, wrong_too = read_day(query, "r", None)
    asked.typed = Typed({**asked.typed.words, **stop.words, **again.words})
    if wrong or wrong_too:
        asked.errors.append(("pd" if wrong else "rd", wrong or wrong_too, ""))
    elif until is not None and since is None:
        asked.errors.append(("pd", _("Hãy ghi cả ngày bắt đầu tạm đình chỉ."), ""))
    elif since is not None:
        asked.pauses = (Pause(since, until),)


def _answer(law: Law, asked: Asked) -> dict[str, Any]:
    rule, version, day = asked.rule, asked.version, asked.day
    if rule is None or version is None or day is None or asked.errors:
        return {}
    numbered = version.unit.countable and version.no_limit is None
    if numbered and (not asked.given or (version.value is None and not asked.variant)):
        return {}
    try:
        if not version.unit.countable:
            return _about(rule, version) | _duty(law, rule, version, day)
        result = law.due(rule.id, day, asked.variant or None, asked.pauses, asked.extended)
    except Refusal as refusal:
        asked.errors += shown(refusal)
    except CalendarMissing as problem:
        asked.errors.append(("d", say(str(problem)), ""))
    else:
        return _about(rule, version) | _shown(law, result, asked)
    return {}


def _about(rule: Rule, version: RuleVersion) -> dict[str, Any]:
    """What the answer rests on, and every version of the rule for who checks it."""
    english = is_english()
    question = next((q for q in questions() if q.rule == rule.id), None)
    after = ((question.after_en if english else question.after) if question else "")
    return {
        "title": _title(rule), "basis": say_citation(version.basis), "read": version.source.verified, "local": version.local,
        "after": after, "after_basis": say_citation(question.basis) if question and after else "",
        "versions": [_version(v) for v in rule.versions], "note": "" if english else version.note,
        "forms": () if english else version.forms, "where": "" if english else version.source.where,
    }  # fmt: skip


def _version(v: RuleVersion) -> dict[str, Any]:
    cases = [(v.variant_words[name][1 if is_english() else 0], value) for name, value in v.variants.items()]
    return {"since": v.effective_from, "until": v.effective_to, "value": v.value, "unit": _unit(v), "cases": cases,
            "basis": say_citation(v.basis), "read": v.source.verified}  # fmt: skip


def _unit(v: RuleVersion) -> str:
    words = {"calendar_day": _("ngày"), "working_day": _("ngày làm việc"), "consecutive_day": _("ngày liên tục"),
             "month": _("tháng"), "hour": _("giờ"), "day_per_week_min": _("ngày mỗi tuần, ít nhất"),
             "day_per_month_min": _("ngày mỗi tháng, ít nhất"),
             "per_year_min": _("lần mỗi năm, ít nhất"), "calendar_day_before_and_after": _("ngày trước và sau")}  # fmt: skip
    return words.get(v.unit.value, v.unit.value)


def _shown(law: Law, result: Due | NoLimit, asked: Asked) -> dict[str, Any]:
    if isinstance(result, NoLimit):
        return {"result": result, "kind": "no_limit", "reason": say(result.reason)}
    days = WEEKDAYS_EN if is_english() else WEEKDAYS_VI
    version = result.asked.version
    case = version.variant_words.get(asked.variant)
    return {
        "result": result, "kind": "due" if result.due else "paused", "weekday": days[result.due.weekday()] if result.due else "",
        "steps": say_steps(result.steps()), "distance": _distance(law, result),
        "case": case[1 if is_english() else 0] if case else "",
        "days_left": result.days_left, "backwards": result.asked.backwards,
    }  # fmt: skip


def _distance(law: Law, result: Due) -> str:
    """How far the day is from today, in words."""
    if result.due is None:
        return ""
    left = (result.due - today()).days
    if left < 0:
        return _("Đã qua %(n)s ngày.") % {"n": -left}
    if left == 0:
        return _("Hôm nay là ngày cuối.")
    if not law.calendar.covers(result.due):
        return _("Còn %(n)s ngày.") % {"n": left}
    return _("Còn %(n)s ngày, trong đó %(w)s ngày làm việc.") % {"n": left, "w": law.calendar.count_working(today(), result.due)}


def _duty(law: Law, rule: Rule, version: RuleVersion, day: date) -> dict[str, Any]:
    """A duty of a period, or a span around a day: what it asks about the day given."""
    per = PER.get(version.unit)
    if per is None:
        first, last = next_span(rule, law.calendar, day)
    else:
        period = period_of(per, day)
        first, last = period.first, period.last
    return {"result": version, "kind": "duty" if per else "span", "reason": duty_words(version)[1 if is_english() else 0],
            "first": first, "last": last}  # fmt: skip


# --- the form -----------------------------------------------------------------------------------------------------------


def _title(rule: Rule) -> str:
    return rule.title_en or rule.title if is_english() else rule.title


def _heading(rule: Rule | None) -> str:
    """The question as people ask it, else the rule's own title."""
    if rule is None:
        return ""
    plain = next((q for q in questions() if q.rule == rule.id), None)
    return _title(rule) if plain is None else plain.en if is_english() else plain.vi


def _starts_at(rule: Rule | None) -> str:
    if rule is None:
        return ""
    return rule.starts_at_en or rule.starts_at if is_english() else rule.starts_at


def _groups(law: Law) -> list[tuple[str, list[tuple[str, str, date | None]]]]:
    """(group, [(rule id, title, its last day when it is no longer in force)]) for the list to choose from."""
    found: dict[str, list[tuple[str, str, date | None]]] = {}
    members: Mapping[str, Rule] = {**law.families, **law.rules}
    for rule in members.values():
        if rule.id == "DD-02":  # the family DD-01 under its other name
            continue
        found.setdefault(rule.id.partition("-")[0], []).append((rule.id, _title(rule), rule.versions[-1].effective_to))
    language = 1 if is_english() else 0
    return [(names[language], found[prefix]) for prefix, names in GROUPS.items() if prefix in found]


def _choices(version: RuleVersion | None) -> list[tuple[str, str]]:
    """The cases for which a version has a limit of its own, in words."""
    english = is_english()
    return [] if version is None else [(v, version.variant_words.get(v, (v, v))[1 if english else 0]) for v in version.variants]
