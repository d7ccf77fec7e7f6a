"""What a tap may reopen and what it may not (domain 2); what is counted, and what may ever be made public (domain 23)."""

from __future__ import annotations

import dataclasses

import pytest

from trongdan.core.cases.registry import kind_tables, kinds
from trongdan.kernel.errors import KindError
from trongdan.kernel.kindfile import load_kind

SETTLED = [k for k in kinds().values() if k.id.startswith(("letters.complaint", "letters.denunciation"))]


@pytest.mark.parametrize("kind", SETTLED, ids=[k.id for k in SETTLED])
def test_a_settled_complaint_or_denunciation_is_not_reopened_by_its_sender(kind) -> None:
    settled = {s.id for s in kind.steps.values() if s.final} | {"decided", "concluded"} & set(kind.steps)
    back = [e.id for e in kind.edges.values() if set(e.from_) & settled and "sender" in e.by
            and e.to != "stay" and not kind.steps[e.to].final]  # fmt: skip
    assert back == []
    assert "reopen" not in kind.edges


@pytest.mark.parametrize("kind", SETTLED, ids=[k.id for k in SETTLED])
def test_after_its_decision_the_page_has_a_next_lawful_step_with_an_article(kind) -> None:
    assessable = {s.id for s in kind.steps.values() if s.assessable}
    shown = {step for n in kind.next_lawful for step in n["steps"]}
    last = kind.id in ("letters.denunciation.again", "letters.denunciation.remedy")  # the law has no rung above (Luật Tố cáo Đ37)
    assert shown & assessable or "denounce_again" in kind.edges or last or not assessable
    assert all(n["basis"] for n in kind.next_lawful)


def test_a_petition_is_reopened_by_its_sender_and_then_nothing_counts_as_done_any_more() -> None:
    reopen = kinds()["letters.petition"].edges["reopen"]
    assert ("sender" in reopen.by, reopen.to) == (True, "working")
    assert reopen.sets["done_what"] == ""
    assert kinds()["letters.petition"].counts["reopened"] == (reopen.event,)


def test_a_kind_in_the_vault_counts_nothing_and_makes_nothing_public() -> None:
    hidden = [k for k in kinds().values() if k.vault.always]
    assert hidden
    assert all(not k.counts and not [f for f in k.fields.values() if f.redacts] for k in hidden)
    assert not [e.event for k in hidden for e in k.edges.values() if ":publication:" in e.event]


@pytest.mark.parametrize(("change", "key"), [
    ({"counts": {"loved": ["petition:answer:issued"]}}, "counts.loved"),
    ({"counts": {"acted": ["petition:nothing:there"]}}, "counts.acted"),
    ({"vault": {"always": True, "opens": ["head"]}}, "fields.public_text.redacts"),
])  # fmt: skip
def test_the_loader_refuses_what_is_counted_or_shown_wrongly(change, key) -> None:
    table = next(t for _room, _file, t in kind_tables() if t["id"] == "letters.petition")
    with pytest.raises(KindError) as refused:
        load_kind({**table, **change}, "petition.toml")
    assert key in str(refused.value)


def test_each_stage_of_publication_needs_the_stage_before_and_a_decision_with_number_and_date() -> None:
    edges = kinds()["letters.petition"].edges
    for name in ("publish_inside", "publish_council", "publish_public"):
        asked = {g.path for g in edges[name].needs}
        assert {"public_decision_no", "public_decision_on"} <= asked, name
    assert "public_checked" in {g.path for g in edges["publish_inside"].needs}
    before = {n: next(g.argument for g in edges[n].needs if g.path == "public_stage") for n in ("publish_council", "publish_public")}
    assert before == {"publish_council": ["inside"], "publish_public": ["council"]}
    assert dataclasses.is_dataclass(edges["publish_public"])
