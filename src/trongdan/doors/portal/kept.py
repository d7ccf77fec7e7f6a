"""A form that could not be taken (its protection ran out, the session ended, a field is wrong) keeps what was typed:
sealed under the form's own draft id, and opened again on the page it came from and nowhere else (design 10)."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.http import HttpRequest
from django.utils.translation import gettext as _

from trongdan.core.cases import drafts
from trongdan.core.papers import files
from trongdan.kernel.errors import Refusal

NOT_TYPED = frozenset({"csrfmiddlewaretoken", "draft", "stamp", "website", "seen", "password", "otp_token"})
ACTIONS = "lam/"  # the address that takes a page's actions lies below the page itself


@dataclass(frozen=True, slots=True)
class Kept:
    """`typed` by field, each with every value given; `draft` the id that the page's forms carry."""

    draft: UUID
    typed: dict[str, list[str]] = field(default_factory=dict)

    def word(self, name: str) -> str:
        return (self.typed.get(name) or [""])[-1]


def page_of(request: HttpRequest) -> str:
    """The page whose form this is, to be opened again."""
    return request.path.removesuffix(ACTIONS)


def draft_of(request: HttpRequest) -> UUID | None:
    return drafts.parse_id(request.POST.get("draft", ""))


def keep(request: HttpRequest, draft: UUID) -> None:
    """Keep the fields of a submitted form; a later one under the same draft replaces them."""
    typed = {k: request.POST.getlist(k) for k in request.POST if k not in NOT_TYPED}
    drafts.save(draft, {**{k: v[-1] for k, v in typed.items() if v}, "_typed": typed, "_page": page_of(request)})


def not_too_many(number: int) -> None:
    if number > files.MAX_FILES:
        raise Refusal("file.many", _("Gửi được nhiều nhất %(n)s tệp mỗi lần. Hãy bỏ bớt.") % {"n": files.MAX_FILES}, None,
                      {"field": "files"})  # fmt: skip


def keep_files(request: HttpRequest, draft: UUID) -> None:
    """Keep the files attached to a form, as many as may be sent and of the kinds that may. Raises Refusal for the others:
    none is left out without a word."""
    uploads = request.FILES.getlist("files")
    not_too_many(len(uploads) + len(drafts.files(draft)))
    for upload in uploads:
        data = upload.read(files.MAX_BYTES + 1)
        files.check(upload.name or "", data)
        drafts.keep_file(draft, upload.name or "", data)


def reopened(request: HttpRequest) -> Kept:
    """What was kept for this very page (?nhap=…), else a new draft with nothing in it."""
    draft = drafts.parse_id(request.GET.get("nhap", ""))
    kept = (drafts.open_(draft) if draft else None) or {}
    if draft is None or kept.get("_page") != request.path:
        return Kept(uuid4())
    return Kept(draft, kept.get("_typed", {}))
