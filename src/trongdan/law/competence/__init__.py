"""Competence (thẩm quyền) as data: who settles a matter, and what the agency that received the letter must do.

    from trongdan.law.competence import About, Question, who_settles

    found = who_settles(Question("khieu_nai", About("xa", "ubnd", "head"), on=date(2026, 7, 6), at=About("xa", "ubnd")))
    found.settler     # "Chủ tịch UBND cấp xã"
    found.does        # "thu_ly"
    found.basis       # the article

`about_of("Công an xã", "Trưởng Công an")` reads the names people use. Pure: the data are `bodies.toml` and `lines.toml`
(which bodies there are, and to whom each answers), `acts.toml` (what is done in which situation), `routes.toml` (where
what is no complaint, denunciation or petition goes), `fields.toml` and `names.toml`.
"""

from __future__ import annotations

from .answer import DOES, PAKN, About, Competence, Question, Route
from .decide import who_settles
from .naming import about_of
from .routes import route_of

__all__ = ["DOES", "PAKN", "About", "Competence", "Question", "Route", "about_of", "route_of", "who_settles"]
