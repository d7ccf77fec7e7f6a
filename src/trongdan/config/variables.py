"""Every variable an operator or developer may set, with what it means: data that docs/reference/settings.md is made
from. A test holds this list to the code: each variable read anywhere is here, with the default it has there.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Variable:
    """`default` is the text the code falls back on, None when there is none; `of` is "run", "build" or "test"."""

    name: str
    default: str | None
    means: str
    secret: bool = False
    of: str = "run"


VARIABLES: tuple[Variable, ...] = (
    Variable("TRONGDAN_HOME", ".trongdan",
             "Thư mục dữ liệu của một bản chạy (0700): cơ sở dữ liệu kèm theo, khóa, tệp gửi kèm, tệp giao diện đã"
             " gom, tin nhắn chờ gửi."),
    Variable("TRONGDAN_URL", "http://localhost:8000",
             "Địa chỉ người dân dùng. Vào đường dẫn theo dõi, mã QR, tên của nhật ký chung. Bắt đầu bằng https: "
             "thì cookie chỉ đi qua HTTPS và tin X-Forwarded-Proto của máy chủ đứng trước."),
    Variable("TRONGDAN_HOSTS", "localhost,127.0.0.1,[::1]",
             "Tên máy được chấp nhận trong yêu cầu, cách nhau bằng dấu phẩy."),
    Variable("TRONGDAN_PROXY", "0",
             "1: có máy chủ riêng đứng trước (nginx…) ghi địa chỉ người gửi vào cuối X-Forwarded-For. Không đặt thì giới hạn "
             "gửi đơn tính chung cho mọi người sau máy chủ ấy."),
    Variable("TRONGDAN_DEMO", "1",
             "1: hiện dải “Dữ liệu trình diễn”. `trongdan run` tự đặt theo --demo/--no-demo; chạy serve riêng thì "
             "đặt 0."),
    Variable("TRONGDAN_DATABASE_URL", None,
             "postgresql://máy:cổng/tên-cơ-sở-dữ-liệu của PostgreSQL ≥ 17 riêng. Không đặt thì chạy bản kèm theo. "
             "Tên người dùng trong URL bị bỏ qua: mỗi tiến trình dùng vai của nó.", secret=True),
    Variable("TRONGDAN_PASSWORD_…", None,
             "Mật khẩu của từng vai khi dùng PostgreSQL riêng: TRONGDAN_PASSWORD_TD_WEB, …_TD_JOB, …_TD_OWNER, "
             "…_TD_EXPORT. Không đặt thì dùng mật khẩu trong URL.", secret=True),
    Variable("TRONGDAN_DB_ROLE", "td_web",
             "Vai nối cơ sở dữ liệu. Các lệnh tự đặt; chỉ đặt tay khi chạy Django trực tiếp."),
    Variable("TRONGDAN_DB_NAME", "trongdan", "Tên cơ sở dữ liệu trong bản kèm theo."),
    Variable("TRONGDAN_STATES_KEY", "",
             "Khóa để hệ thống khác đọc trạng thái hồ sơ (GET /api/v1/dossiers/states, Authorization: Bearer …). Để trống: không "
             "ai đọc được.", secret=True),
    Variable("TRONGDAN_LAW_LOCAL", None,
             "Tệp TOML quy định và ngày nghỉ của riêng tỉnh (dạng như law/local/phu_tho.toml), thay mức trình diễn. Đổi tệp "
             "thì khởi động lại rồi chạy `trongdan law recompute`."),
    Variable("TRONGDAN_SMTP_HOST", "", "Máy chủ thư đi. Để trống: không gửi thư điện tử."),
    Variable("TRONGDAN_SMTP_PORT", "25", "Cổng máy chủ thư."),
    Variable("TRONGDAN_SMTP_USER", "", "Tài khoản máy chủ thư."),
    Variable("TRONGDAN_SMTP_PASSWORD", "", "Mật khẩu máy chủ thư.", secret=True),
    Variable("TRONGDAN_SMTP_TLS", "0", "1: nói chuyện với máy chủ thư qua STARTTLS."),
    Variable("TRONGDAN_MAIL_FROM", "khong-tra-loi@trongdan.localhost", "Địa chỉ người gửi của thư đi."),
    Variable("TRONGDAN_REGISTER_URL", "",
             "Địa chỉ Cơ sở dữ liệu quốc gia về dân cư. Để trống: câu hỏi chờ, được niêm phong, tới khi có."),
    Variable("TRONGDAN_REGISTER_TOKEN", "", "Mã truy cập Cơ sở dữ liệu quốc gia về dân cư.", secret=True),
    Variable("TRONGDAN_PORTAL_URL", "",
             "Địa chỉ kết nối Cổng Dịch vụ công quốc gia. Để trống: không nhận hồ sơ, trạng thái chờ ở đây."),
    Variable("TRONGDAN_PORTAL_TOKEN", "", "Mã truy cập Cổng Dịch vụ công quốc gia.", secret=True),
    Variable("TRONGDAN_PAYMENT_URL", "", "Địa chỉ nơi thu phí, lệ phí trực tuyến. Để trống: chỉ thu tại quầy."),
    Variable("TRONGDAN_PAYMENT_TOKEN", "", "Mã truy cập nơi thu phí, lệ phí trực tuyến.", secret=True),
    Variable("TRONGDAN_VNEID_ISSUER", "",
             "Địa chỉ (issuer, OpenID Connect) của VNeID để người dân đăng nhập. Để trống: không có nút đăng nhập; không ai bị "
             "buộc đăng nhập."),
    Variable("TRONGDAN_VNEID_CLIENT_ID", "trongdan", "Mã ứng dụng do VNeID cấp."),
    Variable("TRONGDAN_VNEID_CLIENT_SECRET", "", "Khóa ứng dụng do VNeID cấp.", secret=True),
    Variable("TRONGDAN_NATIONAL_URL", "",
             "Địa chỉ kết nối Cơ sở dữ liệu quốc gia về tiếp công dân, xử lý đơn. Để trống: không gửi; chép tay hoặc gửi tệp."),
    Variable("TRONGDAN_NATIONAL_TOKEN", "", "Mã truy cập Cơ sở dữ liệu quốc gia.", secret=True),
    Variable("TRONGDAN_NATIONAL_PORT", "trongdan.board.national.port.HttpPort",
             "Lớp nối Cơ sở dữ liệu quốc gia, khi kết nối của nơi vận hành có dạng khác."),
    Variable("TRONGDAN_OCR", "tesseract",
             "Chương trình đọc bản quét (tesseract, có dữ liệu tiếng Việt `vie`): tên hoặc đường dẫn. Để trống: tắt. Không có thì "
             "cán bộ tự gõ; `trongdan check` nói thiếu gì."),
    Variable("TRONGDAN_VOICES", "",
             "Thư mục giọng đọc: <ngôn ngữ>/<mã câu>.opus, .mp3 hoặc .m4a. Để trống: voices trong TRONGDAN_HOME. `trongdan voices` "
             "xuất các câu cần thu và nhận bản thu."),
    Variable("TRONGDAN_LOG", "WARNING", "Mức của nhật ký: DEBUG, INFO, WARNING, ERROR."),
    Variable("TRONGDAN_LOG_VALUES", None,
             "1: nhật ký ghi cả lời báo lỗi. Chỉ cho người viết mã, không bao giờ với đơn thật: lời báo lỗi có thể"
             " chứa lời người dân."),
    Variable("PORT", "8000", "Cổng của `trongdan run` và `trongdan serve`, khi không ghi --port."),
    Variable("DJANGO_SETTINGS_MODULE", "trongdan.config.settings",
             "Mô-đun cấu hình khác, để đặt các mục NOTICE_… dưới đây."),
    Variable("TRONGDAN_SERVED", None, "`trongdan serve` tự đặt cho tiến trình con, để chúng dừng theo nó."),
    Variable("TRONGDAN_COLLECTING", None, "1: dùng tên tệp giao diện có dấu băm dù chưa gom."),
    Variable("TRONGDAN_SHARED", None,
             "Thư mục tài liệu nguồn để dựng dữ liệu của tỉnh; không cần khi vận hành.", of="build"),
    Variable("TRONGDAN_CHROMIUM", None, "Đường dẫn Chromium cho kiểm thử trình duyệt và ảnh chụp trang.", of="test"),
)  # fmt: skip

# Settings of Django that only a settings module of one's own changes: `from trongdan.config.settings import *`, then
# these.
DJANGO_ONLY: tuple[Variable, ...] = (
    Variable("NOTICE_TEXT_GATEWAY", "trongdan.core.notices.gateway.FileGateway",
             "Lớp gửi tin nhắn (SMS, Zalo) của nhà cung cấp. Chuỗi rỗng: không gửi tin nhắn. Mặc định: ghi vào "
             "outbox-sms trong TRONGDAN_HOME."),
    Variable("NOTICE_QUIET_HOURS", "21:00-07:00", "Giờ không gửi thư, tin nhắn, theo giờ Việt Nam."),
    Variable("NOTICE_BACKOFF_MINUTES", "(1, 5, 30, 120, 360, 1440)",
             "Số phút chờ sau mỗi lần gửi hỏng; hết danh sách thì thôi."),
    Variable("NOTICE_FRESH_DAYS", "7", "Tin “đã nhận đơn” chỉ gửi khi đơn nhận trong chừng này ngày."),
    Variable("NOTICE_ADDRESSES", "trongdan.core.notices.addresses.IdentityAddresses",
             "Lớp tìm địa chỉ nhận tin của người gửi."),
)  # fmt: skip
