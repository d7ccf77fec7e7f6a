"""The subjects of the rules, by the letters before a rule's number, in the order in which people ask."""

from __future__ import annotations

# prefix -> (Vietnamese, English)
GROUPS: dict[str, tuple[str, str]] = {
    "XLD": ("Xử lý đơn", "Handling letters"),
    "KN": ("Khiếu nại", "Complaints"),
    "TC": ("Tố cáo", "Denunciations"),
    "TCD": ("Tiếp công dân", "Receiving citizens"),
    "PAKN": ("Phản ánh, kiến nghị về quy định hành chính", "Feedback on administrative rules"),
    "MC": ("Thủ tục hành chính, một cửa", "Administrative procedures, one-stop shop"),
    "DD": ("Đất đai, giải phóng mặt bằng", "Land, site clearance"),
    "DC": ("Thực hiện dân chủ ở cơ sở", "Grassroots democracy"),
    "DT": ("Đối thoại với nhân dân", "Dialogue with the people"),
    "KLTT": ("Kết luận thanh tra", "Inspection conclusions"),
    "CT": ("Kiến nghị của cử tri", "Voters' recommendations"),
    "YK": ("Lấy ý kiến", "Asking for opinions"),
    "BV": ("Bảo vệ dữ liệu cá nhân", "Personal data protection"),
    "PT": ("Quy định của tỉnh", "Rules of the province"),
}
