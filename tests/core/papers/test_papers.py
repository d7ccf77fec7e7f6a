"""Every paper as PDF and DOCX from one declaration: the same words, only our fonts, hostile text as text."""

from __future__ import annotations

import io
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader

from trongdan.core.cases.registry import kinds
from trongdan.core.papers.declaration import DOTS, papers, parse_paper
from trongdan.core.papers.render import render_docx, render_pdf
from trongdan.kernel.errors import LoadError
from trongdan.kernel.kind import Kind

ALPHABET = "aăâbcdđeêghiklmnoôơpqrstuưvxy áàảãạ ắằẳẵặ ấầẩẫậ éèẻẽẹ ếềểễệ íìỉĩị óòỏõọ ốồổỗộ ớờởỡợ úùủũụ ứừửữự ýỳỷỹỵ"
HOSTILE = '#panic("x") *b* $y$ @z <a> `c` // \\ {sender} "'
DATA: dict[str, Any] = {
    "agency": "Ủy ban nhân dân xã Kim Bôi", "superior": "Ủy ban nhân dân tỉnh Phú Thọ", "place": "Kim Bôi",
    "date_words": "ngày 12 tháng 8 năm 2026", "dated": "2026-08-12", "number": "12/TB-UBND", "sender": "Bùi Thị Mận",
    "address": HOSTILE, "reference": "7K3-9QX-M4P", "signer_capacity": "CHỦ TỊCH", "signer_name": "Bùi Văn Hiệu",
}  # fmt: skip


def pdf_text(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def docx_text(data: bytes) -> str:
    document = Document(io.BytesIO(data))
    words = [p.text for p in document.paragraphs]
    words += [c.text for t in document.tables for row in t.rows for c in row.cells]
    return " ".join(" ".join(words).split())


@pytest.mark.parametrize("paper", sorted(papers()))
def test_a_paper_is_an_archivable_tagged_pdf_with_our_fonts_alone(paper: str) -> None:
    reader = PdfReader(io.BytesIO(render_pdf(paper, DATA)))
    fonts = {str(f["/BaseFont"]).split("+")[-1] for page in reader.pages for f in
             (r.get_object() for r in page["/Resources"]["/Font"].values())}  # fmt: skip
    assert fonts <= {"Tinos", "Tinos-Bold", "Tinos-Italic", "Tinos-BoldItalic"}
    assert b"pdfaid" in reader.trailer["/Root"]["/Metadata"].get_data()
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert not (reader.metadata or {}).get("/Author")


@pytest.mark.parametrize("paper", sorted(papers()))
def test_pdf_and_docx_hold_the_same_words(paper: str) -> None:
    pdf, docx = pdf_text(render_pdf(paper, DATA)), docx_text(render_docx(paper, DATA))
    for block in papers()[paper].blocks:
        if block["kind"] in ("qr", "mono") or block["when"]:
            continue
        words = block["text"].split("{")[0].split()[:4]
        assert all(w in pdf for w in words), (paper, words)
        assert " ".join(words) in docx, (paper, words)


def test_hostile_text_is_printed_as_it_was_written() -> None:
    pdf = pdf_text(render_pdf("acceptance_notice", DATA))
    assert "panic" in pdf
    assert "*b*" in pdf
    assert "{sender}" in pdf
    assert HOSTILE.split()[2] in docx_text(render_docx("acceptance_notice", DATA))


def test_every_vietnamese_letter_has_its_glyph() -> None:
    text = pdf_text(render_pdf("answer_letter", {**DATA, "answer": ALPHABET + " " + ALPHABET.upper()}))
    assert all(word in text for word in ALPHABET.split())


def test_what_is_not_known_stays_a_dotted_line_to_write_on() -> None:
    assert DOTS in docx_text(render_docx("complaint_form", {"sender": "A"}))


def test_the_print_for_people_is_larger() -> None:
    small, large = (PdfReader(io.BytesIO(render_pdf("complaint_form", DATA, large=b))).pages[0] for b in (False, True))
    sizes: dict[str, set[float]] = {"small": set(), "large": set()}
    for name, page in (("small", small), ("large", large)):
        page.extract_text(visitor_text=lambda t, cm, tm, f, s, n=name: sizes[n].add(round(tm[0] * s if s else 0, 1)))
    assert max(sizes["large"]) >= 16
    assert max(sizes["large"]) > max(sizes["small"])


@pytest.mark.parametrize("change", ['layout = "free"', "extra = 1"])
def test_a_declaration_that_does_not_hold_together_is_refused(change: str) -> None:
    good = 'id = "a"\ntitle = "A"\nlayout = "official"\nform = { code = "", instrument = "", verified = false }\n[[block]]\ntext = "x"\n'
    bad = good.replace('layout = "official"', change) if "layout" in change else good + "extra = 1\n"
    with pytest.raises(LoadError):
        parse_paper(bad, "a.toml")


def every_chain() -> list[tuple[Kind, str]]:
    return [(k, form) for k in kinds().values() for form in k.chains]


@pytest.mark.parametrize(("kind", "form"), every_chain(), ids=[f"{k.id}:{f}" for k, f in every_chain()])
def test_no_paper_is_numbered_before_it_is_signed(kind: Kind, form: str) -> None:
    stages = [s.stage for s in kind.chains[form]]
    assert "sign" in stages
    assert "number" not in stages or stages.index("sign") < stages.index("number")
