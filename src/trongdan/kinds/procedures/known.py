"""Say it once: which papers of the catalogue the state has itself, and where the catalogue asks for them all the same.

Pure on the typed catalogue; what is known is data (`data/known.toml`). A finding is a question to who writes the catalogue: the
names are as published, and whether a register can really be asked here is the operator's to say."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from .complete import asked_papers
from .search import words_in

# Asked outright; only when it can't be looked up; the very paper that is issued, changed or replaced.
Verdict = Literal["asked", "if_not_found", "own"]


@dataclass(frozen=True, slots=True)
class Paper:
    """A kind of paper that the state has: its `holder`; folded phrases that name it, and those that take a name out again."""

    id: str
    name: str
    holder: str
    says: tuple[str, ...]
    but: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """`rule` and its `basis`; the papers; phrases of "only if it can't be found" and "need not be
    brought"; how papers begin that a person writes."""

    rule: str
    basis: str
    papers: tuple[Paper, ...]
    fallback: tuple[str, ...]
    waives: tuple[str, ...]
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A paper that the catalogue asks for and the state has: its place in the list (from 1), its name, which one, the verdict."""

    number: int
    asked: str
    paper: Paper
    verdict: Verdict


@lru_cache(maxsize=1)
def known() -> Known:
    t = tomllib.loads((files(__package__) / "data" / "known.toml").read_text("utf-8"))
    papers = tuple(Paper(p["id"], p["name"], p["holder"], _all(p["says"]), _all(p.get("but", ()))) for p in t["papers"])
    return Known(t["rule"], t["basis"], papers, _all(t["fallback"]), _all(t["waives"]), _all(t["forms"]))


def _fold(text: str) -> str:
    return f" {' '.join(words_in(text))} "


def _all(phrases: Any) -> tuple[str, ...]:
    return tuple(map(_fold, phrases))


def _any(phrases: tuple[str, ...], folded: str) -> bool:
    return any(phrase in folded for phrase in phrases)


def paper_of(name: str) -> Paper | None:
    """Which known paper a name of the catalogue means: the one named first; None for any other, a form that mentions one too."""
    folded = _fold(name)
    if folded.startswith(known().forms):
        return None
    found = [(min(at for phrase in p.says if (at := folded.find(phrase)) >= 0), p) for p in known().papers
             if _any(p.says, folded) and not _any(p.but, folded)]  # fmt: skip
    return min(found, key=lambda pair: pair[0])[1] if found else None


def findings(procedure: str, body: Mapping[str, Any]) -> list[Finding]:
    """What a procedure (its name and typed body) asks for that the state has."""
    k, about = known(), _fold(procedure)
    remarks = _fold(" ".join(d["name"] for d in body["documents"] if d["remark"]))
    out = []
    for asked in asked_papers(body):
        paper = paper_of(asked.name)
        if paper is None:
            continue
        folded = _fold(f"{asked.group} {asked.name}")
        if any(phrase in about for phrase in paper.says):
            verdict: Verdict = "own"
        elif _any(k.fallback, folded) or _any(k.waives, folded) or (_any(k.fallback, remarks) and _any(paper.says, remarks)):
            verdict = "if_not_found"
        else:
            verdict = "asked"
        out.append(Finding(asked.number, asked.name, paper, verdict))
    return out


@dataclass(frozen=True, slots=True)
class Violation:
    """A procedure in force with what it asks for against the rule."""

    code: str
    name: str
    field: str
    level: str
    findings: tuple[Finding, ...]


def violations(rows: Iterator[tuple[str, str, str, list[str], dict[str, Any]]]) -> Iterator[Violation]:
    """Of rows (code, name, field, levels, body) those that ask for what the state has."""
    for code, name, field, levels, body in rows:
        found = tuple(f for f in findings(name, body) if f.verdict == "asked")
        if found:
            yield Violation(code, name, field, (levels or [""])[0], found)
