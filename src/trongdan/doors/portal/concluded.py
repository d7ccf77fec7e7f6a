"""What was concluded and what became of it, for everybody: points of public meetings, and the figures that decisions disclosed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from trongdan.core.agencies.selectors import names, post_titles
from trongdan.core.cases.scope import INTAKE, scope
from trongdan.core.cases.trail import today
from trongdan.kinds.reception import disclosure

from .english import say

POINT_WORDS = {
    "kept": gettext_noop("đúng cam kết"), "moved": gettext_noop("đúng ngày đã lùi"), "late": gettext_noop("xong muộn"),
    "broken": gettext_noop("quá ngày cam kết, chưa xong"), "running": gettext_noop("đang trong hạn"),
    "other": gettext_noop("không phải thực hiện"),
}  # fmt: skip
STAGES = {"council": gettext_noop("Hội đồng nhân dân, Mặt trận"), "public": gettext_noop("Mọi người"),
          "inside": gettext_noop("Thôi công khai")}  # fmt: skip
TOTAL = gettext_noop("Tất cả")
HEADS = (gettext_noop("Đúng cam kết"), gettext_noop("Đúng ngày đã lùi"), gettext_noop("Xong muộn"),
         gettext_noop("Quá ngày, chưa xong"), gettext_noop("Đang trong hạn"), gettext_noop("Trong đó đã lùi ngày"))  # fmt: skip


def released_words(found: disclosure.Released, agencies: dict[str, str], titles: dict[str, str]) -> dict[str, Any]:
    """A disclosure for a table: each line with its words and counts, "fewer than five" where they may not be shown."""
    few = _("dưới 5")
    lines = []
    for line in found.lines:
        whole = line.post == "*"
        who = _("Cả cơ quan, số làm tròn xuống") if whole else titles.get(line.post or "", _("chưa giao ai, người đứng đầu giữ"))
        parts = [few if (n := getattr(line, c)) is None else str(n) for c in disclosure.COUNTS]
        counts = [_("ít nhất %(n)s") % {"n": line.total}, *parts]
        lines.append({"agency": say(agencies.get(line.agency, line.agency)) if whole else "", "who": who, "counts": counts,
                      "vi": line.post in titles, "told": list(zip((_(h) for h in (TOTAL, *HEADS)), counts, strict=True)),
                      "account": found.accounts.get(line.agency, "") if whole else ""})  # fmt: skip
    return {"of": found, "agency": say(agencies.get(found.agency, found.agency)), "stage": _(STAGES[found.stage]), "lines": lines}


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The points one by one, the newest first, then the figures. In the scope of nobody: what is open to everybody, no more."""
    with scope(INTAKE):
        points, out = disclosure.concluded(), disclosure.released()
    lines = [line for r in out for line in r.lines]
    agencies = names([*(p.agency for p in points), *(r.agency for r in out), *(x.agency for x in lines)])
    titles, now = post_titles([x.post or "" for x in lines]), today()
    context = {
        "released": [released_words(r, agencies, titles) for r in out],
        "points": [{"p": p, "agency": say(agencies.get(p.agency, p.agency)), "verdict": p.verdict(now),
                    "words": _(POINT_WORDS[p.verdict(now)])} for p in points],
    }  # fmt: skip
    return render(request, "portal/concluded.html", context)
