"""The port to the national database: what any way there must do, the way over HTTP, and packages in files.

The HTTP shape is our own until the operator's contract is known: PUT /records/<ma> with the record as JSON gives {"id"}; POST
/records/query with {"ma": [...]} gives {"records": {ma: record}}. An adapter of another shape takes the place of HttpPort by
TRONGDAN_NATIONAL_PORT."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, cast
from urllib.parse import quote
from xml.etree import ElementTree as ET

from django.conf import settings
from django.utils.module_loading import import_string

from .record import Record, declared

TIMEOUT = 15.0  # seconds
FINAL = range(400, 500)  # the record itself is refused: trying again changes nothing until it changes
BUSY = (408, 425, 429)
HTTP_PORT = "trongdan.board.national.port.HttpPort"


class NationalRefused(Exception):
    """The other side did not take a record. `code` is short and without content; `final` when trying again is useless."""

    def __init__(self, code: str, final: bool = False):
        super().__init__(code)
        self.code = code
        self.final = final


class NationalPort(Protocol):
    """What a way to the national database must do."""

    def put(self, record: Record) -> str:
        """Create or replace the record with this "ma"; their id. The same record twice is harmless. Raises NationalRefused."""
        ...

    def fetch(self, references: Sequence[str]) -> Mapping[str, Record]:
        """What they have under these "ma". Raises NationalRefused."""
        ...


class HttpPort:
    """Over HTTP with a bearer token."""

    def __init__(self) -> None:
        self._url, self._token = settings.NATIONAL_URL.rstrip("/"), settings.NATIONAL_TOKEN

    def put(self, record: Record) -> str:
        answer = self._ask("PUT", f"/records/{quote(record['ma'], safe='')}", record)
        return str(answer.get("id", ""))[:80]

    def fetch(self, references: Sequence[str]) -> Mapping[str, Record]:
        found = self._ask("POST", "/records/query", {"ma": list(references)}).get("records")
        if not isinstance(found, dict):
            raise NationalRefused("no_records")
        return {str(k): {str(f): str(v) for f, v in row.items()} for k, row in found.items() if isinstance(row, dict)}

    def _ask(self, method: str, path: str, body: Any) -> dict[str, Any]:
        request = urllib.request.Request(self._url + path, json.dumps(body).encode(), method=method, headers={  # noqa: S310
            "Content-Type": "application/json", "Authorization": f"Bearer {self._token}"})  # the operator's own address
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310  as above
                answer = json.loads(response.read(10_000_000))
        except urllib.error.HTTPError as problem:
            raise NationalRefused(f"http_{problem.code}", problem.code in FINAL and problem.code not in BUSY) from None
        except (OSError, ValueError) as problem:
            raise NationalRefused(type(problem).__name__) from None
        if not isinstance(answer, dict):
            raise NationalRefused("no_object")
        return answer


def national_port() -> NationalPort | None:
    """The way there; None without TRONGDAN_NATIONAL_URL: then records go by file or by hand."""
    if not settings.NATIONAL_URL:
        return None
    if not settings.NATIONAL_URL.startswith(("http://", "https://")):
        raise NationalRefused("bad_url", final=True)
    return cast("NationalPort", import_string(settings.NATIONAL_PORT)())


def as_json(records: Iterable[Record]) -> bytes:
    """A package for the file exchange: what the fields are, then the records."""
    fields = [{"id": f.id, "name": f.name, "basis": f.basis, "read": f.read} for f in declared().fields]
    return json.dumps({"format": "trongdan-national-1", "fields": fields, "records": list(records)}, ensure_ascii=False,
                      indent=1).encode()  # fmt: skip


def as_xml(records: Iterable[Record]) -> bytes:
    root = ET.Element("records", {"format": "trongdan-national-1"})
    for record in records:
        row = ET.SubElement(root, "record")
        for field, value in record.items():
            ET.SubElement(row, field).text = "".join(c for c in value if c in "\t\n" or c >= " ")
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))
