"""What a procedure of the catalogue is once it was understood. Pure values; `as_body` is the JSON that is kept."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

UNITS = ("hour", "working_day", "calendar_day", "month")
UNIT_WORDS = {"hour": "giờ", "working_day": "ngày làm việc", "calendar_day": "ngày", "month": "tháng"}
LEVELS = {"commune": "Cấp xã", "province": "Cấp tỉnh", "ministry": "Cấp bộ", "other": "Cơ quan khác"}
CHANNELS = {"counter": "Trực tiếp", "online": "Trực tuyến", "post": "Bưu chính"}


@dataclass(frozen=True, slots=True)
class Duration:
    """A time as published. `unit` None: the text has a number and nothing else says of what. `read_in`: where the unit
    stands: "duration" (its own field), "note" (the description beside it) or "steps"."""

    value: int
    unit: str | None
    channel: str
    read_in: str = "duration"


@dataclass(frozen=True, slots=True)
class Case:
    """Another time, for a case that the description names in its own `words`."""

    value: int
    unit: str
    words: str


@dataclass(frozen=True, slots=True)
class Fee:
    """What is to be paid. `amount` in whole units of `currency`, 0 when free, None when only words say it.

    `mended`: the published number was in a wrong unit (135 for 135,000) and the words beside it gave the right one."""

    amount: int | None
    currency: str
    words: str
    channel: str
    mended: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A paper to bring. Copies None: the text does not say. `group` is the case for which it is asked. A `remark` stands
    among the papers and is none: it only says how they are to be brought."""

    name: str
    originals: int | None
    copies: int | None
    form: str = ""
    group: str = ""
    remark: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """Something that could not be understood: of which part, why (a short code), and the words themselves."""

    part: str
    why: str
    words: str


@dataclass(frozen=True, slots=True)
class Procedure:
    """One procedure, typed. `notes` is what could not be understood of it."""

    code: str
    name: str
    field: str
    levels: tuple[str, ...]
    ministry: str
    agency: str
    decision: str
    applicants: tuple[str, ...]
    channels: tuple[str, ...]
    durations: tuple[Duration, ...]
    cases: tuple[Case, ...]
    fees: tuple[Fee, ...]
    documents: tuple[Document, ...]
    steps: tuple[str, ...]
    results: tuple[str, ...]
    legal: tuple[str, ...]
    conditions: str
    source_url: str
    notes: tuple[Note, ...] = ()

    def as_body(self) -> dict[str, Any]:
        """As JSON: tuples become lists. `code`, `name`, `field` and `levels` stand in columns of their own too."""
        return asdict(self)


# Why something was not understood, in words for the report.
WHY = {
    "no_duration": "không ghi thời hạn",
    "no_unit": "có số mà không có đơn vị",
    "glued": "số ngày dính liền với số tiền",
    "contradiction": "hai nơi ghi hai đơn vị khác nhau",
    "no_channel": "không ghi cách nộp",
    "fee_unknown": "không ghi phí, lệ phí",
    "fee_words": "phí chỉ có lời, không có số",
    "fee_unit": "số tiền ghi sai đơn vị, không có lời để sửa",
    "fee_mended": "số tiền ghi sai đơn vị, đã sửa theo lời bên cạnh",
    "fee_disagrees": "số tiền và lời bên cạnh khác nhau",
    "no_documents": "không ghi giấy tờ",
    "documents_words": "giấy tờ viết thành lời, không có bảng",
    "row_lost": "một dòng của bảng giấy tờ không có tên",
    "copies": "số bản quá lớn, có thể dính với chữ số khác",
    "tail": "chữ còn lại sau dòng cuối của bảng giấy tờ",
    "level": "không nhận ra cấp thực hiện",
}
