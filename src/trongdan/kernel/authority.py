"""Who may do what on a case: roles of posts at the responsible agency, relations to the case, and exclusions."""

from __future__ import annotations

from collections.abc import Iterable

from .case import Actor, CaseState, Post
from .conflict import ShutOut
from .errors import Refusal
from .kind import ELSEWHERE, Kind

ROLE_WORDS = {
    "reception": "bộ phận tiếp công dân, xử lý đơn", "officer": "chuyên viên", "unit_head": "lãnh đạo phòng",
    "office": "văn phòng (kiểm tra thể thức)", "deputy": "cấp phó", "head": "người đứng đầu", "registry": "văn thư",
    "verifier": "người được giao xác minh", "inspector": "thanh tra", "helper": "người giúp nhập",
    "sender": "người gửi", "system": "hệ thống", "assigned": "người được giao thụ lý hồ sơ", "none": "không ai",
    ELSEWHERE: "người làm bước của hồ sơ ở cơ quan khác", "counter": "cán bộ tiếp nhận, trả kết quả (Một cửa)",
}  # fmt: skip


def role_words(name: str) -> str:
    """A role or relation in words; `@field` is the post that a field of the case names, `@field/role` a role at the agency
    that it names."""
    if name.startswith("@"):
        role = name.partition("/")[2]
        return f"{ROLE_WORDS[role]} của cơ quan được nêu trong hồ sơ" if role else "người được phân công"
    return ROLE_WORDS.get(name, name)


def _matches(state: CaseState, actor: Actor, post: Post | None, name: str) -> bool:
    if name == "sender":
        return actor.is_sender
    if barred(state, actor, name) is not None:
        return False
    if post is None:
        return False
    if name == "system":
        return post.role == "system"
    if name.startswith("@"):
        field, _, role = name[1:].partition("/")
        value = state.fields.get(field)  # a post, an agency whose posts have a part in it, or a role at an agency
        if role:
            return value is not None and value == post.agency and post.role == role
        return value is not None and value in (post.id, post.agency, f"{post.agency}/{post.role}")
    if name == "assigned":
        return post.id == state.assigned and state.lent is None
    if name == ELSEWHERE:
        return post.id == state.assigned and state.lent is not None
    if name == "verifier":
        return post.id == state.fields.get("verifier") or (
            post.role == "verifier" and post.agency == state.fields.get("verifier_agency")
        )
    return post.role == name and (post.agency == state.agency or not state.agency)


def barred(state: CaseState, actor: Actor, part: str) -> ShutOut | None:
    """The conflict that keeps the actor out of a part of the case ("verifier", "assigned", a role), if one does."""
    posts = [(p.id, p.agency) for p in actor.posts]
    return next((s for s in state.shut_out.values() if s.from_part(part) and s.has(actor.person, posts)), None)


def may(state: CaseState, actor: Actor, by: Iterable[str]) -> bool:
    """Whether the actor, in the post acted from, is one of `by` for this case."""
    return any(_matches(state, actor, actor.post, name) for name in by)


def require(state: CaseState, actor: Actor, by: tuple[str, ...], what: str) -> None:
    """Refuse who is shut out of the case, then who does not hold the right post."""
    refuse_excluded(actor, state)
    if not may(state, actor, by):
        words = ", ".join(role_words(name) for name in by)
        raise Refusal("post.not_yours", f"Việc “{what}” thuộc về {words} của cơ quan đang giải quyết.", None,
                      {"by": list(by)})  # fmt: skip


def refuse_excluded(actor: Actor, state: CaseState | None = None) -> None:
    if actor.excluded or (state is not None and state.kept_out(actor)):
        raise Refusal(
            "conflict.excluded",
            "Ông/bà không được tham gia vụ việc này vì có xung đột lợi ích; hệ thống đã chuyển cho người có thẩm quyền.",
            None,
        )


def require_new(kind: Kind, actor: Actor, by: tuple[str, ...], what: str) -> None:
    """Opening a case: a sender opens by the portal, a post of the receiving agency at the desk."""
    refuse_excluded(actor)
    roles = {post.role for post in actor.posts} | ({"sender"} if actor.is_sender else set())
    if not roles & set(by):
        raise Refusal("post.not_yours", f"Việc “{what}” ({kind.name}) không thuộc chức danh của ông/bà.", None,
                      {"by": list(by)})  # fmt: skip
