"""Signing in by OpenID Connect, against a provider over HTTP: what comes back is believed only when it can be proved."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey

from trongdan.core.links.signin import LONGEST_ATTEMPT, Attempt, Organisation, Provider, SignedIn
from trongdan.core.links.simulator import person_of
from trongdan.core.links.vneid import BUSINESSES, NUMBERS, VNeID
from trongdan.kernel.errors import Refusal

BACK = "http://testserver/dang-nhap/ve/"
NUMBER = NUMBERS[0]


@pytest.fixture
def vneid() -> Iterator[VNeID]:
    made = VNeID()
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()


def here(made: VNeID) -> Provider:
    return Provider(made.url, made.client_id, made.client_secret)


def approve(url: str, level: str = "loa2", number: str = NUMBER, acts_for: str = "") -> dict[str, str]:
    """What the browser comes back with when somebody agrees there."""
    asked = urlsplit(url)
    answer = requests.get(f"{asked.scheme}://{asked.netloc}/approve?{asked.query}&number={number}&acr={level}&for={acts_for}", allow_redirects=False, timeout=10)
    back = urlsplit(answer.headers["Location"])
    return {k: v[-1] for k, v in parse_qs(back.query).items()}


def code_of(call: Any) -> str:
    with pytest.raises(Refusal) as refused:
        call()
    return refused.value.code


def test_who_agrees_there_is_signed_in_with_name_number_and_level(vneid: VNeID) -> None:
    url, attempt = here(vneid).begin(BACK)
    asked = {k: v[-1] for k, v in parse_qs(urlsplit(url).query).items()}
    assert (asked["code_challenge_method"], asked["response_type"], asked["redirect_uri"]) == ("S256", "code", BACK)
    assert attempt.verifier not in url
    name = (person_of(1, NUMBER) or {})["name"]
    assert here(vneid).finish(attempt, approve(url), BACK) == SignedIn(NUMBER, name, 2)


def test_who_acts_for_a_business_is_signed_in_with_its_code_and_a_code_of_another_shape_is_not_believed(
    vneid: VNeID, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, name = BUSINESSES[NUMBER]
    url, attempt = here(vneid).begin(BACK)
    assert here(vneid).finish(attempt, approve(url, acts_for=code), BACK).organisation == Organisation(code=code, name=name)
    url, attempt = here(vneid).begin(BACK)
    assert here(vneid).finish(attempt, approve(url, acts_for="0100109106"), BACK).organisation is None, "for whom they do not act"
    monkeypatch.setitem(BUSINESSES, NUMBER, ("123", "Công ty mã lạ"))
    url, attempt = here(vneid).begin(BACK)
    assert code_of(lambda: here(vneid).finish(attempt, approve(url, acts_for="123"), BACK)) == "signin.token"


def test_an_answer_to_another_browser_or_of_long_ago_is_not_taken(vneid: VNeID) -> None:
    way = here(vneid)
    url, attempt = way.begin(BACK)
    answer = approve(url)
    assert code_of(lambda: way.finish(None, answer, BACK)) == "signin.state"
    assert code_of(lambda: way.finish(replace(attempt, state="other"), answer, BACK)) == "signin.state"
    assert code_of(lambda: way.finish(replace(attempt, at=time.time() - LONGEST_ATTEMPT - 1), answer, BACK)) == "signin.late"


def test_a_code_is_good_once_and_only_with_the_verifier_it_was_asked_with(vneid: VNeID) -> None:
    way = here(vneid)
    url, attempt = way.begin(BACK)
    answer = approve(url)
    assert code_of(lambda: way.finish(replace(attempt, verifier="x" * 64), answer, BACK)) == "signin.code"
    url, attempt = way.begin(BACK)
    answer = approve(url)
    way.finish(attempt, answer, BACK)
    assert code_of(lambda: way.finish(attempt, answer, BACK)) == "signin.code"


def test_a_token_with_another_nonce_is_not_believed(vneid: VNeID) -> None:
    vneid.nonce = "of another attempt"
    url, attempt = here(vneid).begin(BACK)
    assert code_of(lambda: here(vneid).finish(attempt, approve(url), BACK)) == "signin.token"


def test_changed_keys_are_asked_for_anew_and_a_stranger_s_key_is_refused(vneid: VNeID, monkeypatch: pytest.MonkeyPatch) -> None:
    way = here(vneid)
    url, attempt = way.begin(BACK)
    way.finish(attempt, approve(url), BACK)
    vneid.rotate()
    url, attempt = way.begin(BACK)
    assert way.finish(attempt, approve(url), BACK).number == NUMBER
    published, vneid_key = vneid.key, VNeID(0)
    vneid.key = vneid_key.key  # signs with a key that it does not publish
    vneid_key.server.server_close()
    url, attempt = way.begin(BACK)
    answer = approve(url)
    monkeypatch.setattr(way, "_keys", lambda **_how: KeySet([published]))
    assert code_of(lambda: way.finish(attempt, answer, BACK)) == "signin.token"


def test_a_token_signed_with_a_shared_secret_is_refused(vneid: VNeID, monkeypatch: pytest.MonkeyPatch) -> None:
    way = here(vneid)
    _url, attempt = way.begin(BACK)
    now = int(time.time())
    claims = {"iss": vneid.url, "aud": vneid.client_id, "iat": now, "exp": now + 60, "nonce": attempt.nonce, "acr": "loa2", "name": "X",
              "personal_number": NUMBER}  # fmt: skip
    forged = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(vneid.client_secret * 4))
    monkeypatch.setattr(way, "_id_token", lambda *_a: forged)
    assert code_of(lambda: way.finish(attempt, {"state": attempt.state, "code": "x"}, BACK)) == "signin.token"


def test_a_provider_that_is_away_or_calls_itself_otherwise_signs_nobody_in(vneid: VNeID) -> None:
    other = Provider(vneid.url.replace("127.0.0.1", "localhost"), vneid.client_id, vneid.client_secret)
    assert code_of(lambda: other.begin(BACK)) == "signin.away"
    way = here(vneid)
    url, attempt = way.begin(BACK)
    answer = approve(url)
    vneid.down = True
    assert code_of(lambda: way.finish(attempt, answer, BACK)) == "signin.away"
    assert code_of(lambda: here(vneid).begin(BACK)) == "signin.away"


def test_who_does_not_agree_and_an_unknown_level_are_told_so(vneid: VNeID) -> None:
    way = here(vneid)
    _url, attempt = way.begin(BACK)
    assert code_of(lambda: way.finish(attempt, {"state": attempt.state, "error": "access_denied"}, BACK)) == "signin.denied"
    url, attempt = way.begin(BACK)
    assert code_of(lambda: way.finish(attempt, approve(url, level="loa0"), BACK)) == "signin.level"
    assert isinstance(attempt, Attempt)
