"""Invented letters: distinct, about 800 characters, on matters as people bring them. No real person, no real letter."""

from __future__ import annotations

from random import Random

OPENINGS = (
    "Kính gửi Ủy ban nhân dân xã. Tôi viết đơn này để trình bày một việc đã kéo dài mà chưa được xem xét.",
    "Kính gửi cơ quan tiếp nhận. Thay mặt các hộ trong xóm, tôi xin trình bày sự việc dưới đây.",
    "Tôi đã hỏi trưởng xóm hai lần nhưng chưa có câu trả lời, nên gửi đơn đến quý cơ quan.",
    "Gia đình tôi sống ở đây đã ba đời và chưa từng phải làm đơn, nay mong được lắng nghe.",
)
MATTERS = (
    "Đoạn đường bê tông trước nhà văn hóa bị sụt, xe chở cát chạy đêm làm mặt đường vỡ thành hố sâu.",
    "Cống thoát nước cuối xóm tắc từ đầu mùa mưa, nước bẩn tràn vào sân và giếng của nhiều nhà.",
    "Đèn chiếu sáng công cộng hỏng cả dãy, buổi tối trẻ con đi học về phải dò đường.",
    "Bãi rác tạm để quá lâu không thu gom, mùi hôi và ruồi bay vào trường mầm non.",
    "Trạm bơm ngừng chạy giữa vụ, lúa đang trổ bông mà ruộng nứt nẻ.",
    "Cơ sở chế biến gỗ hoạt động cả đêm, tiếng máy và bụi mùn cưa khiến người già không ngủ được.",
    "Khi đo đạc để bồi thường, diện tích ghi trong biên bản thiếu so với giấy chứng nhận của gia đình tôi.",
    "Hồ sơ xin cấp giấy chứng nhận quyền sử dụng đất nộp đã lâu mà chỉ được hẹn lại bằng miệng.",
    "Danh sách hộ nghèo năm nay không có tên mẹ tôi dù hoàn cảnh không thay đổi.",
    "Tiền hỗ trợ sau bão đã có quyết định nhưng đến nay hộ chúng tôi chưa nhận được.",
    "Nhà hàng xóm xây lấn lối đi chung, xe cứu thương không vào được ngõ.",
    "Nước sinh hoạt đục và có mùi lạ nhiều ngày liền, chúng tôi phải mua nước bình để nấu ăn.",
    "Cột điện gần trường tiểu học nghiêng hẳn ra đường, mỗi khi gió to dây chạm vào mái tôn.",
    "Lớp học bán trú thu nhiều khoản không có phiếu, phụ huynh hỏi thì được trả lời là tự nguyện.",
    "Trạm y tế thiếu thuốc huyết áp đã hai tháng, người cao tuổi phải đi xa để lĩnh.",
    "Bờ suối sạt lở sau mưa lớn, chỉ còn cách móng nhà chưa đầy ba mét.",
    "Việc chia đất rừng sản xuất cho các hộ trong xóm không được công khai, nhiều nhà không biết mốc ở đâu.",
    "Chợ phiên tràn ra quốc lộ, sáng nào cũng ùn tắc và đã có hai vụ va chạm.",
    "Trang trại lợn xả thải xuống mương, cá trong ao của chúng tôi chết trắng.",
    "Cán bộ một cửa nói năng gay gắt và bảo tôi về làm lại hồ sơ mà không ghi phiếu hướng dẫn.",
)
DETAILS = (
    "Chúng tôi đã chụp ảnh và ghi lại ngày giờ, sẵn sàng cung cấp khi được yêu cầu.",
    "Sự việc bắt đầu từ cuối tháng ba và nặng hơn sau mỗi trận mưa.",
    "Cuộc họp xóm gần đây đã lập biên bản, có chữ ký của đại diện các hộ.",
    "Đã có người bị ngã phải vào trạm y tế, may mà không nguy hiểm đến tính mạng.",
    "Người dân đã tự góp công sửa tạm nhưng chỉ được vài hôm.",
    "Tôi được biết việc này thuộc trách nhiệm của xã, nếu không đúng xin chỉ giúp nơi cần gửi.",
    "Trước đây có đoàn về kiểm tra nhưng không thấy thông báo kết quả.",
    "Bà con rất lo vì mùa mưa bão đang đến gần.",
)
ENDINGS = (
    "Kính mong cơ quan cho kiểm tra thực tế, trả lời bằng văn bản và cho biết ai sẽ làm, khi nào xong.",
    "Đề nghị xem xét giải quyết theo đúng quy định và thông báo cho tôi được biết.",
    "Tôi xin chịu trách nhiệm về những điều đã trình bày và chân thành cảm ơn.",
)
SURNAMES = ("Bùi", "Đinh", "Hà", "Quách", "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Xa", "Lường", "Triệu", "Phùng", "Vũ")
MIDDLES = ("Văn", "Thị", "Đức", "Thu", "Minh", "Ngọc", "Công", "Thanh", "Xuân", "Hải")
GIVEN = ("Mận", "Lực", "Tám", "Ngần", "Thơm", "Hiệu", "Sơn", "Hằng", "Khoát", "Nhâm", "Quyền", "Tuyết", "Chiến", "Duyên", "Khánh",
         "Lụa", "Mười", "Nhiên", "Oanh", "Phượng")  # fmt: skip
WANTED = 800  # characters


def name_of(number: int) -> str:
    """An invented name."""
    pick = Random(number * 7 + 1)
    return f"{pick.choice(SURNAMES)} {pick.choice(MIDDLES)} {pick.choice(GIVEN)}"


def letter(number: int, wanted: int = WANTED) -> str:
    """The letter of a number: always the same, no two alike, close to `wanted` characters."""
    pick = Random(number)
    where = f"Sự việc xảy ra tại thửa đất số {number}, tờ bản đồ {number % 97 + 1}, xóm {number % 23 + 1}."
    parts, middle = [pick.choice(OPENINGS), where], [*MATTERS, *DETAILS]
    pick.shuffle(middle)
    end = pick.choice(ENDINGS)
    for part in middle:
        if sum(map(len, parts)) + len(part) + len(end) > wanted:
            break
        parts.append(part)
    return " ".join([*parts, end])
