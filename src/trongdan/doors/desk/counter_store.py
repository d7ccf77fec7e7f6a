"""Say it once, at the counter: with the number of who stands there, and their yes, the register fills in what it knows and the
store offers papers that were handed in or issued before. What is handed in now is kept for the next time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from trongdan.core.agencies.selectors import names
from trongdan.core.cases import drafts
from trongdan.core.cases.scope import Scope, scope
from trongdan.core.cases.trail import today
from trongdan.core.links import own
from trongdan.core.links.register import lookup, register_link
from trongdan.core.papers import files
from trongdan.core.store.items import About, Item, put
from trongdan.core.store.looks import copy_of, look, used
from trongdan.core.store.owner import Owner, owner_of, remember
from trongdan.doors.portal.kept import Kept
from trongdan.kernel.errors import Refusal
from trongdan.kinds.procedures.again import kept_for_again, offers, title_of
from trongdan.kinds.procedures.complete import Asked
from trongdan.kinds.procedures.intake import Taken
from trongdan.kinds.procedures.known import paper_of

from .legibility import doubted
from .who import Desk

FIELDS = ("number", "consent", "looked")
PURPOSE = "receive"
SAID = ("means", "no", "until")  # of a kept file: which asked paper it is, its number, its last day
FROM_STORE = "kho giấy tờ của người nộp"


def owner_typed(was: Kept) -> Owner | None:
    """Whose number stands in the form; None for none. Raises Refusal."""
    return owner_of(was.word("number")) if was.word("number").strip() else None


def look_up(desk: Desk, was: Kept) -> list[str]:
    """Fill in what the register knows where nothing was typed, and open the store for this form: what to tell the clerk.
    Raises Refusal without a number, or without the person's yes."""
    if not desk.at_counter:
        raise Refusal("post.not_yours", _("Chỉ cán bộ Một cửa mới tiếp nhận hồ sơ."))
    owner = owner_typed(was)
    if owner is None:
        raise Refusal("store.number", _("Hãy ghi số định danh hoặc mã số doanh nghiệp rồi tra."), None, {"field": "number"})
    if not was.word("consent"):
        raise Refusal("store.consent", _("Hãy hỏi người nộp: đồng ý cho tra và dùng lại giấy tờ của mình thì đánh dấu."), None,
                      {"field": "consent"})  # fmt: skip
    was.typed["looked"] = ["1"]
    return _from_register(desk, was, owner.number) if owner.kind == "person" else []


def _from_register(desk: Desk, was: Kept, number: str) -> list[str]:
    try:
        person = lookup(register_link(), number, ["name", "residence"], PURPOSE, desk.actor, timezone.now())
    except Refusal as refusal:
        return [str(refusal)]
    if person is None:
        return [_("Cơ sở dữ liệu dân cư không có số này. Hãy xem lại số trên thẻ.")]
    for key, value in (("name", person.name), ("address", person.residence)):
        if value and not was.word(key).strip():
            was.typed[key] = [value]
    typed = was.word("name").strip()
    if person.name and typed.casefold() != person.name.casefold():
        return [_("Họ tên đã ghi khác với Cơ sở dữ liệu dân cư. Hãy xem lại thẻ; nộp thay thì ghi người được nộp thay.")]
    return [_("Đã điền theo Cơ sở dữ liệu dân cư; hãy đọc lại cho người nộp nghe.")]


@dataclass(frozen=True, slots=True)
class Offer:
    """A paper of the store beside the one asked for. `value` is what the form sends back for it."""

    value: str
    name: str
    number: str
    issuer: str
    issued_on: date | None
    valid_until: date | None
    how: str
    ticked: bool


def offered(desk: Desk, was: Kept, code: str, papers: Sequence[Asked]) -> dict[int, list[Offer]]:
    """place of an asked paper -> what the store has for it; nothing before somebody looked with the person's yes."""
    found = _fitting(desk, was, code, papers)
    labels = names([item.agency for items in found.values() for item in items])
    ticked = set(was.typed.get("reuse", ()))

    def shown(number: int, item: Item) -> Offer:
        value, about = f"{number}:{item.id}", item.about
        return Offer(value, about.name, about.number, about.issuer or labels.get(item.agency, ""), about.issued_on,
                     about.valid_until, item.how, value in ticked)  # fmt: skip

    return {number: [shown(number, item) for item in items] for number, items in found.items()}


def _fitting(desk: Desk, was: Kept, code: str, papers: Sequence[Asked]) -> Mapping[int, list[Item]]:
    if not (desk.at_counter and was.word("looked") and was.word("consent")):
        return {}
    try:
        owner = owner_typed(was)
    except Refusal:
        return {}  # the number was changed into none since: the form says so when it is sent
    if owner is None:
        return {}
    return offers(look(owner, desk.actor, was.draft, code, timezone.now()), papers, today())


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is taken from the store: asked papers by their place, with the item for each."""

    owner: Owner | None
    items: Mapping[int, Item]

    def once(self) -> list[Item]:
        """Each paper once, in the order of the places it is used for."""
        return list({self.items[n].id: self.items[n] for n in sorted(self.items)}.values())

    def copies(self) -> tuple[files.Checked, ...]:
        """What goes along with the dossier. Raises Refusal for a paper that can't be opened."""
        return tuple(copy_of(self.owner, item, FROM_STORE) for item in self.once()) if self.owner else ()


def chosen(desk: Desk, was: Kept, code: str, papers: Sequence[Asked]) -> Chosen:
    """The ticked ones, each still there and still fitting. Raises Refusal."""
    owner, wanted = owner_typed(was), was.typed.get("reuse", [])
    if owner is None or not wanted:
        return Chosen(owner, {})
    able = {f"{number}:{item.id}": (number, item) for number, items in _fitting(desk, was, code, papers).items() for item in items}
    if lost := [w for w in wanted if w not in able]:
        was.typed["reuse"] = [w for w in wanted if w not in lost]
        raise Refusal("store.gone", _("Có giấy tờ không còn trong kho hoặc hết hạn. Hãy xem lại giấy tờ đã chọn."), None,
                      {"field": "reuse"})  # fmt: skip
    return Chosen(owner, dict(able[w] for w in wanted))


# --- what is handed in now ------------------------------------------------------------------------------------------------


def marked(was: Kept) -> list[dict[str, Any]]:
    """Each kept file with what was said of it, for the form."""
    return [{"place": place, "name": name, "doubts": doubted(name, data), **{key: was.word(f"{key}{place}") for key in SAID}}
            for place, (name, data) in enumerate(drafts.files(was.draft))]  # fmt: skip


def after_drop(was: Kept, dropped: Sequence[str]) -> None:
    """Files that are taken back move the others up: what was said of each moves with it. Before they are dropped."""
    stay = [place for place in range(len(drafts.files(was.draft))) if str(place) not in dropped]
    for key in SAID:
        said = [was.typed.pop(f"{key}{place}", [""]) for place in range(files.MAX_FILES)]
        was.typed.update({f"{key}{new}": said[place] for new, place in enumerate(stay)})
    was.typed.pop("drop", None)


def abouts(was: Kept, papers: Sequence[Asked], issuer: str = "") -> list[About | None]:
    """For each kept file what it is kept as, None for one that is not. Raises Refusal for a day that is none."""
    by = {str(p.number): p for p in papers}
    out: list[About | None] = []
    for place, _file in enumerate(drafts.files(was.draft)):
        paper = by.get(was.word(f"means{place}"))
        until = _day(was.word(f"until{place}"), place)
        known = paper_of(paper.name) if paper else None
        out.append(None if paper is None or not kept_for_again(paper.name) else
                   About(title_of(paper.name), known.id if known else "", was.word(f"no{place}").strip()[:60], issuer,
                         valid_until=until))  # fmt: skip
    return out


def _day(text: str, place: int) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        words = _("Ngày hết hạn chưa đúng. Hãy ghi ngày, tháng, năm.")
        raise Refusal("store.day", words, None, {"field": f"until{place}"}) from None


def keep_after(desk: Desk, taken: Taken, said: Chosen, kept: Sequence[tuple[files.Checked, About | None]]) -> None:
    """After a dossier was taken in: the person's own list, what it used of the store, and what is kept for next time. Sent twice
    it is once, so that a cut between the two is mended by sending again."""
    if said.owner is None or desk.actor.post is None:
        return
    now, agency = timezone.now(), desk.actor.post.agency
    with scope(Scope(case=taken.case, identity=True)):
        remember(said.owner, taken.case)
        own.link(said.owner.number, taken.case, now)
        for item in said.once():
            used(said.owner, item, taken.case, taken.reference, agency, now)
        for file, about in kept:
            if about is not None:
                put(said.owner, file, about, "received", now, agency, taken.case)


