"""Citations in English. `Luật Khiếu nại 02/2011/QH13 Đ28 k1` reads `Law on Complaints (Luật Khiếu nại 02/2011/QH13),
Article 28, clause 1`: the Vietnamese name stays, because that is the name under which anyone finds the text. Pure."""

from __future__ import annotations

import re

# The names in the law's data (the short ones as well) -> (the name in full, English).
LAWS = {
    "Bộ luật Dân sự": ("Bộ luật Dân sự", "Civil Code"),
    "Luật Khiếu nại": ("Luật Khiếu nại", "Law on Complaints"),
    "Luật Tố cáo": ("Luật Tố cáo", "Law on Denunciations"),
    "Luật Tiếp công dân": ("Luật Tiếp công dân", "Law on Receiving Citizens"),
    "Luật TCD": ("Luật Tiếp công dân", "Law on Receiving Citizens"),
    "Luật Đất đai": ("Luật Đất đai", "Land Law"),
    "Luật ĐĐ": ("Luật Đất đai", "Land Law"),
    "Luật Thanh tra": ("Luật Thanh tra", "Law on Inspection"),
    "Luật TTra": ("Luật Thanh tra", "Law on Inspection"),
    "Luật TCCQĐP": ("Luật Tổ chức chính quyền địa phương", "Law on the Organisation of Local Government"),
    "Luật Tố tụng hành chính": ("Luật Tố tụng hành chính", "Law on Administrative Procedure"),
    "Luật Thực hiện dân chủ ở cơ sở": ("Luật Thực hiện dân chủ ở cơ sở", "Law on Grassroots Democracy"),
    "Luật Hoạt động giám sát": ("Luật Hoạt động giám sát", "Law on Supervisory Activities"),
    "Luật Bảo vệ dữ liệu cá nhân": ("Luật Bảo vệ dữ liệu cá nhân", "Law on Personal Data Protection"),
    "Luật Bảo vệ bí mật nhà nước": ("Luật Bảo vệ bí mật nhà nước", "Law on the Protection of State Secrets"),
}
_NUMBER = r"(?P<number> \d+/\d{4}(?:/QH\d+)?| \d{4})?"
_LAW = re.compile("(?P<name>" + "|".join(sorted(map(re.escape, LAWS), key=len, reverse=True)) + ")" + _NUMBER)
# In this order: a later line reads what an earlier one left.
_PARTS: tuple[tuple[str, str], ...] = (
    (r"Quy chế làm việc của Chính phủ", "Working Rules of the Government"),
    (r"Quy chế làm việc UBND tỉnh", "Working Rules of the provincial People’s Committee"),
    (r"TTHC xử lý đơn \(Cổng DVCQG\)", "the procedure for handling letters (National Public Service Portal)"),
    (r"Mức trình diễn, chưa có văn bản của tỉnh", "a value for demonstration: the province has issued no text yet"),
    (r"điều khoản chưa đối chiếu", "article not yet checked against the original"),
    (r"chưa đối chiếu(?: với bản gốc)?", "not yet checked against the original"),
    (r"Danh mục thủ tục hành chính, mã ([\d.]+), bản (\S+)", r"Catalogue of procedures, \1, version \2"),
    (r"Quy trình nội bộ của thủ tục ([\d.]+), bản (\S+), bước (\d+)", r"Internal process of procedure \1, version \2, desk \3"),
    (r"\bNQLT (?=\d)", "Joint Resolution "), (r"\bNĐ (?=\d)", "Decree "), (r"\bTT (?=\d)", "Circular "),
    (r"\bQĐ (?=\d)", "Decision "), (r"\bNQ (?=\d)", "Resolution "), (r"\bQuy định (?=\d)", "Party Regulation "),
    (r"\bKết luận (?=\d)", "Party Conclusion "), (r"\bLuật (?=\d+/)", "Law "), (r"\bLuật (?=\d{4}\b)", "Law of "),
    (r"\bkèm theo\b", "issued with"), (r"\bsửa (?:đổi )?bởi\b", "amended by"),
    (r"\bbổ sung bởi\b", "added by"), (r"\bnay thay bởi\b", "now replaced by"),
    (r"\(sửa (?=Decree)", "(amended: "), (r"(\d+) ngày làm việc\b", r"\1 working days"),
    (r"\bngày (\d\d/\d\d/\d{4})", r"of \1"), (r"(\d+) ngày\b", r"\1 days"), (r"\bMẫu (?:số )?(?=\d)", "Form "),
    (r"(\w) và (?=[kđĐ])", r"\1 and "), (r"\band k(\d+\w?)\b", r"and clause \1"),
    (r"(^|[\s(])Đ(\d+[a-zđ]?)–(\d+[a-zđ]?)\b", r"\1Articles \2–\3"), (r"(^|[\s(])Đ(\d+[a-zđ]?)\b", r"\1Article \2"),
    (r"(^|[\s(])k(\d+)–(\d+)\b", r"\1clauses \2–\3"), (r"(^|[\s(])k(\d+)\b", r"\1clause \2"),
    (r"(^|\s)đ\.([a-zđ])\b", r"\1point \2"), (r"\bđoạn (\d+)", r"paragraph \1"),
    (r"(?<=[\w)]) (?=(?:Articles?|clauses?|point|paragraph) [\da-zđ])", ", "), (r"\band, (?=clause|Article|point)", "and "),
)  # fmt: skip


def _law(found: re.Match[str]) -> str:
    full, english = LAWS[found["name"]]
    return f"{english} ({full}{found['number'] or ''})"


def cite(text: str) -> str:
    """The text with every citation in it in English; whatever else it says is left as it is."""
    said = _LAW.sub(_law, text)
    for pattern, english in _PARTS:
        said = re.sub(pattern, english, said)
    return said
