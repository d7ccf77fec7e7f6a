"""Reading agencies and posts: who answers for what, who holds which post on a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from trongdan.core.people.models import Person
from trongdan.kernel.case import Actor, Post
from trongdan.platform.text import fold

from .models import Agency, Appointment, Delegation, PostRow, Succession


def names(codes: Sequence[str]) -> dict[str, str]:
    """agency code -> short name, in one statement."""
    return dict(Agency.objects.filter(code__in=[c for c in codes if c]).values_list("code", "short"))


def office(code: str) -> tuple[str, str]:
    """(short name, kind) of an agency; its code and "" when the directory does not have it."""
    return Agency.objects.filter(code=code).values_list("short", "kind").first() or (code, "")


def post_titles(ids: Sequence[str]) -> dict[str, str]:
    return dict(PostRow.objects.filter(id__in=[i for i in ids if i]).values_list("id", "title"))


def resolve(code: str, on: date) -> str:
    """The agency that answers today for a code: an abolished unit resolves to its main successor."""
    agency = Agency.objects.filter(code=code).only("valid_to").first()
    if agency is None or agency.valid_to is None or on <= agency.valid_to:
        return code
    successor = Succession.objects.filter(old_id=code).order_by("-main", "-whole", "new_id").first()
    return successor.new_id if successor else code


@dataclass(frozen=True, slots=True)
class Successors:
    """What follows an abolished unit: its agencies and rooms, and those of its posts that have a counterpart; old to new."""

    agencies: Mapping[str, str]
    posts: Mapping[str, str]

    def post(self, old: str) -> str | None:
        """The counterpart of a post, or of a role at an agency ("c04978/counter"); None where there is none."""
        agency, _, role = old.partition("/")
        return self.posts.get(old) or (f"{self.agencies[agency]}/{role}" if agency in self.agencies and "/" not in role else None)


def successors(old: str, new: str) -> Successors:
    """Who follows whom when `old` is merged into `new`: rooms and posts by the same place in their unit; a room without a
    counterpart follows into the unit itself."""
    codes = set(Agency.objects.filter(code__startswith=f"{new}-").values_list("code", flat=True)) | {new}
    rooms = [old, *Agency.objects.filter(code__startswith=f"{old}-").values_list("code", flat=True)]
    agencies = {code: (new + code[len(old):]) if new + code[len(old):] in codes else new for code in rooms}
    theirs = set(PostRow.objects.filter(agency__code__in=codes).values_list("id", flat=True))
    mine = PostRow.objects.filter(agency__code__in=rooms).values_list("id", flat=True)
    posts = {post: new + post[len(old):] for post in mine if new + post[len(old):] in theirs}
    return Successors(agencies, posts)


def resolve_post(post: str, on: date) -> str:
    """The post that does today what a post did: of an abolished unit the counterpart at its successor."""
    agency, _, role = post.partition("/")
    unit = agency.partition("-")[0]
    now = resolve(agency, on) if agency == unit else resolve(unit, on) + agency[len(unit):]
    moved = f"{now}/{role}"
    return moved if now != agency and PostRow.objects.filter(id=moved).exists() else post


def superior(code: str) -> str | None:
    """The next agency up: administration first, then the vertical line."""
    row = Agency.objects.filter(code=code).values_list("under_id", "line_id").first()
    return (row[0] or row[1]) if row else None


def answering(level: str | None = None) -> list[Agency]:
    """The agencies that settle matters, in Vietnamese order of name."""
    found = Agency.objects.filter(valid_to=None, answers=None, kind__in=("committee", "department", "inspectorate",
                                                                        "reception_board"))  # fmt: skip
    return list((found.filter(level=level) if level else found).order_by("level", "sort"))


def posts_of(agency: str, roles: Sequence[str] = ()) -> list[PostRow]:
    found = PostRow.objects.filter(agency_id=agency)
    return list((found.filter(role__in=roles) if roles else found).order_by("id"))


def verifiers(agency: str) -> list[PostRow]:
    """Who may be given a verification: verifiers of the agency itself, and for the province's committee those of the bodies
    under it at its own level, the inspectorate before all (Luật Khiếu nại Đ29 k1 đ.b)."""
    own = posts_of(agency, ("verifier",))
    below = PostRow.objects.filter(role="verifier", agency__under_id=agency, agency__level="tinh").exclude(agency_id=agency)
    inspect_first = sorted(below.select_related("agency"), key=lambda p: (p.agency.kind != "inspectorate", p.agency.sort, p.id))
    return own + inspect_first


def deputies_and_heads_below(agency: str) -> list[PostRow]:
    """Whom a head may put in his place before the people where the law lets him: his deputies, and the heads of the bodies
    under him at his level (NĐ 124/2020 Đ28 k2 đ.b)."""
    below = PostRow.objects.filter(role="head", agency__under_id=agency, agency__level="tinh").exclude(agency_id=agency)
    return posts_of(agency, ("deputy",)) + sorted(below.select_related("agency"), key=lambda p: (p.agency.sort, p.id))


def inspectorate_of(agency: str) -> str | None:
    """The inspectorate of the same level (thanh tra cùng cấp): the one under an agency."""
    return Agency.objects.filter(kind="inspectorate", under_id=agency, valid_to=None).values_list("code", flat=True).first()


def agencies_of_posts(ids: Sequence[str], on: date) -> dict[str, str]:
    """The agency of each post, of those that are there on a day. One statement."""
    there = Q(agency__valid_to=None) | Q(agency__valid_to__gte=on)
    return dict(PostRow.objects.filter(there, id__in=set(ids)).values_list("id", "agency_id"))


def with_posts(roles: Sequence[str], on: date) -> list[Agency]:
    """The agencies that have a post of one of these roles on a day, the province's own first, then by name."""
    there = Agency.objects.filter(posts__role__in=roles).exclude(valid_to__lt=on).distinct()
    return sorted(there, key=lambda a: (a.level != "tinh", a.sort))


def find_posts(words: str, on: date, near: Sequence[str] = ()) -> list[PostRow]:
    """Posts by id, by title or by the name of who holds them on a day, whatever the diacritics; those of the agencies `near`
    alone when any of them fits. Officials and their posts are public: no scope is needed."""
    exact = PostRow.objects.filter(id=words.strip()).first()
    if exact is not None:
        return [exact]
    wanted = fold(words)
    if len(wanted) < 4:
        return []
    people = {p for p, name in Person.objects.values_list("id", "name") if fold(name) == wanted}
    held = set(Appointment.objects.filter(_current(on), person__in=people).values_list("post_id", flat=True))
    found = [p for p in PostRow.objects.all().order_by("id") if p.id in held or wanted in fold(p.title)]
    exactly = [p for p in found if fold(p.title) == wanted]
    close = [p for p in found if p.agency_id in near]
    return exactly or close or found


def _current(on: date) -> Q:
    return Q(since__lte=on) & (Q(until=None) | Q(until__gte=on))


def posts_held(person: UUID, on: date) -> list[tuple[Post, str, str | None]]:
    """(post, title, on behalf of) that a person holds on a day, by appointment or by delegation."""
    held = [(Post(a.post_id, a.post.role, a.post.agency_id), a.post.title, None)
            for a in Appointment.objects.filter(_current(on), person=person).select_related("post").order_by("id")]  # fmt: skip
    ids = [p.id for p, _, _ in held]
    lent = Delegation.objects.filter(_current(on), to_post_id__in=ids).select_related("post")
    return held + [(Post(d.post_id, d.post.role, d.post.agency_id), f"{d.post.title} (theo {d.decision})", d.to_post_id)
                   for d in lent]  # fmt: skip


def actor_for(person: UUID, post_id: str | None, on: date) -> Actor:
    """The resolved actor: every post held, acting from the one chosen (the first when none is)."""
    held = posts_held(person, on)
    chosen = next((h for h in held if h[0].id == post_id), held[0] if held else None)
    return Actor(person=str(person), posts=tuple(p for p, _, _ in held), post=chosen[0] if chosen else None,
                 on_behalf=chosen[2] if chosen else None)  # fmt: skip
