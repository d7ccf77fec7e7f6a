"""The population register (CSDL quốc gia về dân cư): confirm what a person said, or look fields up, for a declared purpose.

Confirming is asked first: the answer is "same" or "differs", so nothing more of the person comes here. When the register is away
the work goes on: the question waits sealed, is asked by the worker when it is back, and what differs is reported to the agency."""

from __future__ import annotations

import json
import re
import time
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.sealing import uuid7
from trongdan.kernel.case import Actor, Post
from trongdan.kernel.errors import Refusal
from trongdan.platform import keys

from . import audit
from .calling import Link, LinkDown, Out, backoff
from .contract import Attribute, ConfirmIn, ConfirmOut, LookupIn, LookupOut, PersonOut

NAME, PURPOSE = "register", "links"
ROLES = ("officer", "head", "deputy", "unit_head", "reception", "registry", "counter")
_NUMBER = re.compile(r"\d{12}")
LEASE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Purpose:
    """What the register may be asked for. `read`: whether the basis was read in a primary text."""

    id: str
    words: str
    basis: str
    read: bool
    fields: tuple[Attribute, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known after asking. `known` False: the register was away, the question waits under `check`."""

    known: bool
    found: bool | None = None
    differs: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    check: UUID | None = None


@lru_cache(maxsize=1)
def purposes() -> Mapping[str, Purpose]:
    table = tomllib.loads((files(__package__ or "") / "data" / "purposes.toml").read_text("utf-8"))
    return {p["id"]: Purpose(p["id"], p["words"], p["basis"], p["read"], tuple(p["fields"])) for p in table["purpose"]}


@lru_cache(maxsize=4)
def _link(url: str, token: str) -> Link:
    return Link(NAME, url, token)


def register_link() -> Link | None:
    """The way there; None without TRONGDAN_REGISTER_URL. One a process: its breaker remembers."""
    url = settings.REGISTER_URL
    return _link(url, settings.REGISTER_TOKEN) if url.startswith(("http://", "https://")) else None


def confirm(link: Link | None, number: str, said: Mapping[Attribute, str], purpose: str, about: str, actor: Actor,
            now: datetime) -> Answer:  # fmt: skip
    """Hold what a person said against the register. Never raises for a register that is away. Raises Refusal: bad number, a
    purpose that is not declared or does not allow a field, a post that may not ask."""
    allowed = _allowed(number, list(said), purpose, actor)
    question = {"number": number, "said": dict(said)}
    if link is None:
        return _wait(question, purpose, about, actor, now, "off")
    try:
        return _confirmed(link, number, said, allowed, actor, now)
    except LinkDown as down:
        if down.final:
            raise _not_taken() from None
        return _wait(question, purpose, about, actor, now, down.code)


def lookup(link: Link | None, number: str, fields: list[Attribute], purpose: str, actor: Actor, now: datetime) -> PersonOut | None:
    """Named fields of a person; None when there is none of this number. Raises Refusal as `confirm`, and "register.away": what
    cannot be looked up is typed by hand and confirmed later."""
    allowed = _allowed(number, fields, purpose, actor)
    away = Refusal("register.away", "Cơ sở dữ liệu dân cư đang không trả lời. Hãy nhập theo giấy tờ; hệ thống sẽ đối chiếu sau.")
    if link is None:
        raise away
    body = LookupIn(request=str(uuid7()), purpose=purpose, basis=allowed.basis, officer=_officer(actor), number=number,
                    fields=fields)  # fmt: skip
    asked = audit.Asked(NAME, "lookup", actor, purpose, allowed.basis, number, tuple(fields))
    try:
        found = _on_record(asked, now, lambda: link.ask("/register/lookup", body, LookupOut))
    except LinkDown as down:
        if down.final:
            raise _not_taken() from None
        raise away from None
    return found.person if found.found else None


def _confirmed(link: Link, number: str, said: Mapping[Attribute, str], allowed: Purpose, actor: Actor, now: datetime) -> Answer:
    """Ask once, on record. Raises LinkDown."""
    body = ConfirmIn(request=str(uuid7()), purpose=allowed.id, basis=allowed.basis, officer=_officer(actor), number=number,
                     attributes=dict(said))  # fmt: skip
    asked = audit.Asked(NAME, "confirm", actor, allowed.id, allowed.basis, number, tuple(said))
    found = _on_record(asked, now, lambda: _same(link.ask("/register/confirm", body, ConfirmOut), body.request, set(said)))
    by = {v: tuple(sorted(a for a, got in found.result.items() if got == v)) for v in ("differs", "unknown")}
    return Answer(known=True, found=found.found, differs=by["differs"], unknown=by["unknown"])


def _not_taken() -> Refusal:
    return Refusal("register.refused", "Cơ sở dữ liệu dân cư không nhận câu hỏi này. Hãy kiểm tra lại số định danh.")


def _same(got: tuple[ConfirmOut, int], request: str, wanted: set[Attribute]) -> tuple[ConfirmOut, int]:
    """The answer to this question, to all of it. Raises LinkDown "half_answer"."""
    if got[0].request != request or (got[0].found and set(got[0].result) != wanted):
        raise LinkDown("half_answer")
    return got


def _on_record(asked: audit.Asked, now: datetime, call: Callable[[], tuple[Out, int]]) -> Out:
    with scope(asked.actor):
        number = audit.begin(asked, now)
    start, outcome, tries = time.monotonic(), "answered", 0
    try:
        found, tries = call()
    except LinkDown as down:
        outcome, tries = down.code, down.tries
        raise
    finally:
        with scope(asked.actor):
            audit.end(number, asked, now, outcome, tries, int((time.monotonic() - start) * 1000))
    return found


def _allowed(number: str, fields: list[Attribute], purpose: str, actor: Actor) -> Purpose:
    if not _NUMBER.fullmatch(number):
        raise Refusal("register.number", "Số định danh cá nhân gồm đúng 12 chữ số.", None, {"field": "number"})
    found = purposes().get(purpose)
    if found is None:
        raise Refusal("register.purpose", "Hãy chọn mục đích tra cứu trong danh sách.", None, {"field": "purpose"})
    if not fields or not set(fields) <= set(found.fields):
        raise Refusal("register.fields", "Mục đích này không cho phép hỏi thông tin ấy.", found.basis, {"field": "purpose"})
    if actor.post is None or actor.post.role not in ROLES:
        raise Refusal("register.not_yours", "Chức danh của ông/bà không được tra cứu dân cư.", found.basis)
    return found


def _officer(actor: Actor) -> str:
    return actor.post.id if actor.post else ""


# --- the register was away ----------------------------------------------------------------------------------------------


def _wait(question: Mapping[str, Any], purpose: str, about: str, actor: Actor, now: datetime, why: str) -> Answer:
    check, post = uuid7(), actor.post
    sealed = keys.encrypt(PURPOSE, json.dumps(question, ensure_ascii=False).encode(), check.bytes)
    by = {"post": post.id if post else "", "role": post.role if post else "", "person": actor.person}
    with scope(actor), connection.cursor() as cursor:
        cursor.execute("INSERT INTO td_link_check (id, agency, about, purpose, sealed, asked_at, next_at, last, asked_by) "
                       "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
                       [check, post.agency if post else "", about[:60], purpose, sealed, now, now, why,
                        json.dumps(by)])  # fmt: skip
    return Answer(known=False, check=check)


def ask_waiting(link: Link, now: datetime, most: int = 50) -> int:
    """Ask what waited, oldest first, until the register is away again; how many were answered. For the worker."""
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute("UPDATE td_link_check SET next_at = %s WHERE id IN (SELECT id FROM td_link_check WHERE next_at <= %s "
                       "ORDER BY asked_at LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING id, agency, purpose, sealed, asked_by, "
                       "attempts, asked_at", [now + LEASE, now, most])  # fmt: skip
        due = sorted(cursor.fetchall(), key=lambda row: row[6])
    answered = 0
    for row in due:
        answered += _ask_again(link, row, now)
    return answered


def _ask_again(link: Link, row: tuple[Any, ...], now: datetime) -> bool:
    check, agency, purpose, sealed, by, attempts, _asked_at = row
    by = json.loads(by) if isinstance(by, str) else by
    question = json.loads(keys.decrypt(PURPOSE, bytes(sealed), check.bytes))
    post = Post(by["post"], by["role"], agency)
    actor = Actor(person=by["person"], posts=(post,), post=post, door="job")
    said = question["said"]
    try:
        answer = _confirmed(link, question["number"], said, purposes()[purpose], actor, now)
    except LinkDown as down:
        if not down.final:
            _settle(check, "next_at = %s, attempts = attempts + 1, last = %s",
                    [now + timedelta(seconds=backoff(attempts + 1)), down.code])  # fmt: skip
            return False
        _settle(check, "next_at = NULL, done_at = %s, last = %s, found = false, sealed = NULL, differs = %s",
                [now, down.code, sorted(said)])  # fmt: skip
        return True
    _settle(check, "next_at = NULL, done_at = %s, last = 'answered', found = %s, sealed = NULL, differs = %s",
            [now, answer.found, list(answer.differs) if answer.found else sorted(said)])  # fmt: skip
    return True


def _settle(check: UUID, what: str, values: list[Any]) -> None:
    with scope(JOB), connection.cursor() as cursor:
        cursor.execute(f"UPDATE td_link_check SET {what} WHERE id = %s", [*values, check])


@dataclass(frozen=True, slots=True)
class Check:
    """A question that waited. `differs` names attributes, never values."""

    id: UUID
    about: str
    purpose: str
    asked_at: datetime
    done_at: datetime | None
    found: bool | None
    differs: tuple[str, ...]


def checks(agency: str, most: int = 200) -> list[Check]:
    """The difference report of an agency: what waited, and what came of it; what differs first, then what still waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, about, purpose, asked_at, done_at, found, differs FROM td_link_check WHERE agency = %s ORDER BY "
                       "cardinality(coalesce(differs, '{}')) = 0, done_at IS NOT NULL, asked_at DESC LIMIT %s",
                       [agency, most])  # fmt: skip
        return [Check(one, about, purpose, asked, done, found, tuple(differs or ()))
                for one, about, purpose, asked, done, found, differs in cursor.fetchall()]  # fmt: skip
