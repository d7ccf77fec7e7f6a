"""Steps read aloud where somebody recorded them; and who types for another keeps no code."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.test import Client

from tests.core.cases.people import send
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import load
from trongdan.doors.cli.voices import add, list_
from trongdan.doors.portal import robots, voices
from trongdan.kinds.letters.intake import token_of

pytestmark = pytest.mark.django_db(transaction=True)
SOUND = b"OggS" + bytes(range(256)) * 4
PHRASE = "letters.letter.received"


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRONGDAN_VOICES", str(tmp_path / "voices"))
    return tmp_path


def recorded(folder: Path, language: str = "vi", name: str | None = None) -> None:
    file = folder / "a.opus"
    file.write_bytes(SOUND)
    options = ["--name", name] if name else []
    assert CliRunner().invoke(add, [language, PHRASE, str(file), *options]).exit_code == 0


def page() -> str:
    letter = send()
    with scope(JOB):
        loaded = load([letter.case])[letter.case]
    return Client().get(f"/theo-doi/{loaded.reference}/{token_of(letter.case, loaded.generation)}/").content.decode()


def test_without_a_recording_there_is_no_player(studio: Path) -> None:
    assert "<audio" not in page()


def test_each_recorded_language_has_its_player_that_needs_no_script(studio: Path) -> None:
    recorded(studio)
    recorded(studio, "mtq", "tiếng Mường")
    shown = page()
    assert shown.count("<audio controls") == 2
    assert shown.index("tiếng Việt") < shown.index("Nghe đọc (tiếng Mường)")
    assert PHRASE not in shown, "an address in a log says no kind and no step"


def test_a_recording_comes_whole_or_in_parts(studio: Path) -> None:
    recorded(studio)
    url = f"/giong-doc/vi/{voices.mark(PHRASE)}"
    whole = Client().get(url)
    assert (whole.content, whole["Content-Type"], whole["Accept-Ranges"]) == (SOUND, "audio/ogg", "bytes")
    part = Client().get(url, headers={"Range": "bytes=4-9"})
    assert (part.status_code, part.content, part["Content-Range"]) == (206, SOUND[4:10], f"bytes 4-9/{len(SOUND)}")
    assert Client().get(url, headers={"Range": "bytes=99999-"}).status_code == 200


@pytest.mark.parametrize("url", ["/giong-doc/vi/0000000000000000", f"/giong-doc/..%2f..%2fkeys/{voices.mark(PHRASE)}",
                                 f"/giong-doc/vi/{PHRASE}", f"/giong-doc/mtq/{voices.mark(PHRASE)}"])  # fmt: skip
def test_nothing_else_is_played(studio: Path, url: str) -> None:
    recorded(studio)
    assert Client().get(url).status_code == 404


def test_the_phrases_to_record_are_listed_with_what_there_is(studio: Path) -> None:
    recorded(studio)
    every = CliRunner().invoke(list_, []).output
    assert f"{PHRASE},Cơ quan đã nhận đơn." in every.replace('"', "")
    assert f"{PHRASE}.opus" in every
    missing = CliRunner().invoke(list_, ["--missing"]).output
    assert f"{PHRASE}," not in missing
    assert voices.RECEIPT in missing
    assert all("{" not in words and len(words) < 500 for words in voices.phrases().values())


@pytest.mark.parametrize(("language", "phrase", "data", "ending"), [
    ("VI", PHRASE, SOUND, "opus"), ("vi", "no.such.phrase", SOUND, "opus"), ("vi", PHRASE, b"not a sound", "opus"),
    ("vi", PHRASE, SOUND, "exe"), ("vi", PHRASE, SOUND, "mp3"),
])  # fmt: skip
def test_a_recording_that_is_none_is_refused(studio: Path, language: str, phrase: str, data: bytes, ending: str) -> None:
    file = studio / f"a.{ending}"
    file.write_bytes(data)
    assert CliRunner().invoke(add, [language, phrase, str(file)]).exit_code != 0
    assert not (studio / "voices").exists() or not list((studio / "voices").rglob("*.*"))


def sent(client: Client, monkeypatch: pytest.MonkeyPatch, **more: str) -> None:
    stamp = robots.new_stamp()
    later = time.time() + 5
    monkeypatch.setattr(robots.time, "time", lambda: later)
    form = {"text": "Cống tắc.", "commune": "Kim Bôi", "name": "Bùi Thị Mận", "do": "send", "stamp": stamp, **more}
    answer = client.post("/gui-don/", form)
    assert answer.status_code == 302, answer.content.decode()[:2000]


def test_who_types_for_another_sees_the_code_once_and_keeps_none(monkeypatch: pytest.MonkeyPatch) -> None:
    helper = Client()
    sent(helper, monkeypatch, helped="1")
    first = helper.get("/da-nhan/")
    shown = first.content.decode()
    assert "Trang này chỉ hiện một lần" in shown
    assert 'href="/theo-doi/' not in shown.replace('href="/theo-doi/"', ""), "no address with the code is opened on this device"
    reference, token = first.context["reference"], first.context["token"]
    assert token in shown
    assert "received" not in helper.session
    assert helper.get("/da-nhan/").status_code == 302, "the page is gone"
    pdf = helper.post("/da-nhan/", {"reference": reference, "token": token})
    assert pdf.content[:5] == b"%PDF-"
    assert helper.post("/da-nhan/", {"reference": reference, "token": "x"}).status_code == 404


def test_who_writes_for_themselves_finds_the_receipt_again(monkeypatch: pytest.MonkeyPatch) -> None:
    person = Client()
    sent(person, monkeypatch)
    for _ in range(2):
        assert "Mã hồ sơ" in person.get("/da-nhan/").content.decode()
