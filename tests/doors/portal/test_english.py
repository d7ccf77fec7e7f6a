"""The portal in English: nothing of it left in Vietnamese but names, citations and what the sender or an office wrote."""

from __future__ import annotations

import re
import sys
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from tests.core.cases.people import official
from trongdan.core.agencies.province import province
from trongdan.core.cases.perform import perform
from trongdan.core.cases.registry import kinds
from trongdan.doors.portal import robots
from trongdan.doors.portal.citing import LAWS, cite
from trongdan.doors.portal.english import say, say_steps
from trongdan.doors.portal.labels import labels
from trongdan.kernel.case import Command
from trongdan.kernel.clock import Due
from trongdan.kernel.errors import CalendarMissing, Refusal
from trongdan.kinds.letters.intake import Letter, receive
from trongdan.law import load_law

ROOT = Path(__file__).parents[3]
VIETNAMESE = re.compile("[àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ]", re.IGNORECASE)
COMPLAINT = "Tôi không đồng ý với quyết định thu hồi đất. Tôi khiếu nại."
database = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def messages() -> ModuleType:
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        import messages
    finally:
        sys.path.pop(0)
    return messages


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robots, "SOONEST", 0)
    robots._seen.clear()


def chosen(client: Client) -> Client:
    """Somebody who has chosen English on the page."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def reader() -> Client:
    return chosen(Client())


# --- what a page says ---------------------------------------------------------------------------------------------------


class Said(HTMLParser):
    """The texts that a page says in its own language: not those marked as of another, not the sender's own typing."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.lang = ""
        self._apart: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag == "html":
            self.lang = known.get("lang") or ""
        elif tag in ("textarea", "datalist", "script") or known.get("lang") == "vi":
            self._apart.append(tag)
        self.texts += [v for k in ("alt", "aria-label", "title", "placeholder") if (v := known.get(k))]

    def handle_endtag(self, tag: str) -> None:
        if self._apart and self._apart[-1] == tag:
            self._apart.pop()

    def handle_data(self, data: str) -> None:
        if not self._apart and data.strip():
            self.texts.append(data.strip())


def _names() -> list[str]:
    bodies = province().bodies
    names = [c.name for c in province().communes] + [full for full, _english in LAWS.values()]
    names += [b["short"] for b in bodies["body"]] + [d["name"] for d in bodies["department"]]
    names += ["Trọng Dân", "Tỉnh Phú Thọ", "Phú Thọ", "Vĩnh Đồng, huyện Kim Bôi", "Tiếng Việt", "Bùi Thị Mận", "xóm Mớ"]
    return sorted(names, key=len, reverse=True)


NAMES = re.compile("|".join(map(re.escape, _names())) + r"|\d+/\d{4}(?:/[\w-]+)+|\d+-\w+/TW|point đ")


def left_over(said: str, *own: str) -> str:
    """The text if it is still Vietnamese once names, numbers of legal texts and the reader's own words are put aside."""
    for word in own:
        said = said.replace(word, "")
    return said if VIETNAMESE.search(NAMES.sub("", said)) else ""


def english(messages: ModuleType, answer: Any, *own: str) -> list[str]:
    """Assert that a page is in English; its texts."""
    page = Said(answer.content.decode())
    assert page.lang == "en"
    assert len(page.texts) > 5
    assert [t for t in page.texts if left_over(t, *own)] == []
    # Words without marks, like "Xem", would slip through the letters.
    known = {str(m.id) for m in messages.read() if m.id and not VIETNAMESE.search(str(m.id))}
    assert [t for t in page.texts if t in known] == []
    return page.texts


def test_the_judge_of_pages_knows_vietnamese_from_names() -> None:
    assert left_over("Đang giải quyết")
    assert left_over("Now with: văn thư, People’s Committee of Kim Bôi commune")
    assert not left_over("Decree 124/2020/NĐ-CP, Article 16; Law on Complaints (Luật Khiếu nại 02/2011/QH13)")


# --- the catalogue ------------------------------------------------------------------------------------------------------


def test_every_string_of_the_portal_is_translated_and_the_catalogue_is_of_today(messages: ModuleType, capsys: Any) -> None:
    code = messages.check()
    assert code == 0, capsys.readouterr().err


def test_the_compiled_catalogue_is_of_the_committed_one() -> None:
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        import assets
    finally:
        sys.path.pop(0)
    assert assets.words_fresh(), "run `make assets`"


@pytest.mark.parametrize(("change", "words"), [
    (lambda c: setattr(c.get("Gửi đơn"), "string", ""), "chưa dịch: Gửi đơn"),
    (lambda c: c.get("Gửi đơn").flags.add("fuzzy"), "chưa dịch: Gửi đơn"),
    (lambda c: setattr(c.get("Hạn: %(day)s"), "string", "Due soon"), "dịch sai chỗ điền hoặc chưa dịch: Hạn: %(day)s"),
    (lambda c: setattr(c.get("Gửi đơn"), "string", "Gửi đơn"), "dịch sai chỗ điền hoặc chưa dịch: Gửi đơn"),
    (lambda c: c.delete("Gửi đơn"), "thiếu trong danh mục: Gửi đơn"),
    (lambda c: c.add("Câu cũ", "An old sentence"), "không còn dùng: Câu cũ"),
])  # fmt: skip
def test_the_check_names_what_is_missing_fuzzy_broken_or_no_longer_used(messages: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
                                                                         capsys: Any, change: Any, words: str) -> None:  # fmt: skip
    catalogue = messages.read()
    change(catalogue)
    monkeypatch.setattr(messages, "PO", tmp_path / "django.po")
    messages.PO.write_bytes(messages.text(catalogue))
    assert messages.check() == 1
    assert words in capsys.readouterr().err


def test_a_refusal_with_something_filled_in_is_gathered_with_numbered_places(messages: ModuleType) -> None:
    code = 'raise Refusal("a", f"Tệp “{name}” quá {SIZE // 2} MB.")\nRefusal("b", "Còn: " + ", ".join(x), None)\nRefusal("c", words)'
    assert list(messages.refusals_in(code)) == ["Tệp “{0}” quá {1} MB.", "Còn: {0}"]


def test_every_label_that_a_sender_may_read_comes_out_in_english() -> None:
    with translation.override("en"):
        assert [words for words, _where in labels() if left_over(say(words))] == []


# --- words made of parts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("words", "said"), [
    ("Tệp “anh.jpg” quá 10 MB. Hãy chụp nhỏ hơn hoặc chia nhỏ.",
     "The file “anh.jpg” is larger than 10 MB. Please take a smaller picture or split the file."),
    ("Hồ sơ đang ở bước “Đã rút” nên chưa thể “Rút đơn”.",
     "The case is at the step “Withdrawn”, so this cannot be done now: “Withdraw the letter”."),
    ("UBND phường Hòa Bình", "People’s Committee of Hòa Bình ward"),
    (str(CalendarMissing(2031)),
     "There is no calendar of public holidays for 2031 yet. The calendar for 2031 must be added before a time limit can be computed."),
    ("Một câu không ai biết", "Một câu không ai biết"),
])  # fmt: skip
def test_a_sentence_filled_in_by_the_kernel_is_said_in_english_with_its_parts(words: str, said: str) -> None:
    with translation.override("en"):
        assert say(words) == said
    with translation.override("vi"):
        assert say(words) == words


@pytest.mark.parametrize(("citation", "said"), [
    ("Luật Khiếu nại 02/2011/QH13 Đ28 k1", "Law on Complaints (Luật Khiếu nại 02/2011/QH13), Article 28, clause 1"),
    ("Luật ĐĐ Đ88–89", "Land Law (Luật Đất đai), Articles 88–89"),
    ("Luật Khiếu nại 02/2011/QH13 Đ13 k1 đ.c và k2 đ.c, Đ14",
     "Law on Complaints (Luật Khiếu nại 02/2011/QH13), Article 13, clause 1, point c and clause 2, point c, Article 14"),
    ("NĐ 124/2020/NĐ-CP Đ16 k1, sửa bởi NĐ 155/2026/NĐ-CP Đ10",
     "Decree 124/2020/NĐ-CP, Article 16, clause 1, amended by Decree 155/2026/NĐ-CP, Article 10"),
])  # fmt: skip
def test_a_citation_is_said_in_english_with_the_name_of_the_law_kept(citation: str, said: str) -> None:
    assert cite(citation) == said


def test_every_citation_in_the_law_and_the_kinds_reads_as_english() -> None:
    found = {basis for kind in kinds().values() for edge in kind.edges.values() for need in edge.needs if (basis := need.basis)}
    found |= {str(step["basis"]) for kind in kinds().values() for step in kind.next_lawful}
    for version in (v for rule in load_law().rules.values() for v in rule.versions):
        found |= {version.basis} | {part.basis for part in (version.caution, version.extension, *version.transitions) if part}
    assert len(found) > 100
    said = {cite(citation) for citation in found}
    assert sorted(s for s in said if left_over(s) or re.search(r"(?:^|[\s(])(?:[Đk]\d|và|bởi|sửa|NĐ|TT|QĐ|NQ)\b", s)) == []


def test_every_rule_of_the_law_explains_its_deadline_in_english_alone() -> None:
    law, spoken = load_law(), 0
    refused: list[str] = []
    with translation.override("en"):
        for rule in law.rules.values():
            assert rule.title_en
            for start in (date(2026, 2, 10), date(2026, 8, 28)):  # around Tết and around National Day
                try:
                    result = law.due(rule.id, start)
                except Refusal as refusal:
                    refused.append(say(refusal.message))
                    continue
                steps = say_steps(result.steps()) if isinstance(result, Due) else ()
                assert [s.en for s in steps if left_over(s.en) or re.search(r"\d{4}-\d\d-\d\d|\d\d/\d\d/\d{4}", s.en.replace("of 18/02/2019", ""))] == []
                spoken += len(steps)
    assert spoken > 300
    assert [said for said in refused if left_over(said)] == []


# --- the pages ----------------------------------------------------------------------------------------------------------

FORM = {"text": "Street lamp", "commune": "Kim Bôi", "name": "Jane Roe", "address": "12 High Street", "to": "commune"}


def post(client: Client, **changes: Any) -> Any:
    data = {**FORM, "draft": str(uuid4()), "stamp": robots.new_stamp(), "do": "send", **changes}
    return client.post("/gui-don/", data)


@database
@pytest.mark.parametrize(("path", "words"), [
    ("/", "What can we help you with?"),
    ("/gui-don/", "What happened, and what would you like the office to do?"),
    ("/gui-don/?giup=1", "The person you are writing for"),
    ("/theo-doi/", "Nine letters and digits on the receipt, for example 7K3-9QX-M4P"),
    ("/thoi-han/?rule=KN-02&from=2026-08-28", "Due: 11 September 2026"),
    ("/thoi-han/?rule=PAKN-02", "The law sets no number of days"),
    ("/thoi-han/?rule=KN-03&from=not-a-day", "This date is not right. Please choose it again."),
    ("/thoi-han/?rule=KN-03&from=2039-05-05", "There is no calendar of public holidays for 2039 yet."),
    ("/thoi-han/?rule=XX-99", "There is no rule with the code XX-99."),
    ("/trung-tam/?xa=Kim+Boi", "Visit a Public Administration Service Centre"),
    ("/trung-tam/?xa=Atlantis", "This commune or ward was not recognised."),
    ("/trung-tam/c04978-hcc/", "Who is called first?"),
    ("/trung-tam/c04978-hcc/dat-lich/?service=land", "Further help, if needed"),
    ("/trung-tam/c04978-hcc/man-hinh/", "This page reloads by itself."),
    ("/lich-hen/?ma=7K39QXM4P", "Code of the appointment"),
    ("/so-thu-tu/7K39QXM4P/", "No such number"),
    ("/khong-co/", "Page not found"),
    ("/theo-doi/TD000000000/abc/", "The case cannot be opened"),
])  # fmt: skip
def test_a_public_page_asked_for_in_english_is_all_in_english(messages: ModuleType, reader: Client, path: str, words: str) -> None:
    texts = english(messages, reader.get(path))
    assert any(words in text for text in texts), texts


@database
@pytest.mark.parametrize(("change", "words"), [
    ({"text": "  "}, "The letter is empty."),
    ({"text": "Something", "commune": "Atlantis"}, "This commune or ward was not recognised."),
    ({"text": "x" * 100_001}, "The letter is longer than 100.000 characters."),
    ({"stamp": "made-up"}, "That was too quick."),
])  # fmt: skip
def test_a_refused_letter_is_explained_in_english(messages: ModuleType, reader: Client, change: dict[str, str], words: str) -> None:
    answer = post(reader, **change)
    assert answer.status_code == 422
    assert any(words in text for text in english(messages, answer))


@database
def test_hints_receipt_and_a_wrong_secret_are_in_english(messages: ModuleType, reader: Client) -> None:
    hints = english(messages, post(reader, text=COMPLAINT, do="review"), "không đồng ý với", "quyết định thu hồi", "Tôi khiếu nại")
    assert "complaint" in hints
    assert any("a signature or fingerprint" in t for t in hints)
    assert post(reader, text=COMPLAINT).status_code == 302
    receipt = english(messages, reader.get("/da-nhan/"))
    assert any("People’s Committee of Kim Bôi commune received it on" in t for t in receipt)
    assert "Why this date?" in receipt
    wrong = reader.post("/theo-doi/", {"reference": "7K3-9QX-M4P", "token": "x"})
    assert any("The reference or the secret code is wrong." in t for t in english(messages, wrong))
    strict = chosen(Client(enforce_csrf_checks=True))
    assert "Not sent yet" in english(messages, strict.post("/gui-don/", {**FORM, "draft": str(uuid4())}))


def _letter(text: str, key: str, nature: str, kind: str) -> tuple[str, str]:
    """A letter with a matter opened from it: the path of its tracking page, the matter's id."""
    receipt = receive(Letter(text, "c04978", "portal", {"name": "Bùi Thị Mận", "address": "xóm Mớ"}), key, "t")
    opened = perform(Command("letters.letter", str(receipt.case), "open_matter", {"nature": nature, "matter_kind": kind}),
                     official("reception"))  # fmt: skip
    return f"/theo-doi/{receipt.reference}/{receipt.token}/", str(opened.opened[0][0])


@database
def test_the_tracking_page_of_a_petition_says_step_holder_clocks_and_trail_in_english(messages: ModuleType, reader: Client) -> None:
    path, matter = _letter("Tôi kiến nghị nạo vét cống.", "en-1", "kien_nghi", "letters.petition")
    texts = english(messages, reader.get(path))
    for words in ("Letter", "Process the letter", "The office is considering whether to accept it", "Steps so far"):
        assert words in texts
    assert any(t.startswith("head of the office, People’s Committee of") for t in texts), texts
    perform(Command("letters.petition", matter, "accept", {}), official("head"))
    texts = english(messages, reader.get(path))
    assert "Answer the petition or report" in texts
    asked = reader.post(path, {"case": matter, "do": "withdraw", "words": ""})
    assert any("Please give a reason for: “Withdraw”." in t for t in english(messages, asked))
    assert reader.post(path, {"case": matter, "do": "withdraw", "words": "It is done."}).status_code == 302
    texts = english(messages, reader.get(path))
    assert {"Recorded.", "You withdrew the petition", "Withdrawn by the sender"} <= {t.removeprefix("– ") for t in texts}


@database
def test_the_tracking_page_of_an_unsigned_complaint_says_in_english_how_to_sign(messages: ModuleType, reader: Client) -> None:
    path, matter = _letter(COMPLAINT, "en-2", "khieu_nai", "letters.complaint.first")
    perform(Command("letters.complaint.first", matter, "mark_unsigned", {}), official("reception"))
    texts = english(messages, reader.get(path))
    for words in ("First complaint", "How to add your signature"):
        assert any(words in t for t in texts), texts
    assert any(t == "you" for t in texts), texts


@database
def test_an_answered_petition_offers_its_paper_and_the_rating_in_english(messages: ModuleType, reader: Client) -> None:
    path, matter = _letter("Tôi kiến nghị nạo vét cống.", "en-3", "kien_nghi", "letters.petition")
    head, officer = official("head"), official("officer", post="c04978-kt/officer/1")
    answer = {"answer": "Đã nạo vét.", "action_taken": "Xong ngày 5.", "result": "accepted"}
    perform(Command("letters.petition", matter, "accept"), head)
    perform(Command("letters.petition", matter, "case.assign", {"post": "c04978-kt/officer/1"}), head)
    perform(Command("letters.petition", matter, "answer", answer), officer)
    for action, role, more in (("initial", "unit_head", {}), ("check", "office", {}), ("sign", "head", {"how": "digital"}),
                               ("number", "registry", {"number": "12/UBND", "book": "van-thu"}), ("send", "registry", {})):  # fmt: skip
        perform(Command("letters.petition", matter, f"paper.{action}", {"paper": "p1", **more}), official(role))
    texts = english(messages, reader.get(path))
    for words in ("Answer of the office", "Written answer to a petition or report", "Has the office answered you?", "The office answered",
                  "– Taken up", "How does your matter stand?", "It is not settled: please look at it again"):  # fmt: skip
        assert any(words in t for t in texts), words
    assert "Đã nạo vét." in reader.get(path).content.decode()  # the office's own words stay, marked as Vietnamese
    empty = reader.post(path, {"case": matter, "do": "assess"})
    assert any("Please choose at least one answer." in t for t in english(messages, empty))
    assert reader.post(path, {"case": matter, "do": "assess", "answered": "yes", "solved": "no"}).status_code == 302
    assert "You have given your rating; you can change it" in english(messages, reader.get(path))


# --- the switch ---------------------------------------------------------------------------------------------------------


def _press(client: Client, page: Any) -> Any:
    """Send the switch's form as a browser without script does."""
    form = re.search(r'<form action="/ngon-ngu/".*?</form>', page.content.decode(), re.DOTALL)
    assert form
    names = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0]))
    return client.post("/ngon-ngu/", {k: v.replace("&amp;", "&") for k, v in names.items()}, follow=True)


@database
def test_the_switch_is_a_plain_form_that_keeps_the_page_and_its_question() -> None:
    client = Client(enforce_csrf_checks=True)
    vietnamese = client.get("/thoi-han/?rule=KN-05&from=2026-08-28")
    assert Said(vietnamese.content.decode()).lang == "vi"
    switched = _press(client, vietnamese)
    assert switched.redirect_chain[-1][0] == "/thoi-han/?rule=KN-05&from=2026-08-28"
    assert Said(switched.content.decode()).lang == "en"
    assert Said(client.get("/").content.decode()).lang == "en"  # and stays
    assert Said(_press(client, switched).content.decode()).lang == "vi"


@database
def test_a_refused_form_switched_to_english_still_holds_what_was_typed() -> None:
    client = Client()
    refused = post(client, commune="Atlantis", text="Chuyện ở một nơi không ai biết.", helped="1")
    page = _press(client, refused).content.decode()
    assert Said(page).lang == "en"
    assert "Chuyện ở một nơi không ai biết." in page
    assert "Atlantis" in page
    assert "The person you are writing for" in page


@database
def test_officials_work_in_vietnamese_whatever_their_browser_prefers(reader: Client) -> None:
    answer = reader.get("/ban-lam-viec/dang-nhap/")
    assert Said(answer.content.decode()).lang == "vi"
    assert answer.headers["Content-Language"] == "vi"
    assert Said(reader.get("/").content.decode()).lang == "en"


@database
def test_a_phone_that_was_sold_set_to_english_still_gets_vietnamese_until_its_owner_chooses() -> None:
    answer = Client(headers={"accept-language": "en-US,en"}).get("/")
    assert Said(answer.content.decode()).lang == "vi"


@database
def test_a_day_is_written_so_that_no_one_takes_the_month_for_the_day(reader: Client) -> None:
    assert "8 April 2026" in reader.get("/thoi-han/?rule=KN-03&from=2026-03-09").content.decode()
    assert "08/04/2026" in Client().get("/thoi-han/?rule=KN-03&from=2026-03-09").content.decode()
