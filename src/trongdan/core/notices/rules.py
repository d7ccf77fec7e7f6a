"""Which events give notice to whom: one declared table, read from the top, the first row that fits wins for each side.

Tags are matched by pattern, so that a kind is told of without being named here: what happened is the last part of a
tag ("letter:supplement:asked"). A row may also ask for a key of the payload: `final` (the case came to its end) or
`agency` (it went to another agency).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

APP, EMAIL, SMS = "app", "email", "sms"
OUTSIDE = (EMAIL, SMS)
PERSON, POST = "person", "post"
ALERTED = "alerted"  # the posts that the event itself names
LENT_HEAD = "lent_head"  # the head of the agency that has a step in hand for another (decision 0058)


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: who (`to`) hears of which events, by which words and channels. Without words nobody does.

    `posts` names who of the office is told: "assigned", "holder" (in hand now), `LENT_HEAD` or a role of the agency. `unless` and
    `given` are keys of the payload that must be absent (or false) or present. A `fresh` row is only for what
    happened lately: letters recorded weeks later, or brought over from another system, send nobody a message.
    """

    to: str
    tags: tuple[str, ...]
    words: str | None
    channels: tuple[str, ...] = (APP,)
    posts: tuple[str, ...] = ()
    given: str | None = None
    unless: str | None = None
    fresh: bool = False

    def fits(self, tag: str, payload: Mapping[str, Any]) -> bool:
        if self.given is not None and not payload.get(self.given):
            return False
        if self.unless is not None and payload.get(self.unless):
            return False
        return _fits(tag, self.tags)


@lru_cache(maxsize=4096)
def _fits(tag: str, patterns: tuple[str, ...]) -> bool:
    """Tags are few: a batch asks the same of each again and again."""
    return any(fnmatchcase(tag, pattern) for pattern in patterns)


RULES: tuple[Rule, ...] = (
    # --- the person served ---
    Rule(PERSON, ("*:receipt:recorded",), "received", OUTSIDE, fresh=True),
    Rule(PERSON, ("*",), None, given="origin_on"),  # a matter opened from it: its steps will tell
    Rule(PERSON, ("*:withdrawal:*", "*:supplement:given", "*:signature:given", "*:reopening:*"), None),  # theirs
    Rule(PERSON, ("*:supplement:asked", "*:signature:asked"), "needs_you", (APP, *OUTSIDE)),
    Rule(PERSON, ("paper:sent",), "new_paper", (APP, *OUTSIDE)),
    Rule(PERSON, ("*",), None, given="paper"),  # done by a paper: told when the paper is sent
    Rule(PERSON, ("*",), "news", (APP, *OUTSIDE), given="step"),
    Rule(PERSON, ("case:asked",), "question", (APP, *OUTSIDE)),
    Rule(PERSON, ("clock:overdue", "clock:recomputed", "vault:opened"), "news", (APP,)),
    # --- the office ---
    Rule(POST, ("vault:opened", "vault:asked"), "post_vault", posts=(ALERTED,)),  # who watches over the vault (domain 19)
    Rule(POST, ("case:replied",), "post_sender_acted", posts=("holder", "assigned")),
    Rule(POST, ("case:assigned",), "post_assigned", posts=("assigned",)),
    Rule(POST, ("paper:returned",), "post_returned", posts=("assigned",)),
    Rule(POST, ("clock:warned",), "post_warned", posts=("holder", "assigned", LENT_HEAD)),
    Rule(POST, ("clock:overdue",), "post_overdue", posts=("holder", "assigned", "head", LENT_HEAD)),
    Rule(POST, ("*:supplement:given", "*:signature:given", "*:withdrawal:*", "*:reopening:*"), "post_sender_acted",
         posts=("holder", "assigned")),
    Rule(POST, ("*",), "post_new", posts=("head",), given="parent"),
    Rule(POST, ("*",), "post_new", posts=("holder",), given="agency", unless="origin_on"),
)  # fmt: skip


def rules_for(tag: str, payload: Mapping[str, Any]) -> Iterator[Rule]:
    """The row for the person and the one for the office that an event meets, if they have words."""
    for side in (PERSON, POST):
        rule = next((r for r in RULES if r.to == side and r.fits(tag, payload)), None)
        if rule is not None and rule.words is not None:
            yield rule


def posts_told(rule: Rule, agency: str, holder: str | None, assigned: str | None, lent: str | None = None) -> list[str]:
    """The posts of a row for a case as it stands: ids where a post is named, else "agency/role", each once."""
    told: list[str] = []
    for who in rule.posts:
        role = holder if who == "holder" else who
        if role in (None, "none", "sender", "verifier", "system") or (role == LENT_HEAD and lent is None):
            continue
        if role == "assigned":
            post = assigned or f"{agency}/head"
        else:
            post = f"{lent}/head" if role == LENT_HEAD else f"{agency}/{role}"
        if post not in told:
            told.append(post)
    return told
