"""Who is told of which events, and in which words."""

from __future__ import annotations

from typing import Any

import pytest

from trongdan.core.cases.registry import kinds
from trongdan.core.notices.rules import APP, PERSON, POST, RULES, posts_told, rules_for
from trongdan.core.notices.tell import APPOINTMENTS
from trongdan.core.notices.words import WORDS, letter, line, message
from trongdan.kernel.kind import KERNEL_TAGS


def told(tag: str, **payload: Any) -> dict[str, str | None]:
    return {rule.to: rule.words for rule in rules_for(tag, payload)}


@pytest.mark.parametrize(("tag", "payload", "expected"), [
    ("letter:receipt:recorded", {"origin_on": "2026-07-20", "step": "received"}, {PERSON: "received"}),
    ("petition:opening:recorded", {"origin_on": "2026-07-20", "parent": "x", "step": "opened"}, {POST: "post_new"}),
    ("letter:supplement:asked", {"step": "supplementing"}, {PERSON: "needs_you"}),
    ("letter:supplement:given", {"step": "received"}, {POST: "post_sender_acted"}),
    ("complaint:signature:asked", {"step": "unsigned"}, {PERSON: "needs_you"}),
    ("complaint:decision:issued", {"step": "decided", "paper": "p"}, {}),
    ("paper:sent", {"paper": "p"}, {PERSON: "new_paper"}),
    ("paper:signed", {"paper": "p"}, {}),
    ("paper:returned", {"paper": "p"}, {POST: "post_returned"}),
    ("petition:acceptance:given", {"step": "working"}, {PERSON: "news"}),
    ("petition:transfer:made", {"step": "opened", "agency": "so-xd"}, {PERSON: "news", POST: "post_new"}),
    ("petition:reopening:asked", {"step": "working"}, {POST: "post_sender_acted"}),
    ("letter:withdrawal:recorded", {"step": "withdrawn", "final": True}, {POST: "post_sender_acted"}),
    ("case:assigned", {"assigned": "c05089/officer/1"}, {POST: "post_assigned"}),
    ("clock:warned", {}, {POST: "post_warned"}),
    ("clock:overdue", {}, {PERSON: "news", POST: "post_overdue"}),
    ("case:noted", {}, {}), ("case:assessed", {}, {}), ("case:access:opened", {}, {}), ("case:secret:flagged", {}, {}),
])  # fmt: skip
def test_each_event_tells_those_it_concerns(tag: str, payload: dict[str, Any], expected: dict[str, str]) -> None:
    assert told(tag, **payload) == expected


def test_the_rows_name_only_words_that_exist_and_every_words_are_used() -> None:
    assert {rule.words for rule in RULES if rule.words} | set(APPOINTMENTS) == set(WORDS)


def test_officials_are_told_in_the_application_only() -> None:
    for rule in RULES:
        assert rule.to == PERSON or (rule.channels == (APP,) and rule.posts)


def test_every_event_of_every_kind_is_either_told_or_silent_but_never_an_error() -> None:
    tags = set(KERNEL_TAGS) | {tag for kind in kinds().values() for tag in kind.tags}
    assert len(tags) > 40
    for tag in tags:
        for payload in ({}, {"step": "x"}, {"step": "x", "final": True}, {"origin_on": "d", "parent": "x"}):
            assert all(words in WORDS for words in told(tag, **payload).values())


def test_posts_are_named_once_and_only_where_somebody_of_the_office_holds() -> None:
    rule = next(r for r in RULES if r.words == "post_overdue")
    assert posts_told(rule, "c05089", "assigned", "c05089/officer/1") == ["c05089/officer/1", "c05089/head"]
    assert posts_told(rule, "c05089", "assigned", None) == ["c05089/head"]
    assert posts_told(rule, "c05089", "registry", None) == ["c05089/registry", "c05089/head"]
    assert posts_told(rule, "c05089", "sender", "c05089/officer/1") == ["c05089/officer/1", "c05089/head"]
    assert posts_told(rule, "c05089", None, None) == ["c05089/head"]


@pytest.mark.parametrize("template", WORDS)
def test_words_say_the_reference_and_nothing_of_the_matter(template: str) -> None:
    said = message(template, "7K3-9QX-M4P")
    assert "7K3-9QX-M4P" in said
    assert len(said) <= 70  # one text message in Vietnamese letters
    subject, body = letter(template, "7K3-9QX-M4P")
    assert subject == said
    for told_too_much in ("khiếu nại", "tố cáo", "kiến nghị", "token", "/theo-doi/", "?t=", "{", "}"):
        assert told_too_much not in (said + body).lower()


def test_pages_words_follow_the_page_and_messages_stay_vietnamese() -> None:
    from django.utils import translation

    with translation.override("en"):
        assert message("news", "7K3-9QX-M4P") == "Mã 7K3-9QX-M4P có thông tin mới."
        assert "7K3-9QX-M4P" in line("news", "7K3-9QX-M4P")


