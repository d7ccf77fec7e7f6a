"""The Vietnamese words that a sender reads and that are data elsewhere: labels of kinds, titles of papers, offices.

`tools/messages.py` gathers them into the catalogue, so that whoever adds a kind is told which words still lack English.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date

from trongdan.core.agencies.province import province
from trongdan.core.cases.registry import kinds, paper_forms
from trongdan.kernel.authority import ROLE_WORDS, role_words
from trongdan.kernel.kind import EdgeDef, Kind
from trongdan.kernel.lawbook import NO_CALENDAR
from trongdan.kinds.letters.reading import read
from trongdan.kinds.letters.tracking import EFFECT, HIDDEN, KERNEL_PLAIN
from trongdan.kinds.waiting.reference import rules as waiting
from trongdan.law import load_law

Label = tuple[str, str]  # (words, where they come from)


def labels() -> Iterator[Label]:
    """Every such label. Asks no database."""
    for kind in (k for k in kinds().values() if k.tracked):
        for words in of_kind(kind):
            yield words, f"kinds/{kind.id}"
    for id_, form in paper_forms().items():
        yield tomllib.loads(form.read_text("utf-8"))["title"], f"papers/{id_}"
    for table, where in ((ROLE_WORDS, "kernel/ROLE_WORDS"), (KERNEL_PLAIN, "letters/KERNEL_PLAIN")):
        for words in table.values():
            yield words, where
    yield from (("tỉnh Phú Thọ", "config/page_context"), ("ông/bà", "letters/holder_words"), (role_words("@"), "kernel/role_words"))
    yield from ((words, "letters/EFFECT") for words in EFFECT)
    bodies = province().bodies
    for name in [*(b["short"] for b in bodies["body"]), *(d["name"] for d in bodies["department"])]:
        yield name, "agencies/bodies"
    for words in read("Tôi khiếu nại.", date(2026, 7, 6)).missing:  # a letter that lacks all that can be lacking
        yield words, "letters/reading"
    yield NO_CALENDAR, "kernel/lawbook"
    yield from ((s.name, "waiting/services") for s in waiting().services.values())
    yield from ((words, "waiting/support") for words in waiting().support)
    for rule in load_law().rules.values():
        for version in rule.versions:
            if version.no_limit:
                yield version.no_limit, f"law/{rule.id}"


def of_kind(kind: Kind) -> Iterator[str]:
    """What the tracking page says of a case of this kind, and what its actions may answer a sender."""
    yield kind.name
    for step in kind.steps.values():
        yield step.name
        yield step.plain
        yield step.next
        yield from (words for _id, words in step.outcomes)
    for edge in kind.edges.values():
        if edge.event not in HIDDEN:
            yield edge.plain or edge.name
        if "sender" in edge.by:
            yield from _of_sender(kind, edge)
    yield from (clock.name for clock in kind.clocks.values() if clock.public)
    wanted = [kind.fields[c.when] for c in kind.clocks.values() if c.public and c.when and c.when in kind.fields]
    yield from (definition.help or definition.name for definition in wanted)
    yield from (str(step["text"]) for step in kind.next_lawful)
    yield from (form.text for form in kind.person_forms)
    yield from kind.factors.values()


def _of_sender(kind: Kind, edge: EdgeDef) -> Iterator[str]:
    """The action's button, the fields it may find lacking, and its refusals."""
    yield edge.name
    yield from (kind.fields[field].name for field in edge.asks)
    yield from (guard.message for guard in edge.needs)
