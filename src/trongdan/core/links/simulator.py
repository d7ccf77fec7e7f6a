"""A stand-in for the national systems over HTTP, a process of its own: invented people and dossiers by a seed, slow, failing,
answering by half, or away, as told. For trials and tests on one's own machine; never for real numbers.

    POST /register/confirm · /register/lookup    the population register
    POST /portal/pull · /portal/state · /portal/states    the national service portal
    POST /payment/order · /payment/paid · /payment/day; GET and POST /pay/ORDER    the payment provider and its page
    POST /control {"pay": [orders], "pay_again": [orders]}    somebody paid, without the page
    POST /control {"down": true, "latency": 0.2, "fail": 0.1, "half": 0.1, "forget": [codes]}    faults while it runs
"""

from __future__ import annotations

import hashlib
import json
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from pydantic import BaseModel, ValidationError

from .contract import CodesIn, ConfirmIn, CursorIn, DayIn, DossierIn, LookupIn, OrdersIn, Part, PayIn, Payment, StateIn

FAMILIES = ("Bùi", "Đinh", "Quách", "Nguyễn", "Trần", "Hà", "Phùng", "Lê", "Hoàng", "Bạch", "Phạm", "Vũ")
MIDDLES = ("Văn", "Thị", "Đức", "Thu", "Công", "Minh", "Ngọc", "Thanh")
GIVENS = ("An", "Hợp", "Lực", "Mận", "Nga", "Hiệu", "Tám", "Thơm", "Sơn", "Lụa", "Dũng", "Hằng")
PLACES = ("xã Kim Bôi", "xã Đà Bắc", "xã Tam Nông", "phường Việt Trì", "phường Vĩnh Yên", "phường Hòa Bình")
PROCEDURES = ("1.000894", "1.001193", "2.000635", "1.004222", "1.012222")
UNKNOWN = 0.03  # of numbers: nobody has them


@dataclass
class Faults:
    """`latency` is the mean in seconds; `fail` and `half` shares from 0 to 1; `down`: no answer at all."""

    latency: float = 0.0
    fail: float = 0.0
    half: float = 0.0
    down: bool = False


def person_of(seed: int, number: str) -> dict[str, str] | None:
    """The invented person of a number; always the same for a seed; nobody for some numbers."""
    draw = random.Random(f"{seed}/{number}")  # noqa: S311  invented people
    if draw.random() < UNKNOWN:
        return None
    born = date(1945, 1, 1) + timedelta(days=draw.randrange(27_000))
    middle = draw.choice(MIDDLES)
    return {"name": f"{draw.choice(FAMILIES)} {middle} {draw.choice(GIVENS)}", "born": born.isoformat(),
            "sex": "nữ" if middle in ("Thị", "Thu", "Ngọc") else "nam", "residence": draw.choice(PLACES)}  # fmt: skip


def dossier_of(seed: int, index: int) -> DossierIn:
    """The invented dossier number `index` of the portal."""
    draw = random.Random(f"{seed}/dossier/{index}")  # noqa: S311  as above
    number = f"0{draw.randrange(10**11):011d}"
    person = person_of(seed, number) or {"name": "Bùi Thị Mận"}
    name = f"don-{index}.pdf"
    return DossierIn(code=f"G01.99.25-260914-{index:06d}", procedure=draw.choice(PROCEDURES), agency="c04978-hcc",
                     lodged_at=datetime(2026, 9, 14, 0, 0, tzinfo=UTC) + timedelta(seconds=37 * index),
                     applicant={"number": number, "name": person["name"]},
                     parts=[Part(name=name, sha256=hashlib.sha256(name.encode()).hexdigest())])  # fmt: skip


@dataclass
class Simulator:
    """`dossiers`: how many the portal has to hand over; `states` what it was told; `calls` counts requests by path."""

    port: int = 0
    token: str = ""
    seed: int = 1
    dossiers: int = 0
    faults: Faults = field(default_factory=Faults)
    states: dict[str, StateIn] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    orders: dict[str, PayIn] = field(default_factory=dict)
    payments: list[Payment] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)  # noqa: S311  faults, no secrets
        self._lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), _handler(self))
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self._answers: dict[str, tuple[type[BaseModel] | None, Callable[[Any], Any]]] = {
            "/register/confirm": (ConfirmIn, self._confirm), "/register/lookup": (LookupIn, self._lookup),
            "/portal/pull": (CursorIn, self._pull), "/portal/state": (StateIn, self._state),
            "/portal/states": (CodesIn, self._states), "/payment/order": (PayIn, self._order),
            "/payment/paid": (OrdersIn, self._paid), "/payment/day": (DayIn, self._day),
        }  # fmt: skip

    def chance(self, share: float) -> bool:
        with self._lock:
            return self._chance.random() < share

    def delay(self) -> float:
        with self._lock:
            return self._chance.expovariate(1 / self.faults.latency) if self.faults.latency else 0.0

    def answer(self, path: str, token: str, body: Any) -> tuple[int, Any]:
        """(status, body) of a request."""
        with self._lock:
            self.calls[path] = self.calls.get(path, 0) + 1
        if path == "/control" and isinstance(body, dict):
            for one in fields(Faults):
                if one.name in body:
                    setattr(self.faults, one.name, body[one.name])
            for code in body.get("forget", ()):  # loses a state it had taken
                self.states.pop(code, None)
            for order in body.get("pay", ()):
                self.pay(order)
            for order in body.get("pay_again", ()):
                self.pay(order, again=True)
            return 200, {"calls": self.calls, "states": len(self.states)}
        if self.token and token != f"Bearer {self.token}":
            return 401, {"error": "token"}
        if self.chance(self.faults.fail):
            return 503, {"error": "busy"}
        if path not in self._answers:
            return 404, {"error": "path"}
        shape, act = self._answers[path]
        try:
            asked = shape.model_validate(body) if shape else body
        except ValidationError:
            return 422, {"error": "shape"}
        return 200, act(asked)

    def _confirm(self, asked: ConfirmIn) -> Any:
        person = person_of(self.seed, asked.number)
        verdict = {k: "same" if person and _plain(person[k]) == _plain(said) else "differs" for k, said in asked.attributes.items()}
        return {"request": asked.request, "found": person is not None, "as_of": datetime.now(UTC).isoformat(),
                "result": verdict if person else {}}  # fmt: skip

    def _lookup(self, asked: LookupIn) -> Any:
        person = person_of(self.seed, asked.number)
        return {"request": asked.request, "found": person is not None, "as_of": datetime.now(UTC).isoformat(),
                "person": {k: person[k] for k in asked.fields} if person else {}}  # fmt: skip

    def _pull(self, asked: CursorIn) -> Any:
        start = int(asked.cursor) if asked.cursor.isdecimal() else 0
        end = min(start + 50, self.dossiers)
        return {"dossiers": [dossier_of(self.seed, n).model_dump(mode="json") for n in range(start, end)], "cursor": str(end),
                "more": end < self.dossiers}  # fmt: skip

    def _order(self, asked: PayIn) -> Any:
        with self._lock:
            self.orders.setdefault(str(asked.order), asked)
        return {"order": str(asked.order), "url": f"{self.url}/pay/{asked.order}"}

    def pay(self, order: str, *, again: bool = False, amount: int | None = None) -> bool:
        """What a payer does on the provider's page; once, unless `again`."""
        asked = self.orders.get(order)
        with self._lock:
            if asked is None or (not again and any(str(p.order) == order for p in self.payments)):
                return asked is not None
            self.payments.append(Payment(order=asked.order, number=f"GD{len(self.payments) + 1:08d}", amount=amount or asked.amount,
                                         at=datetime.now(UTC)))  # fmt: skip
        return True

    def _paid(self, asked: OrdersIn) -> Any:
        return {"payments": [p.model_dump(mode="json") for p in self.payments if p.order in asked.orders]}

    def _day(self, asked: DayIn) -> Any:
        return {"payments": [p.model_dump(mode="json") for p in self.payments if p.at.date() == asked.on]}

    def page(self, order: str) -> str | None:
        """The provider's page of an order, for a browser; None for one that is not there."""
        asked = self.orders.get(order)
        if asked is None:
            return None
        paid = any(str(p.order) == order for p in self.payments)
        button = "Đã nộp." if paid else "<form method=post><button>Nộp</button></form>"
        name = "Nơi thu tiền (giả lập)"
        return (f"<!doctype html><html lang=vi><meta charset=utf-8><title>{name}</title><h1>{name}</h1>"
                f"<p>{asked.words}: {asked.amount} đồng</p>{button}<p><a href='{asked.back}'>Quay lại</a></p></html>")  # fmt: skip

    def _state(self, told: StateIn) -> Any:
        with self._lock:
            known = self.states.get(told.code)
            if known is None or known.turn < told.turn:  # what comes late does not go back
                self.states[told.code] = told
        return {"code": told.code, "turn": told.turn}

    def _states(self, asked: CodesIn) -> Any:
        with self._lock:
            return {"states": {c: self.states[c].model_dump(mode="json") if c in self.states else None for c in asked.codes}}


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _handler(simulator: Simulator) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = simulator.page(self.path.removeprefix("/pay/")) if self.path.startswith("/pay/") else None
            data = (page or "").encode()
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_POST(self) -> None:
            if self.path.startswith("/pay/"):
                simulator.pay(self.path.removeprefix("/pay/"))
                self.send_response(303)
                self.send_header("Location", self.path)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            try:
                body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"null")
            except ValueError:
                body = None
            if simulator.faults.down and self.path != "/control":
                self.close_connection = True
                return  # hangs up without a word
            time.sleep(simulator.delay())
            status, answer = simulator.answer(self.path, self.headers.get("Authorization") or "", body)
            data = json.dumps(answer, ensure_ascii=False).encode()
            half = status == 200 and self.path != "/control" and simulator.chance(simulator.faults.half)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data[: len(data) // 2] if half else data)
            if half:
                self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  http.server's name
            """Nothing of a person goes into a log."""

    return Handler
