"""A draft answer held against the letter, for who is to sign it. Advice: it stops nothing and stays nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from trongdan.core.cases.trail import Loaded
from trongdan.core.papers.declaration import papers
from trongdan.core.papers.replies import earlier, reply_words
from trongdan.kernel.case import PaperState
from trongdan.kernel.reference import format_reference
from trongdan.law.answers import Finding, Report, check

BEFORE = ("initial", "check", "sign", "redraft")  # the stages at which words may still be changed


@dataclass(frozen=True, slots=True)
class Look:
    """What the check found; `like` (case, reference) of the answer it was copied from, when it was."""

    report: Report
    like: tuple[UUID, str] | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.report.findings


def look_over(loaded: Loaded, paper: PaperState, texts: dict[str, str]) -> Look | None:
    """The findings on an answer that is not signed yet; None for other papers, and where the words left this system.
    Runs inside the scope."""
    declared, hidden = papers().get(paper.form), loaded.state.secret or loaded.state.stub
    if declared is None or not declared.reply or paper.dead or paper.waits not in BEFORE or hidden:
        return None
    fields = {**loaded.state.fields, **paper.data}
    words = {k: texts.get(v["content"], "") if isinstance(v, dict) else v for k, v in fields.items() if isinstance(v, (dict, str))}
    answer = reply_words(paper.form, words)
    if not answer:
        return None
    before = earlier(loaded.state.agency, loaded.kind.id, loaded.id)
    report = check(words.get("text", ""), answer, [one.words for one in before], declared.reply_gives)
    found = before[report.copy.which] if report.copy else None
    return Look(report, (found.case, format_reference(found.reference)) if found else None)
