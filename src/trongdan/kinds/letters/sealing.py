"""A sender asks, later, to be kept secret: the letter and each matter of it go into the vault, and the files that came along."""

from __future__ import annotations

from uuid import UUID

from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import Scope, scope
from trongdan.core.cases.trail import load
from trongdan.core.papers.files import seal_files
from trongdan.kernel.case import Actor, Command
from trongdan.kernel.errors import Refusal

SENDER = Actor(is_sender=True, door="portal")


def seal(letter: UUID) -> None:
    """Raises Refusal "vault.already" when it was done before. The letter's own words stay where their reader needs them."""
    with scope(Scope(case=letter)):
        loaded = load([letter])[letter]
    if loaded.state.vault:
        raise Refusal("vault.already", "Thông tin của ông/bà đã nằm trong kho kín.", None)
    perform(Command(loaded.kind.id, str(letter), "vault.seal"), SENDER)
    for child in loaded.state.children:
        with scope(Scope(case=UUID(child))):
            matter = load([UUID(child)]).get(UUID(child))
        if matter is not None and not matter.state.vault:
            perform(Command(matter.kind.id, child, "vault.seal"), SENDER)
    with scope(Scope(case=letter)):
        seal_files(letter)
