"""Sign-in as VNeID offers it: OpenID Connect, authorization code with PKCE, state and nonce; the ID token's signature by the
provider's published keys; the level of assurance respected.

OpenID Connect Core 1.0 (3.1), Discovery 1.0, RFC 7636. The operator's own contract is not at hand: the claims `name`,
`personal_number` and `organization` and the values of `acr` are ours until then (`data/assurance.toml`). Nobody must sign in to
send a letter."""

from __future__ import annotations

import secrets
import time
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from threading import Lock
from typing import Any

import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from django.conf import settings
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, Field, ValidationError

from trongdan.kernel.errors import Refusal

ALGORITHMS = ["RS256", "ES256"]  # never "none", never a shared secret
TIMEOUT = 5.0
KEPT = 600.0  # seconds that what the provider publishes is remembered
LONGEST_ATTEMPT = 600  # seconds between leaving for the provider and coming back
LEEWAY = 60


class Metadata(BaseModel):
    """What the provider says of itself (OpenID Connect Discovery 1.0, 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


class Organisation(BaseModel):
    """Whom somebody acts for, as the provider vouches: the code of a business (10 digits, a dependent unit 13) and its name."""

    code: str = Field(pattern=r"^\d{10}(\d{3})?$")
    name: str = Field(min_length=1, max_length=300)


class Claims(BaseModel):
    """What we read of an ID token. `organization` is there when the account is an organisation's."""

    personal_number: str = Field(pattern=r"^\d{12}$")
    name: str = Field(min_length=1, max_length=200)
    acr: str
    organization: Organisation | None = None


@dataclass(frozen=True, slots=True)
class Assurance:
    """`levels` by the provider's word; which level opens what; the basis."""

    levels: dict[str, int]
    prefill: int
    own_cases: int
    basis: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way out and back, bound to the browser that began it; good once and for ten minutes. `at` in epoch seconds."""

    state: str
    nonce: str
    verifier: str
    at: float


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who signed in: personal number, name, level of assurance; and the organisation that they act for, if they do."""

    number: str
    name: str
    level: int
    organisation: Organisation | None = None


@lru_cache(maxsize=1)
def assurance() -> Assurance:
    table = tomllib.loads((files(__package__) / "data" / "assurance.toml").read_text("utf-8"))
    return Assurance(table["levels"], table["prefill"], table["own_cases"], table["basis"])


class Provider:
    """A provider by its issuer address; its endpoints and keys are asked for and remembered for ten minutes."""

    def __init__(self, issuer: str, client_id: str, client_secret: str) -> None:
        self.issuer, self.client_id, self.client_secret = issuer.rstrip("/"), client_id, client_secret
        self._kept: dict[str, tuple[float, Any]] = {}
        self._lock = Lock()

    def begin(self, redirect_uri: str) -> tuple[str, Attempt]:
        """(the address to send the browser to, what must come back). Raises Refusal when the provider is away."""
        attempt = Attempt(secrets.token_urlsafe(24), secrets.token_urlsafe(24), secrets.token_urlsafe(48), time.time())
        where = self.metadata().authorization_endpoint
        url, _state = self._session(redirect_uri).create_authorization_url(where, state=attempt.state, nonce=attempt.nonce,
                                                                           code_verifier=attempt.verifier)  # fmt: skip
        return str(url), attempt

    def finish(self, attempt: Attempt | None, answer: dict[str, str], redirect_uri: str) -> SignedIn:
        """Who came back. `answer` are the fields of the callback. Raises Refusal saying what to do."""
        if attempt is None or not secrets.compare_digest(attempt.state, answer.get("state", "")):
            raise Refusal("signin.state", "Lần đăng nhập này không bắt đầu từ đây. Hãy bấm đăng nhập lại.")
        if time.time() - attempt.at > LONGEST_ATTEMPT:
            raise Refusal("signin.late", "Đã quá mười phút từ lúc bắt đầu. Hãy bấm đăng nhập lại.")
        if answer.get("error"):
            raise Refusal("signin.denied", "Ông/bà chưa đồng ý đăng nhập ở VNeID. Không đăng nhập vẫn gửi đơn, xem đơn bằng mã "
                          "được.")  # fmt: skip
        claims = self._claims(self._id_token(answer.get("code", ""), attempt, redirect_uri), attempt.nonce)
        level = assurance().levels.get(claims.acr, 0)
        if level < assurance().prefill:
            raise Refusal("signin.level", "Tài khoản này chưa có mức định danh cần thiết.", assurance().basis)
        return SignedIn(claims.personal_number, claims.name, level, claims.organization)

    def _id_token(self, code: str, attempt: Attempt, redirect_uri: str) -> str:
        try:
            token = self._session(redirect_uri).fetch_token(self.metadata().token_endpoint, code=code,
                                                            code_verifier=attempt.verifier, timeout=TIMEOUT)  # fmt: skip
        except OAuthError:
            raise Refusal("signin.code", "VNeID không nhận mã đăng nhập này. Hãy bấm đăng nhập lại.") from None
        except (requests.RequestException, ValueError):
            raise _away() from None
        return str(token.get("id_token") or "")

    def _claims(self, id_token: str, nonce: str) -> Claims:
        """The claims of an ID token (Core 3.1.3.7). Keys are asked for anew once when they do not fit: they may have changed."""
        rules = jwt.JWTClaimsRegistry(leeway=LEEWAY, iss={"essential": True, "value": self.metadata().issuer},
                                      aud={"essential": True, "value": self.client_id}, exp={"essential": True},
                                      iat={"essential": True}, nonce={"essential": True, "value": nonce})  # fmt: skip
        try:
            try:
                token = jwt.decode(id_token, self._keys(), algorithms=ALGORITHMS)
            except (JoseError, ValueError):
                token = jwt.decode(id_token, self._keys(anew=True), algorithms=ALGORITHMS)
            rules.validate(token.claims)
            return Claims.model_validate(token.claims)
        except (JoseError, ValidationError, ValueError):
            raise Refusal("signin.token", "Không kiểm chứng được câu trả lời của VNeID. Hãy bấm đăng nhập lại; nếu vẫn vậy, "
                          "hãy báo quản trị hệ thống.") from None  # fmt: skip

    def _session(self, redirect_uri: str) -> OAuth2Session:
        session = OAuth2Session(self.client_id, self.client_secret, scope="openid profile", redirect_uri=redirect_uri,
                                code_challenge_method="S256")  # fmt: skip
        session.trust_env = False  # no proxy and no .netrc of the machine
        return session

    def metadata(self) -> Metadata:
        """Raises Refusal when the provider is away or says another issuer than the one configured."""
        found = self._get("metadata", self.issuer + "/.well-known/openid-configuration")
        try:
            told = Metadata.model_validate(found)
        except ValidationError:
            raise _away() from None
        if told.issuer.rstrip("/") != self.issuer:
            raise _away()
        return told

    def _keys(self, *, anew: bool = False) -> KeySet:
        if anew:
            with self._lock:
                self._kept.pop("keys", None)
        return KeySet.import_key_set(self._get("keys", self.metadata().jwks_uri))

    def _get(self, name: str, url: str) -> Any:
        with self._lock:
            at, found = self._kept.get(name, (0.0, None))
        if found is not None and time.monotonic() - at < KEPT:
            return found
        try:
            with requests.Session() as session:
                session.trust_env = False
                answer = session.get(url, timeout=TIMEOUT)
                answer.raise_for_status()
                found = answer.json()
        except (requests.RequestException, ValueError):
            raise _away() from None
        with self._lock:
            self._kept[name] = (time.monotonic(), found)
        return found


def _away() -> Refusal:
    return Refusal("signin.away", "VNeID đang không trả lời. Ông/bà vẫn gửi đơn và xem đơn bằng mã được; hãy thử đăng nhập sau.")


@lru_cache(maxsize=4)
def _provider(issuer: str, client_id: str, client_secret: str) -> Provider:
    return Provider(issuer, client_id, client_secret)


def provider() -> Provider | None:
    """The configured provider; None without TRONGDAN_VNEID_ISSUER. One a process."""
    issuer = settings.VNEID_ISSUER
    if not issuer.startswith(("http://", "https://")):
        return None
    return _provider(issuer, settings.VNEID_CLIENT_ID, settings.VNEID_CLIENT_SECRET)
