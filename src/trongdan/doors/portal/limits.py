"""Thời hạn theo luật: anyone computes a deadline and reads how it comes about, with the articles."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from trongdan.core.cases.trail import today
from trongdan.kernel.clock import Due, NoLimit, Rule
from trongdan.kernel.errors import CalendarMissing, Refusal
from trongdan.law import load_law
from trongdan.law.groups import GROUPS

from .english import is_english, say, say_citation, say_steps
from .errors import Shown, shown

USUAL = "KN-03"


def _title(rule: Rule) -> str:
    return rule.title_en or rule.title if is_english() else rule.title


def _groups(rules: list[Rule]) -> list[tuple[str, list[tuple[str, str]]]]:
    """(group, [(rule id, title)]) for the list to choose from."""
    found: dict[str, list[tuple[str, str]]] = {}
    for rule in rules:
        found.setdefault(rule.id.partition("-")[0], []).append((rule.id, _title(rule)))
    language = 1 if is_english() else 0
    return [(names[language], found[prefix]) for prefix, names in GROUPS.items() if prefix in found]


def _variants(rule: Rule | None, day: date | None) -> list[tuple[str, str]]:
    """The cases for which a rule has a limit of its own on a day, in words."""
    if rule is None or day is None:
        return []
    version = next((v for v in reversed(rule.versions) if v.in_force(day)), None)
    if version is None:
        return []
    english = is_english()
    return [(v, version.variant_words.get(v, (v, v))[1 if english else 0]) for v in version.variants]


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The form, and below it the day with its derivation. A wrong day or rule is told, with the form as it was."""
    law = load_law()
    rule_id = request.GET.get("rule", USUAL)
    start, variant = request.GET.get("from") or today().isoformat(), request.GET.get("variant", "")
    errors: Shown = []
    result: Due | NoLimit | None = None
    day: date | None = None
    try:
        day = date.fromisoformat(start)
    except ValueError:
        errors = [("from", _("Ngày chưa đúng. Hãy chọn lại ngày."), "")]
    rule = law.rules.get(rule_id) or law.families.get(rule_id)
    choices = _variants(rule, day)
    if day is not None:
        wanted = variant if variant in dict(choices) else None
        try:
            result = law.due(rule_id, day, wanted)
        except Refusal as refusal:
            errors = shown(refusal)
        except CalendarMissing as problem:
            errors = [("from", say(str(problem)), "")]
    countable = [r for r in (*law.rules.values(), *law.families.values()) if r.versions[-1].unit.countable]
    context: dict[str, Any] = {"groups": _groups(countable), "rule": rule_id, "start": start, "variant": variant,
                               "choices": choices, "errors": errors, "result": result}  # fmt: skip
    if result is not None and rule is not None:
        version = rule.version_on(day) if day else rule.versions[-1]
        context |= {"title": _title(rule), "reason": say(getattr(result, "reason", "")), "read": version.source.verified,
                    "starts_at": (rule.starts_at_en or rule.starts_at) if is_english() else rule.starts_at,
                    "basis": say_citation(version.basis),
                    "steps": say_steps(result.steps()) if isinstance(result, Due) else ()}  # fmt: skip
    return render(request, "portal/limits.html", context)
