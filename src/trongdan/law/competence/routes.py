"""Routes beside nature: land mediation, investigators, court, one-stop, legal aid, Party bodies… (domain 8)."""

from __future__ import annotations

from .answer import Question, Route
from .tables import bodies, routes


def route_of(question: Question) -> Route | None:
    """The route of a matter, beside its nature; `khac` and `hoi_dap` always have one.

    A complaint, denunciation or petition has one only when a sign of the matter asks for it."""
    wanted = signs_of(question)
    found = next((r for r in routes() if r.id in wanted), None)
    if found is not None:
        return found
    if question.nature == "hoi_dap":
        return _route("question")
    return routes()[-1] if question.nature == "khac" else None


def _route(route_id: str) -> Route:
    return next(r for r in routes() if r.id == route_id)


def signs_of(question: Question) -> frozenset[str]:
    """The signs put on the matter, and those that follow from whom it is about."""
    signs = set(question.signs)
    body = bodies().get(question.about.kind)
    if question.history == "in_court":
        signs.add("court_pending")
    if body is not None:
        if "party" in body.is_:
            signs.add("party")
        if "elected" in body.is_:
            signs.add("elected")
        if "court" in body.is_ and question.nature != "to_cao":
            signs.add("proceedings")
        if "enterprise" in body.is_ and question.nature in ("khieu_nai", "khac"):
            signs.add("consumer")
        if "internal" in body.is_ and question.nature in ("khieu_nai", "khac"):
            signs.add("internal")
    return frozenset(signs)
