"""Invented letters for the simulated year: small frames, no real person, no real letter."""

from __future__ import annotations

from random import Random

# topic, what happened; `{place}` is an invented spot
CAUSES: tuple[tuple[str, str], ...] = (
    ("giao thông", "Đường bê tông qua {place} bị xe chở đất làm vỡ, trời mưa không đi được."),
    ("giao thông", "Cống ngang đường ở {place} sập một bên, buổi tối đi lại rất nguy hiểm."),
    ("môi trường", "Điểm tập kết rác ở {place} để nhiều ngày không dọn, mùi bay vào nhà dân."),
    ("môi trường", "Trại lợn gần {place} xả nước thải ra mương, cá nuôi của các hộ bị chết."),
    ("điện nước", "Nước máy ở {place} đục và mất áp từ đầu tháng, người dân phải mua nước."),
    ("điện nước", "Cột điện ở {place} nghiêng, dây võng sát mái nhà."),
    ("đất đai", "Hồ sơ cấp giấy chứng nhận của gia đình tôi ở {place} nộp đã lâu chưa có kết quả."),
    ("đất đai", "Mốc giới đất ở {place} chưa được cắm lại sau khi làm đường."),
    ("chế độ chính sách", "Tiền hỗ trợ sau bão của xóm {place} có tên mà chưa được nhận."),
    ("giáo dục", "Điểm trường {place} dột, các cháu phải học ghép."),
    ("y tế", "Trạm y tế ở {place} thiếu thuốc thường dùng cho người cao tuổi."),
    ("trật tự", "Quán hát ở {place} mở nhạc to quá nửa đêm."),
)
OPENINGS = ("Kính gửi cơ quan.", "Kính gửi Ủy ban nhân dân xã.", "Tôi viết đơn này để trình bày một việc.",
            "Thay mặt các hộ trong xóm, tôi trình bày.")  # fmt: skip
ASKS = ("Đề nghị cho kiểm tra và trả lời bằng văn bản.", "Mong sớm được giải quyết.", "Đề nghị cho biết ai làm và khi nào xong.")
COMPLAINED = (
    "Tôi không đồng ý với quyết định thu hồi thửa đất ở {place} vì diện tích ghi thiếu. Tôi khiếu nại quyết định ấy.",
    "Tôi khiếu nại quyết định xử phạt về việc xây tường rào ở {place}: tường nằm trong phần đất của gia đình tôi.",
    "Tôi khiếu nại phương án bồi thường ở {place}: cây trồng trên đất chưa được tính.",
)
DENOUNCED = (
    "Tôi tố cáo người có chức vụ ở địa phương cho múc đất ở {place} đem bán.",
    "Tôi tố cáo việc thu tiền của các hộ ở {place} không có biên lai.",
)
TRANSCRIPT = "Người tố cáo trình bày việc làm trái quy định ở một nơi trong địa bàn. Đề nghị xác minh."
HEADS = ("Bãi", "Suối", "Đồi", "Gò", "Đầm", "Nà", "Vực", "Khe", "Đồng", "Bến", "Cầu", "Hang")
TAILS = ("Lạng", "Mềnh", "Ngót", "Thuông", "Chẫm", "Khiếc", "Phưởng", "Troạn", "Rụi", "Vàn", "Xồi", "Hóp")
SURNAMES = ("Bùi", "Đinh", "Hà", "Quách", "Xa", "Lường", "Triệu", "Phùng", "Bạch", "Đặng")
MIDDLES = ("Văn", "Thị", "Đức", "Thu", "Minh", "Công", "Thanh", "Xuân")
GIVEN = ("Mận", "Lực", "Tám", "Thơm", "Sơn", "Hằng", "Khoát", "Nhâm", "Quyền", "Duyên", "Lụa", "Mười", "Oanh", "Hợi")


def place(chance: Random) -> str:
    return f"{chance.choice(HEADS)} {chance.choice(TAILS)}"


def name(chance: Random) -> str:
    return f"{chance.choice(SURNAMES)} {chance.choice(MIDDLES)} {chance.choice(GIVEN)}"


def letter(chance: Random, matter: str, spot: str) -> str:
    return f"{chance.choice(OPENINGS)} {matter.format(place=spot)} {chance.choice(ASKS)}"
