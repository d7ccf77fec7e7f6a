"""Several people on one side of a case: who each is, written a line each, and who of them speaks for all. For the vault.

A letter of several denouncers names each one with address and a way to reach them, and who represents them (Luật Tố cáo 25/2018
Đ23 k1)."""

from __future__ import annotations

from collections.abc import Mapping

from trongdan.kernel.errors import Refusal

BASIS = "Luật Tố cáo Đ23 k1"
MARK = "*"  # before the name of who represents them
MOST = 500


def people(text: str, field: str) -> list[Mapping[str, str]]:
    """`họ tên; địa chỉ; cách liên hệ`, a line each, `*` before who represents them. Each as name, address, phone or email, and
    `represents` ("1") where it holds. Raises Refusal naming the line."""
    out: list[Mapping[str, str]] = []
    for number, line in enumerate((row for row in text.splitlines() if row.strip()), 1):
        parts = [part.strip() for part in line.split(";")]
        if len(parts) != 3 or not all(parts) or len(parts[0].lstrip(MARK).split()) < 2:
            raise _refused(f"Dòng {number}: hãy ghi đủ “họ tên; địa chỉ; cách liên hệ”, cách nhau bằng dấu chấm phẩy.", field)
        name, address, contact = parts
        reach = "email" if "@" in contact else "phone"
        out.append({"name": name.lstrip(MARK).strip(), "address": address, reach: contact,
                    **({"represents": "1"} if name.startswith(MARK) else {})})  # fmt: skip
    if not 2 <= len(out) <= MOST:
        raise _refused(f"Nhiều người thì ghi từ 2 đến {MOST} người, mỗi người một dòng.", field)
    if not any("represents" in one for one in out):
        raise _refused("Hãy đánh dấu * trước họ tên người đại diện cho những người tố cáo.", field)
    return out


def _refused(words: str, field: str) -> Refusal:
    return Refusal("people.incomplete", words, BASIS, {"field": field})
