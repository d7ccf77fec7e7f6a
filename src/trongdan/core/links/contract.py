"""What goes over the links and what may come back, as strict shapes: an answer that lacks half is no answer.

These shapes are our own until the operators' contracts are at hand; `trongdan links schema` prints them as JSON Schema. Nothing of
them was read in a primary text: adapters of another shape take their place."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

Attribute = Literal["name", "born", "sex", "residence"]
Verdict = Literal["same", "differs", "unknown"]
Number = Annotated[str, Field(pattern=r"^\d{12}$", description="Số định danh cá nhân")]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ConfirmIn(Strict):
    """Asks whether what a person said is what the register has. The register answers yes or no, never with the value."""

    request: str = Field(min_length=8, max_length=60)
    purpose: str = Field(min_length=1, max_length=40)
    basis: str = Field(min_length=1, max_length=300)
    officer: str = Field(min_length=1, max_length=80)
    number: Number
    attributes: dict[Attribute, str] = Field(min_length=1)


class ConfirmOut(Strict):
    request: str
    found: bool
    result: dict[Attribute, Verdict]
    as_of: datetime


class LookupIn(Strict):
    """Asks for named fields of a person, for a purpose that the law allows it for."""

    request: str = Field(min_length=8, max_length=60)
    purpose: str = Field(min_length=1, max_length=40)
    basis: str = Field(min_length=1, max_length=300)
    officer: str = Field(min_length=1, max_length=80)
    number: Number
    fields: list[Attribute] = Field(min_length=1)


class PersonOut(Strict):
    name: str | None = None
    born: date | None = None
    sex: str | None = None
    residence: str | None = None


class LookupOut(Strict):
    request: str
    found: bool
    person: PersonOut
    as_of: datetime


class Part(Strict):
    name: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class DossierIn(Strict):
    """A dossier as the national portal hands it over: its own code is kept as it is."""

    code: str = Field(pattern=r"^[A-Z0-9.\-]{8,40}$")
    procedure: str = Field(min_length=1, max_length=40)
    agency: str = Field(min_length=1, max_length=40)
    lodged_at: datetime
    applicant: dict[str, str]
    parts: list[Part]


class CursorIn(Strict):
    cursor: str


class CodesIn(Strict):
    codes: list[str]


class PulledOut(Strict):
    dossiers: list[DossierIn]
    cursor: str
    more: bool


class StateIn(Strict):
    """A state of a dossier for the national portal. `turn` grows; the same twice is harmless."""

    code: str
    turn: int = Field(ge=1)
    state: str = Field(min_length=1, max_length=40)
    on: date
    due: date | None = None
    result: str | None = Field(None, pattern=r"^[0-9a-f]{64}$", description="Dấu băm của kết quả điện tử")


class StateOut(Strict):
    code: str
    turn: int


class StatesOut(Strict):
    states: dict[str, StateIn | None]


class PayIn(Strict):
    """Asks for a page where an amount is paid. Nothing says who owes it, or for which case: `words` are the same for all."""

    order: UUID
    amount: int = Field(ge=1000, le=10_000_000_000, description="đồng")
    words: str = Field(max_length=120)
    back: str = Field(max_length=300)


class PayOut(Strict):
    order: UUID
    url: str = Field(pattern=r"^https?://", max_length=600)


class Payment(Strict):
    """Money that arrived. `number` is the provider's own, of this one payment."""

    order: UUID
    number: str = Field(min_length=1, max_length=60)
    amount: int = Field(ge=1)
    at: datetime


class OrdersIn(Strict):
    orders: list[UUID]


class DayIn(Strict):
    on: date


class PaymentsOut(Strict):
    payments: list[Payment]


def schemas() -> dict[str, Any]:
    """Every shape as JSON Schema (2020-12), by its name."""
    shapes: tuple[type[BaseModel], ...] = (ConfirmIn, ConfirmOut, LookupIn, LookupOut, CursorIn, DossierIn, PulledOut, StateIn,
                                           StateOut, CodesIn, StatesOut, PayIn, PayOut, OrdersIn, DayIn, PaymentsOut)  # fmt: skip
    return {shape.__name__: shape.model_json_schema() for shape in shapes}
