"""The machine's reading of a letter, as pages and the worker use it: `law/classify` with the province's places and the
model in use. Advice, never a decision. Pure but for the model file of this instance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from trongdan.core.agencies.places import place_names
from trongdan.law import classify as law
from trongdan.law.competence.naming import about_of

from .model_in_use import in_use

NATURES = law.NATURES
SIGNED = ("khieu_nai", "to_cao")  # natures that need a signature or fingerprint (Luật Khiếu nại Đ8, Luật Tố cáo Đ23)


@dataclass(frozen=True, slots=True)
class Reading:
    """`whole` is all that was read; `missing` what the sender may still add, in words."""

    whole: law.Reading
    text: str
    missing: tuple[str, ...]

    @property
    def nature(self) -> str:
        return self.whole.nature

    @property
    def topic(self) -> str:
        return self.whole.field

    @property
    def sure(self) -> float:
        """Calibrated probability of the nature, 0 to 1."""
        return self.whole.nature_p

    @property
    def decided(self) -> bool:
        """False: below the threshold, "cần người phân loại"."""
        return self.whole.decided

    @property
    def because(self) -> tuple[str, ...]:
        """The words of the letter that decided, as written, at most four."""
        found = (self.text[b.start : b.end] for b in self.whole.because
                 if b.start is not None and b.end is not None and not b.aside)
        return tuple(dict.fromkeys(" ".join(words.split()) for words in found if words.strip()))[:4]


def read(text: str, on: date, *, named: bool = False, agency: str = "") -> Reading:
    """Read a letter by the law of the day `on`. `named` says that the sender gave a name and a way to be reached;
    `agency` is the receiving agency's name."""
    whole = law.classify(text, on, place_names(), about_of(agency) if agency else None, in_use())
    missing = []
    if not (named or (whole.senders.name and whole.senders.address)):
        missing.append("họ tên, địa chỉ")
    if whole.nature in SIGNED and whole.senders.signature is None:
        missing.append("chữ ký hoặc điểm chỉ")
    return Reading(whole, text, tuple(missing))
