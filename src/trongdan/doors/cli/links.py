"""`trongdan links …`: the ways to national systems: their shapes, what waits, who asked about a person, and a stand-in."""

from __future__ import annotations

import json
import threading
from http.server import ThreadingHTTPServer

import click

from ._shell import database, say


@click.group(short_help="Kết nối quốc gia: dân cư, Cổng Dịch vụ công.")
def command() -> None:
    """Kết nối các hệ thống quốc gia."""


@command.command(short_help="In hợp đồng dữ liệu (JSON Schema).")
def schema() -> None:
    """Dạng dữ liệu gửi đi và nhận về. Của hệ thống này cho tới khi có hợp đồng của bên kia."""
    from trongdan.core.links.contract import schemas

    click.echo(json.dumps(schemas(), ensure_ascii=False, indent=1))


@command.command(short_help="Ai đã hỏi về một người, để trả lời chính người ấy.")
@click.option("--number", prompt="Số định danh cá nhân", hide_input=True, help="Hỏi khi chạy, không hiện trên màn hình.")
def asked(number: str) -> None:
    """Mỗi lần hỏi: lúc nào, cơ quan nào, mục đích, căn cứ, thông tin gì. Không có câu trả lời: nó không được lưu."""
    with database("td_job"):
        from trongdan.core.cases.scope import JOB, scope
        from trongdan.core.links.audit import of_person

        with scope(JOB):
            rows = of_person(number.strip())
    for at, link, operation, agency, purpose, basis, names in rows:
        click.echo(f"{at:%d/%m/%Y %H:%M} · {link} {operation} · {agency} · {purpose} ({basis}) · {', '.join(names)}")
    say(f"{len(rows)} lần.")


@command.command(short_help="Trạng thái nào chưa tới Cổng Dịch vụ công, hoặc khác bên kia.")
def behind() -> None:
    """In JSON: mã quốc gia, trạng thái, từ bao giờ, đã thử mấy lần, trường nào khác. Không có tên hay lời của ai."""
    with database("td_job"):
        from trongdan.core.cases.scope import JOB, scope
        from trongdan.core.links import portal

        with scope(JOB):
            found = portal.behind()
    click.echo(portal.as_json(found))
    say(f"{len(found)} trạng thái lệch.")


@command.command(short_help="Tiền phí nộp trực tuyến không khớp, còn phải trả lại.")
def owed() -> None:
    """Mỗi dòng: số giao dịch, số tiền, lúc nào, vì sao (twice nộp hai lần, amount số tiền khác, refused hồ sơ không còn phải nộp,
    unknown không của hồ sơ nào). Khoản của hồ sơ thì Một cửa cũng thấy; khoản unknown chỉ có ở đây. Không có tên ai."""
    with database("td_job"):
        from trongdan.core.cases.scope import JOB, scope
        from trongdan.core.links.payment import owed_back

        with scope(JOB):
            found = [o for o in owed_back(1000) if o.settled_at is None]
    for one in found:
        click.echo(f"{one.number}\t{one.amount}\t{one.paid_at:%Y-%m-%d %H:%M}\t{one.what}")
    say(f"{len(found)} khoản phải trả lại.")


@command.command(short_help="Chạy nơi đăng nhập giả thay VNeID, để thử.")
@click.option("--port", type=click.IntRange(0, 65535), default=8197, show_default=True, help="Cổng; 0: cổng nào trống.")
@click.option("--seed", type=int, default=1, show_default=True, help="Người nào: cùng số thì giống nhau.")
def vneid(port: int, seed: int) -> None:
    """Chỉ nghe ở máy này; ai cũng đăng nhập được, là người do máy đặt ra. Dừng bằng Ctrl+C."""
    from trongdan.core.links.vneid import VNeID

    made = VNeID(port, seed)
    say(f"Đang nghe ở {made.url}. Đặt TRONGDAN_VNEID_ISSUER={made.url}, TRONGDAN_VNEID_CLIENT_SECRET={made.client_secret}")
    _serve(made.url, made.server)


@command.command(short_help="Chạy các hệ thống quốc gia giả, để thử.")
@click.option("--port", type=click.IntRange(0, 65535), default=8198, show_default=True, help="Cổng; 0: cổng nào trống.")
@click.option("--token", default="", help="Mã truy cập phải có.")
@click.option("--seed", type=int, default=1, show_default=True, help="Người, hồ sơ và lỗi nào: cùng số thì giống nhau.")
@click.option("--dossiers", type=click.IntRange(0, 1_000_000), default=20, show_default=True, help="Số hồ sơ Cổng có để giao.")
@click.option("--latency", type=click.FloatRange(0, 60), default=0.05, show_default=True, help="Trả lời chậm trung bình, giây.")
@click.option("--fail", type=click.FloatRange(0, 1), default=0.0, show_default=True, help="Phần yêu cầu bị lỗi 503.")
@click.option("--half", type=click.FloatRange(0, 1), default=0.0, show_default=True, help="Phần trả lời bị đứt nửa chừng.")
def simulator(port: int, token: str, seed: int, dossiers: int, latency: float, fail: float, half: float) -> None:
    """Chỉ nghe ở máy này, giữ trong bộ nhớ; người và hồ sơ đều do máy đặt ra. Dừng bằng Ctrl+C."""
    from trongdan.core.links.simulator import Faults, Simulator

    made = Simulator(port, token, seed, dossiers, Faults(latency, fail, half))
    say(f"Đang nghe ở {made.url}. Đặt TRONGDAN_REGISTER_URL={made.url}")
    _serve(made.url, made.server)


def _serve(url: str, server: ThreadingHTTPServer) -> None:
    """Print the address for whoever started it, and answer until told to stop."""
    from trongdan.platform.supervisor import Stopping

    click.echo(url)
    stopping = Stopping()
    stopping.listen()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    while not stopping.asked:
        stopping.wait(3600)
    server.shutdown()
    server.server_close()
