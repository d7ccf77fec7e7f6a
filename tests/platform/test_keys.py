"""The keys of an instance: made once, private, never replaced."""

from __future__ import annotations

import base64
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from trongdan.platform import keys


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TRONGDAN_HOME", str(tmp_path / "home"))
    _forget()
    yield
    _forget()


def _forget() -> None:
    keys.secret.cache_clear()
    keys._signing_key.cache_clear()
    keys.public_key.cache_clear()


def _files() -> dict[str, Path]:
    return {p.name: p for p in (Path(os.environ["TRONGDAN_HOME"]) / "keys").iterdir()}


def test_keys_lie_in_a_private_folder_in_private_files_and_nothing_else_is_left_there() -> None:
    keys.sign(b"x")
    keys.secret("tokens")
    assert set(_files()) == {"signing.key", "tokens.key"}
    assert stat.S_IMODE(_files()["signing.key"].parent.stat().st_mode) == 0o700
    for file in _files().values():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_each_purpose_has_a_secret_of_its_own_and_keeps_it_after_a_restart() -> None:
    before, public = keys.secret("tokens"), keys.public_key()
    assert len(before) == 32
    assert keys.secret("drafts") != before
    _forget()
    assert keys.secret("tokens") == before
    assert keys.public_key() == public


def test_processes_that_start_together_end_up_with_the_same_keys() -> None:
    program = "from trongdan.platform import keys; print(keys.public_key_text(), keys.secret('tokens').hex())"
    started = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env=os.environ)
        for _ in range(4)
    ]
    assert len({process.communicate(timeout=60)[0] for process in started}) == 1
    assert all(process.returncode == 0 for process in started)


def test_a_signature_holds_for_its_message_and_key_and_for_nothing_else() -> None:
    signature = keys.sign("giấy biên nhận".encode())
    holds = partial(keys.verify, keys.public_key())
    assert len(signature) == 64
    assert base64.b64decode(keys.public_key_text()) == keys.public_key()
    assert holds(signature, "giấy biên nhận".encode())
    assert not holds(signature, b"other")
    assert not holds(signature[:-1], "giấy biên nhận".encode())
    assert not keys.verify(bytes(32), signature, "giấy biên nhận".encode())
    assert not keys.verify(b"too short", signature, b"x")


def test_sealed_text_opens_only_with_its_purpose_and_what_it_was_bound_to() -> None:
    sealed = keys.encrypt("drafts", b"bi mat", b"draft-1")
    assert b"bi mat" not in sealed
    assert sealed != keys.encrypt("drafts", b"bi mat", b"draft-1")
    assert keys.decrypt("drafts", sealed, b"draft-1") == b"bi mat"
    for purpose, bound, text in (("drafts", b"draft-2", sealed), ("vault", b"draft-1", sealed),
                                 ("drafts", b"draft-1", sealed[:-1] + bytes([sealed[-1] ^ 1]))):  # fmt: skip
        with pytest.raises(InvalidTag):
            keys.decrypt(purpose, text, bound)


def test_a_truncated_key_file_stops_the_start_and_is_not_replaced() -> None:
    keys.public_key()
    file = _files()["signing.key"]
    file.write_bytes(b"short")
    _forget()
    with pytest.raises(keys.KeyDamaged, match=r"signing\.key: 5 byte"):
        keys.public_key()
    assert file.read_bytes() == b"short"


def test_a_key_brought_back_readable_by_all_is_made_private_again() -> None:
    before = keys.secret("tokens")
    _files()["tokens.key"].chmod(0o644)
    _forget()
    assert keys.secret("tokens") == before
    assert stat.S_IMODE(_files()["tokens.key"].stat().st_mode) == 0o600
