"""The loader refuses what does not hold together, naming file, key and reason."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.kernel.test_decide import KIND
from trongdan.kernel.errors import KindError
from trongdan.kernel.kindfile import check_registry, load_kind


def load(text: str):
    return load_kind(tomllib.loads(text), "test.toml")


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (('holder = "assigned"', 'holder = "somebody"'), "steps.open.holder"),
        (('{ id = "waiting", name', '{ id = "lost", name = "x", plain = "x", holder = "head" },\n  { id = "waiting", name'),
         "steps.lost"),
        (('stops = ["t:kept"]', 'stops = ["t:never"]'), "clocks.do"),
        (('rule = "KN-03",', 'rule = "KN-03", days = 30,'), "clocks.do"),
        (('asks = ["done_how"]', 'asks = ["nothing"]'), "edges.keep"),
        (('event = "t:asked"', 'event = "clock:overdue"'), "edges.ask.event"),
        (('by = ["sender"]', 'by = ["king"]'), "edges.tell.by"),
        (('by = ["sender"]', 'by = ["@done_how/king"]'), "edges.tell.by"),
        (('"sign:head", "number:registry"', '"number:registry", "sign:head"'), "chains.proof"),
        (('paper = "proof"', 'paper = "other"'), "edges.keep.paper"),
        (('outcome = "kept"', 'outcome = "won"'), "edges.keep.outcome"),
        (('{ field = "done_how", message', '{ field = "done_how", at_most = "what", message'), "edges.keep.needs"),
        (('holder = "sender" },', 'holder = "sender", colour = "red" },'), "steps"),
    ],
)  # fmt: skip
def test_a_kind_that_does_not_hold_together_is_refused(change: tuple[str, str], key: str) -> None:
    assert change[0] in KIND
    with pytest.raises(KindError) as caught:
        load(KIND.replace(*change, 1))
    assert caught.value.file == "test.toml" and caught.value.key == key


def test_an_open_step_that_nobody_holds_is_refused() -> None:
    with pytest.raises(KindError, match="holder"):
        load(KIND.replace(', holder = "assigned" }', " }", 1))


@pytest.mark.parametrize("changed", [
    {"steps": ["nowhere"]}, {"minutes": "ask"}, {"minutes": "nothing"}, {"text": "nothing"}, {"by": ["king"]}, {"colour": "red"},
])  # fmt: skip
def test_a_record_of_talk_names_steps_that_are_there_and_an_edge_that_makes_its_minutes(changed: dict[str, object]) -> None:
    table = tomllib.loads(KIND)
    talk = {"steps": ["open"], "by": ["head"], "minutes": "keep", "text": "done_how", "answers": "done_how"}
    kept = load_kind({**table, "talk": talk}, "test.toml").talk
    assert kept is not None and (kept.minutes, kept.public) == ("keep", False)
    with pytest.raises(KindError, match="talk"):
        load_kind({**table, "talk": {**talk, **changed}}, "test.toml")


def test_together_kinds_need_known_rules_templates_distinct_tags_and_examples() -> None:
    kind = load(KIND)
    with pytest.raises(KindError, match="no rule 'KN-03'"):
        check_registry([kind], set(), {"proof"})
    with pytest.raises(KindError, match="no such paper template"):
        check_registry([kind], {"KN-03"}, set())
    with pytest.raises(KindError, match=re.escape("no example walks ['ask', 'keep', 'make', 'tell']")):
        check_registry([kind], {"KN-03"}, {"proof"})
    walked = load_kind(tomllib.loads(KIND), "a", examples=[{"walk": [{"do": e} for e in kind.edges]}])
    other = load_kind(tomllib.loads(KIND.replace("test.promise", "test.other")), "b", examples=walked.examples)
    with pytest.raises(KindError, match=r"already declared by test\.promise"):
        check_registry([walked, other], {"KN-03"}, {"proof"})
    assert set(check_registry([walked], {"KN-03"}, {"proof"})) == {"test.promise"}
