"""Steps read aloud by recorded voices, for who can't read (domain 25): files that a province adds, one a phrase and language.

`voices/<language>/<phrase id>.opus|.mp3|.m4a` in TRONGDAN_HOME (or TRONGDAN_VOICES); `voices/<language>/ten.txt` says the
language's name. A phrase without a recording shows no player. Played by the browser alone, without script.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from trongdan.core.cases.registry import kinds
from trongdan.platform.home import home

MEDIA = {".opus": "audio/ogg", ".mp3": "audio/mpeg", ".m4a": "audio/mp4"}
HEADS = {".opus": (b"OggS",), ".mp3": (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"), ".m4a": ()}
MAX_BYTES = 3 * 1024 * 1024
NAMES = {"vi": "tiếng Việt"}
LANGUAGE = re.compile(r"[a-z]{2,8}(?:-[a-z0-9]{2,8})?")
RECEIPT, ASSESS = "receipt.kept", "track.assess"
GENERAL: Mapping[str, str] = {
    RECEIPT: "Cơ quan đã nhận đơn của ông bà. Hãy giữ giấy này: có mã hồ sơ và mã bí mật, ai có mã thì xem được đơn. Muốn hỏi, "
             "ông bà đưa giấy này ở nơi tiếp công dân.",
    ASSESS: "Việc của ông bà thế nào rồi? Cơ quan đã trả lời chưa, đã làm chưa, đã xong chưa? Ông bà bấm chọn ở dưới; cơ quan "
            "không biết ai trả lời gì.",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Voice:
    """A recording as a page offers it."""

    language: str
    name: str
    url: str
    media: str


def folder() -> Path:
    return Path(os.environ.get("TRONGDAN_VOICES", "") or home() / "voices")


@lru_cache(maxsize=1)
def phrases() -> Mapping[str, str]:
    """phrase id -> the words to record: what is general, and each step of each kind that its sender follows."""
    out = dict(GENERAL)
    for kind in kinds().values():
        if kind.tracked:
            out |= {f"{kind.id}.{step.id}": f"{step.plain}. {step.next}".strip() for step in kind.steps.values()}
    return out


def mark(phrase: str) -> str:
    """What stands for a phrase in an address: a line of a log says no kind and no step."""
    return hashlib.sha256(phrase.encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def _marks() -> Mapping[str, str]:
    return {mark(phrase): phrase for phrase in phrases()}


def languages() -> list[str]:
    """The languages that have a folder, Vietnamese first."""
    at = folder()
    found = [f.name for f in at.iterdir() if f.is_dir() and LANGUAGE.fullmatch(f.name)] if at.is_dir() else []
    return sorted(found, key=lambda code: (code != "vi", code))


def name_of(language: str) -> str:
    file = folder() / language / "ten.txt"
    return file.read_text("utf-8").strip()[:40] if file.is_file() else NAMES.get(language, language)


def recording(language: str, phrase: str) -> Path | None:
    """The file of a phrase, in the first format there is."""
    at = folder() / language
    return next((f for ending in MEDIA if (f := at / f"{phrase}{ending}").is_file()), None)


def voices(phrase: str) -> list[Voice]:
    """The recordings of a phrase, one a language; none when nobody recorded it."""
    out = []
    for language in languages():
        if file := recording(language, phrase):
            url = reverse("portal:voice", args=[language, mark(phrase)])
            out.append(Voice(language, name_of(language), url, MEDIA[file.suffix]))
    return out


def spoken(steps: Iterable[tuple[str, str]]) -> dict[str, list[Voice]]:
    """"kind.step" -> recordings, for pages with several matters."""
    return {phrase: voices(phrase) for phrase in {f"{kind}.{step}" for kind, step in steps}}


@require_safe
def play(request: HttpRequest, language: str, name: str) -> HttpResponse:
    """A recording, or the part of it that a player asks for (phones of one maker play nothing that can't be had in parts)."""
    phrase = _marks().get(name)
    file = recording(language, phrase) if phrase and LANGUAGE.fullmatch(language) else None
    if file is None:
        raise Http404
    data = file.read_bytes()
    response = HttpResponse(data, content_type=MEDIA[file.suffix])
    wanted = re.fullmatch(r"bytes=(\d{1,9})-(\d{0,9})", request.headers.get("Range", ""))
    if wanted and int(wanted[1]) < len(data):
        first, last = int(wanted[1]), min(int(wanted[2] or len(data) - 1), len(data) - 1)
        response = HttpResponse(data[first : last + 1], content_type=MEDIA[file.suffix], status=206)
        response["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "private, max-age=3600"
    return response
