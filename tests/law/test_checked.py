"""What was not read in a primary text is listed, all of it, so that nobody stakes a name on it unawares."""

from __future__ import annotations

from trongdan.law import load_law
from trongdan.law.admissibility.items import items
from trongdan.law.checked import unchecked
from trongdan.law.competence.tables import acts, bodies, fields, routes
from trongdan.law.pages import pages

LAW = load_law()


def test_every_value_not_read_in_a_primary_text_is_listed_once_with_what_it_says() -> None:
    rows = list(unchecked(LAW))
    doubtful = [v.id for r in LAW.rules.values() for v in r.versions if v.source.verified != "primary"]
    assert sorted(r.id for r in rows if r.kind == "deadline") == sorted(doubtful)
    assert sum(r.kind == "competence" for r in rows) == sum(s.verified != "primary" for b in bodies().values() for s in b.steps)
    assert sum(r.kind == "act" for r in rows) == sum(a.verified != "primary" for v in acts().values() for a in v)
    assert sum(r.kind == "route" for r in rows) == sum(r.verified != "primary" for r in routes())
    assert {r.id for r in rows if r.kind == "admissibility"} == {i.id for i in items() if i.verified != "primary"}
    assert fields()[1] == "primary" or any(r.kind == "field" for r in rows)
    assert all(r.says for r in rows)


def test_what_was_read_nowhere_comes_first() -> None:
    marks = [r.verified for r in unchecked(LAW) if r.kind == "deadline"]
    assert marks == sorted(marks, key=lambda m: m != "unread")


def test_days_without_a_decision_that_was_seen_are_listed_as_days() -> None:
    days = {r.id for r in unchecked(LAW) if r.kind == "day"}
    assert "2026-11-24" in days
    assert "2026-09-02" not in days


def test_the_pages_of_competence_and_admissibility_show_each_row_with_its_article() -> None:
    made = pages()
    for body in bodies().values():
        for step in body.steps:
            assert step.head in made["competence.md"]
            assert step.first.replace("|", "\\|") in made["competence.md"]
    assert all(a.id in made["competence.md"] for v in acts().values() for a in v)
    assert all(i.basis in made["admissibility.md"] for i in items())
