"""The slip of a dossier (form 01): the same for the counter that prints it and for who follows it."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from trongdan.core.agencies.letterhead import date_words
from trongdan.core.agencies.selectors import names
from trongdan.core.cases.trail import Loaded
from trongdan.core.papers.render import render_pdf
from trongdan.kinds.letters.paperwork import paper_data
from trongdan.kinds.procedures import intake
from trongdan.kinds.procedures.judging import code_of
from trongdan.kinds.procedures.linked import part_lines

from .qr import qr_svg


def slip(loaded: Loaded, token: str, *, large: bool = False) -> bytes:
    """Form 01 as PDF, with the way to follow the dossier. Runs inside a scope that opens the identity."""
    url = settings.SITE_URL + reverse("portal:case", args=[loaded.reference, token])
    _form, words = paper_data(loaded, None, form="dossier_slip")
    centre = str(loaded.state.fields.get("received_by") or "").partition("/")[0]
    named = names([centre, loaded.state.agency])
    words["date_words"] = date_words(loaded.state.opened_on)
    words["rating_code"], words["rating_url"] = code_of(loaded.id), f"{settings.SITE_URL}/danh-gia/"
    words |= intake.slip_words(loaded, named.get(centre, words["agency"]), named.get(loaded.state.agency, ""), token)
    words["linked_list"] = "\n".join(part_lines(loaded))
    return render_pdf("dossier_slip", words, large=large, images={"qr.svg": qr_svg(url)})
