"""The menu of the desk for the templates."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext

from trongdan.doors.desk.menu import AT_HAND, PARTS
from trongdan.doors.desk.who import Desk

register = template.Library()


@register.inclusion_tag("desk/_menu.html")
def desk_menu(desk: Desk, tab: str = "") -> dict[str, Any]:
    """Links: pages at hand, then the parts that hold something for this desk; where the reader is, is marked."""
    pages = [(page.url, gettext(page.name), page.tab == tab, desk.unread if page.url == "notices" else 0)
             for page in AT_HAND if page.shows(desk)]  # fmt: skip
    parts = [(p.id, gettext(p.name), tab == p.id or (bool(tab) and any(x.tab == tab for x in p.pages)))
             for p in PARTS if p.shown(desk)]  # fmt: skip
    return {"pages": pages, "parts": parts}


@register.filter
def said(words: str) -> str:
    """Words that are kept untranslated in a table, in the reader's language."""
    return gettext(words) if words else ""
