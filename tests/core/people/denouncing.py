"""An invented denunciation for the tests: about the chair of xã Kim Bôi, sent to the province."""

from __future__ import annotations

from uuid import UUID, uuid4

from trongdan.core.cases.once import Done
from trongdan.core.cases.perform import perform
from trongdan.core.cases.scope import JOB, scope
from trongdan.core.cases.trail import load
from trongdan.core.papers.files import Checked
from trongdan.kernel.case import Actor, Command, Post
from trongdan.kernel.journal import commit_bytes
from trongdan.kinds.letters.intake import Letter, Receipt, receive

CANARY = "mười hai triệu đồng tiền chim bồ câu"
NAME, PHONE = "Đinh Thị Bí Mật", "0987 654 321"
SENDER = {"name": NAME, "phone": PHONE, "email": "bimat@example.vn", "address": "xóm Canh Giữ, xã Kim Bôi"}
TEXT = f"Tôi tên là {NAME}. Tôi tố cáo ông Bùi Văn Hiệu đã nhận {CANARY} của nhà tôi."
TRANSCRIPT = "Người tố cáo trình bày: Chủ tịch xã đã nhận mười hai triệu đồng."
ACCUSED = "c04978/head"
BOARD = "ban-tcd"


def picture(name: str, data: bytes) -> Checked:
    salt = b"\x07" * 16
    return Checked(name, "image/png", data, salt, commit_bytes(salt, data).hex())


def official(post: str, agency: str, role: str, person: int = 7) -> Actor:
    held = Post(post, role, agency)
    return Actor(person=str(UUID(int=person)), posts=(held,), post=held)


RECEPTION = official("ban-tcd/reception", BOARD, "reception", 11)
CHAIR = official("ubnd-tinh/head", "ubnd-tinh", "head", 12)
DEPUTY = official("ubnd-tinh/deputy", "ubnd-tinh", "deputy", 13)
OFFICER = official("ubnd-tinh/officer/1", "ubnd-tinh", "officer", 14)
VERIFIER = official("thanh-tra/verifier", "thanh-tra", "verifier", 15)


def denounce(*files: Checked, key: str | None = None) -> Receipt:
    return receive(Letter(TEXT, BOARD, "portal", SENDER, files=tuple(files)), key or str(uuid4()), "test")


def open_denunciation(letter: UUID, by: Actor = RECEPTION, accused: str = ACCUSED, agency: str = "c04978") -> Done:
    data = {"accused": [accused], "accused_words": "Chủ tịch UBND xã Kim Bôi", "matter_agency": agency,
            "transcript": TRANSCRIPT, "transcript_checked": True}  # fmt: skip
    return perform(Command("letters.letter", str(letter), "open_denunciation", data), by)


def matter_of(done: Done) -> UUID:
    return done.opened[0][0]


def state_of(case: UUID):
    with scope(JOB):
        return load([case])[case].state
