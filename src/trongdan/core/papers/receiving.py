"""A command and the files that came with it, as one: neither is there without the other, whatever ends in the middle.

What was sent again finds both, or neither and is done anew; bytes on disk that no row names are swept away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from uuid import UUID

from django.db import connection

from trongdan.core.cases import vaulting
from trongdan.core.cases.once import Done, already, digest_of, known_keys
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import JOB, Scope, scope
from trongdan.kernel.case import Actor, Command
from trongdan.platform.home import subfolder

from .files import Checked, keep

OLD = 86_400  # seconds: what is younger may belong to a transaction that is open still
CHUNK = 1000


def perform_with_files(command: Command, files: Sequence[Checked], source: str, actor: Actor, key: str | None, client: str,
                       identity: Mapping[str, str] | None = None, now: datetime | None = None) -> Done:  # fmt: skip
    """Do a command once per (client, key) and keep its files in the same transaction: in the vault of the case, where there is
    one. Raises Refusal; nothing is kept then. Without a key: as perform() without one, whoever sends it twice does it twice."""
    if not files:
        return perform(command, actor, key, client=client, identity=identity, now=now)
    with scope(Scope(case=UUID(command.case) if command.case else None, identity=True)):
        if key is not None:
            one_at_a_time(client, key)
            if known_keys(client, [key]):
                return already(client, key, digest_of(command, identity))
        done = perform(command, actor, key, client=client, identity=identity, now=now)
        with scope(Scope(case=done.case, identity=True)):
            sealed_in = done.vault_key or (vaulting.key_of(done.case) if command.case else None)
            keep(done.case, files, source, vault_key=sealed_in)
    return done


def one_at_a_time(client: str, key: str) -> None:
    """Two that are sent at once with one key wait for each other here, till the transaction ends: an index that objects would end
    the transaction of both."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 55))", [f"{client}|{key}"])


def sweep(now: float, older: float = OLD) -> int:
    """Take away bytes that no file of a case names, once they are a day old; how many. `now` in epoch seconds. The worker's."""
    gone = 0
    found = _old(now, older)
    while some := list(islice(found, CHUNK)):
        with scope(JOB), connection.cursor() as cursor:
            cursor.execute("SELECT id FROM td_file WHERE id = ANY(%s)", [[UUID(p.name.partition(".")[0]) for p in some]])
            known = {row[0].hex for row in cursor.fetchall()}
        for path in some:
            if path.name not in known:  # a half-written "….part" is known by no name
                path.unlink(missing_ok=True)
                gone += 1
    return gone


def _old(now: float, older: float) -> Iterator[Path]:
    for folder in sorted(f for kept in ("files", "readable") for f in subfolder(kept).glob("??")):
        for path in folder.iterdir():
            if len(path.name.partition(".")[0]) == 32 and now - path.stat().st_mtime > older:
                yield path
