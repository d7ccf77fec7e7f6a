"""The admissibility checklist: what a letter needs to be handled, and when a complaint or denunciation is not accepted.

    from trongdan.law.admissibility import checklist

    for item in checklist("khieu_nai", on=date(2026, 7, 6)):
        item.id, item.group, item.question, item.basis, item.needs

The text pre-fills it (the classifier answers item ids with yes, no or unknown and a span); a person decides, by a signed
notice (domain 9). Pure: the data are `*.toml` beside this file.
"""

from __future__ import annotations

from .items import CASES, GROUPS, Finding, Item, checklist, judge

__all__ = ["CASES", "GROUPS", "Finding", "Item", "checklist", "judge"]
