"""What a case page says of the vault, of questions to the sender, and of who is kept out. Never who the person is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from trongdan.core.agencies.selectors import names
from trongdan.core.cases.trail import Loaded, today
from trongdan.kernel import vault
from trongdan.kernel.authority import may
from trongdan.kernel.case import Actor
from trongdan.kernel.kind import EVERYTHING


@dataclass(frozen=True, slots=True)
class Vault:
    """What the actor may do with the vault of a case; how often it was opened."""

    may_open: bool
    may_ask: bool
    may_confirm: bool
    waiting: bool
    openings: int


def vault_of(loaded: Loaded, actor: Actor) -> Vault | None:
    """None when the case has none."""
    state, kind = loaded.state, loaded.kind
    if not state.vault or state.stub:
        return None
    waits = vault.waiting(state, today())
    alone = vault.may_open(kind, state, actor, today())
    emergency = may(state, actor, kind.vault.emergency)
    second = waits is not None and actor.person != waits["person"] and (emergency or may(state, actor, kind.vault.opens))
    openings = sum(e.tag == "vault:opened" for e in loaded.events)
    return Vault(alone, emergency and waits is None, second, waits is not None, openings)


def asked(loaded: Loaded, texts: Mapping[str, str]) -> list[dict[str, Any]]:
    """Questions and replies in their order, with their words."""
    return [{"by": a["by"], "on": a["on"], "day": date.fromisoformat(a["on"]), "words": texts.get(a["words"]["content"], "")}
            for a in loaded.state.asked]  # fmt: skip


def kept_out(loaded: Loaded) -> list[tuple[str, str]]:
    """(words, article) of each conflict that keeps somebody out of the whole case."""
    conflicts = {c.id: c for c in loaded.kind.conflicts}
    return [(conflicts[s.conflict].message, conflicts[s.conflict].basis or "") for s in loaded.state.shut_out.values()
            if EVERYTHING in s.out_of and s.conflict in conflicts]  # fmt: skip


def why_routed(loaded: Loaded, routed: Mapping[str, Any], to: str) -> str:
    """Why a case passed to another agency by itself."""
    known = names([str(routed["from"]), to])
    conflict = next((c for c in loaded.kind.conflicts if c.id == routed["why"]), None)
    words = _("Tự chuyển từ %(from)s đến %(to)s.") % {"from": known.get(routed["from"], routed["from"]), "to": known.get(to, to)}
    return f"{words} {conflict.message} ({conflict.basis})" if conflict else words
