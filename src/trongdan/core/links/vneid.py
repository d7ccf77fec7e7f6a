"""A stand-in for VNeID's sign-in over HTTP: anybody signs in as an invented person, and every page says that it is not real.

    GET /.well-known/openid-configuration · /jwks · /authorize (choose a person) · /approve · /deny      POST /token
    POST /control {"rotate": true, "nonce": "…", "down": true}    what tests change while it runs
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

from .simulator import person_of

LIFETIME = 300
NUMBERS = ("025081000123", "025156000777", "025190004321")
BUSINESSES = {"025081000123": ("2600123456", "Công ty TNHH Chè Đồi Thử")}  # number of who acts -> code and name, invented
_PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Đăng nhập mô phỏng</title><style>body{font:18px/1.5 system-ui;max-width:34rem;margin:2rem auto;padding:0 1rem}
strong{color:#8a1c00}a,button{font:inherit}li{margin:.6rem 0}</style>
<h1>Đăng nhập (mô phỏng)</h1>
<p><strong>Đây không phải VNeID.</strong> Trang này để thử; người dưới đây do máy đặt ra.</p><ul>%s</ul>
<p><a href="%s">Không đồng ý, quay lại</a></p></html>"""


@dataclass
class VNeID:
    """`codes` given out: what was asked for with each. `nonce` (when set) goes into the next token."""

    port: int = 0
    seed: int = 1
    client_id: str = "trongdan"
    client_secret: str = "mo-phong"  # noqa: S105  of the stand-in
    nonce: str = ""
    down: bool = False
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rotate()
        self._lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), _handler(self))
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def rotate(self) -> None:
        self.key = ECKey.generate_key("P-256", {"kid": secrets.token_hex(4), "use": "sig", "alg": "ES256"}, private=True)

    def configuration(self) -> dict[str, Any]:
        return {"issuer": self.url, "authorization_endpoint": f"{self.url}/authorize", "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/jwks", "response_types_supported": ["code"],
                "subject_types_supported": ["pairwise"], "id_token_signing_alg_values_supported": ["ES256"],
                "code_challenge_methods_supported": ["S256"]}  # fmt: skip

    def page(self, asked: dict[str, str]) -> str:
        """The page on which somebody says who they are."""
        people = [(n, (person_of(self.seed, n) or {"name": "Bùi Thị Mận"})["name"]) for n in NUMBERS]
        rows = "".join(f'<li><a href="/approve?{html.escape(urlencode(asked | {"number": n, "acr": level}))}">{html.escape(name)}, '
                       f"mức độ 0{level[-1]}</a></li>" for n, name in people for level in ("loa2", "loa1"))  # fmt: skip
        rows += "".join(f'<li><a href="/approve?{html.escape(urlencode(asked | {"number": n, "acr": "loa2", "for": code}))}">'
                        f"{html.escape(dict(people)[n])}, đại diện {html.escape(name)}</a></li>"
                        for n, (code, name) in BUSINESSES.items())  # fmt: skip
        return _PAGE % (rows, html.escape("/deny?" + urlencode(asked)))

    def approve(self, asked: dict[str, str]) -> str:
        """Where the browser goes back to, with a code."""
        code = secrets.token_urlsafe(24)
        with self._lock:
            self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked.get('state', '')})}"

    def token(self, form: dict[str, str], basic: str) -> tuple[int, dict[str, Any]]:
        """The tokens of a code, once, for who began it (client secret, PKCE, redirect address)."""
        with self._lock:
            asked = self.codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        if asked is None or asked.get("code_challenge") != challenge or asked["redirect_uri"] != form.get("redirect_uri"):
            return 400, {"error": "invalid_grant"}
        if basic != base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode():
            return 401, {"error": "invalid_client"}
        now = int(time.time())
        person = person_of(self.seed, asked["number"]) or {"name": "Bùi Thị Mận"}
        subject = hashlib.sha256(f"{self.client_id}/{asked['number']}".encode()).hexdigest()[:24]
        claims = {"iss": self.url, "aud": self.client_id, "sub": subject, "iat": now, "exp": now + LIFETIME,
                  "nonce": self.nonce or asked.get("nonce", ""), "acr": asked.get("acr", ""), "name": person["name"],
                  "personal_number": asked["number"]}  # fmt: skip
        code, name = BUSINESSES.get(asked["number"], ("", ""))
        if asked.get("for") and asked["for"] == code:
            claims["organization"] = {"code": code, "name": name}
        token = jwt.encode({"alg": "ES256", "kid": self.key.kid}, claims, self.key)
        return 200, {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "expires_in": LIFETIME, "id_token": token}

    def get(self, path: str, asked: dict[str, str]) -> tuple[int, str, bytes]:
        """(status, content type or, of a redirect, where to; body) of a GET."""
        back = asked.get("redirect_uri", "")
        if path == "/.well-known/openid-configuration":
            return _json(200, self.configuration())
        if path == "/jwks":
            return _json(200, {"keys": [self.key.as_dict(private=False)]})
        if path == "/authorize" and back:
            return 200, "text/html; charset=utf-8", self.page(asked).encode()
        if path == "/approve" and back:
            return 302, self.approve(asked), b""
        if path == "/deny" and back:
            return 302, f"{back}?{urlencode({'error': 'access_denied', 'state': asked.get('state', '')})}", b""
        return _json(404, {"error": "path"})

    def post(self, path: str, body: bytes, basic: str) -> tuple[int, str, bytes]:
        """As `get`, of a POST."""
        if path == "/token":
            return _json(*self.token({k: v[-1] for k, v in parse_qs(body.decode()).items()}, basic))
        if path != "/control":
            return _json(404, {"error": "path"})
        told = json.loads(body or b"{}")
        if told.pop("rotate", False):
            self.rotate()
        for name, value in told.items():
            setattr(self, name, value)
        return _json(200, {"codes": len(self.codes)})


def _json(status: int, answer: Any) -> tuple[int, str, bytes]:
    return status, "application/json", json.dumps(answer).encode()


def _handler(made: VNeID) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            where = urlsplit(self.path)
            self._send(*made.get(where.path, {k: v[-1] for k, v in parse_qs(where.query).items()}))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self._send(*made.post(self.path, body, (self.headers.get("Authorization") or "").removeprefix("Basic ")))

        def _send(self, status: int, kind: str, data: bytes) -> None:
            if made.down and self.path != "/control":
                self.close_connection = True  # hangs up without a word
                return
            self.send_response(status)
            self.send_header("Location" if status == 302 else "Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  http.server's name
            """Nothing of a person goes into a log."""

    return Handler
