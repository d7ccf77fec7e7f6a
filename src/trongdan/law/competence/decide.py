"""`who_settles`: from a question to the settler, by the tables. One function for each nature; nothing legal is here that
is not in a table: the code only chooses the row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from trongdan.kernel.errors import LawError

from .answer import HISTORIES, LEVELS, NATURES, POSTS, About, Competence, Question
from .routes import route_of, signs_of
from .tables import Act, Body, Step, act_of, bodies, fields, step_of

_WEAKEST = ("unread", "secondary", "primary")
HEADS = ("head", "deputy", "body", "former_head")
DISCIPLINE = "civil_servant_discipline"
ANY_FIELD = "khác"
FORMER, FORMER_HEAD = "Luật Tố cáo Đ12 k3 đ.c, đ.d", "Luật Tố cáo Đ12 k3 đ.a, đ.d"
HIGHER = "Nay giữ chức vụ cao hơn ở nơi khác thì người đứng đầu cơ quan đang quản lý chủ trì (Đ12 k3 đ.b)."


@dataclass(frozen=True, slots=True)
class _Settler:
    """Who settles: a title, the body, the article, how surely it was read, and the sentence that says why."""

    title: str
    body: About | None
    basis: str
    verified: str
    why: str


UNKNOWN = _Settler("Chưa xác định", None, "", "primary", "Chưa rõ đơn nói về cơ quan, người nào.")
BEFORE = _Settler("Cơ quan đã xử lý đơn trước", None, "", "primary", "Đơn trùng với đơn đã xử lý hoặc đã hướng dẫn.")
COURT = _Settler("Tòa án đã thụ lý", None, "Luật Khiếu nại Đ11 k9", "primary",
                 "Việc đã được Tòa án thụ lý hoặc đã có bản án, quyết định, trừ khi Tòa án đình chỉ vụ án.")  # fmt: skip


def who_settles(question: Question) -> Competence:
    """Who settles a matter and what the receiving agency must do, with the article.

    Total over the words of `answer.py`; raises LawError for any other word."""
    _known(question)
    if "duplicate" in question.signs:
        return _answer(question, BEFORE, "any.keep")
    by_nature = {"khieu_nai": _complaint, "to_cao": _denunciation, "kien_nghi": _petition, "phan_anh": _petition,
                 "hoi_dap": _question, "khac": _other}  # fmt: skip
    return by_nature[question.nature](question)


def _known(q: Question) -> None:
    for value, words, name in ((q.nature, NATURES, "nature"), (q.history, HISTORIES, "history"),
                               (q.about.level, LEVELS, "level"), (q.about.post, POSTS, "post")):  # fmt: skip
        if value not in words:
            raise LawError("competence", name, f"{value!r} is not one of {words}")
    for who in (q.about, q.at):
        if who.kind and who.kind not in bodies():
            raise LawError("competence", "kind", f"no body of kind {who.kind!r}")


# --- complaints ------------------------------------------------------------------------------------------------------

def _complaint(q: Question) -> Competence:
    if q.history == "in_court":
        return _answer(q, COURT, "complaint.in_court")
    body = bodies().get(q.about.kind)
    step = step_of(q.about.level, q.about.kind, q.on)
    if body is None or step is None:
        if q.history == "decided":
            return _answer(q, UNKNOWN, "complaint.decided", choices=("Khởi kiện vụ án hành chính tại Tòa án (Luật Khiếu nại Đ42)",))
        return _answer(q, _gone(q, body) if q.about.level == "huyen" and body else UNKNOWN, "any.unclear")
    special = _not_administrative(q, body, step)
    if special is not None:
        return special
    if q.history == "decided":
        review = "unlawful_settlement" in q.signs
        return _answer(q, _reviewer(step, q) if review else _up(step, q), "complaint.review" if review else "complaint.decided",
                       choices=_choices(body, "decided"), body=body)  # fmt: skip
    first = _first(step, q)
    settler = first if q.history == "first" else _up(step, q)
    if q.history == "overdue_below" and _is(q.at, settler.body):
        return _answer(q, settler, "complaint.order", choices=_choices(body, q.history), body=body)
    situation = "complaint.accept" if q.history == "first" else "complaint.accept_second"
    if not _is(q.at, settler.body):
        situation = "complaint.return" if "forwarded" in q.signs else "complaint.guide"
    drafter = ("Người đã tham mưu quyết định bị khiếu nại không được giao xác minh: phải khách quan (Luật Khiếu nại Đ29 k2)",)
    return _answer(q, settler, situation, choices=_choices(body, q.history), body=body, shut_out=drafter)


def _not_administrative(q: Question, body: Body, step: Step) -> Competence | None:
    """Courts, procuracies, enterprises, Party and elected bodies: not complaints under the Law on complaints."""
    settler = _Settler(step.head, About(step.level, q.about.kind, key=q.about.key), step.first, step.verified,
                       f"{step.name} giải quyết theo {body.own_law or step.first}.")  # fmt: skip
    if "court" in body.is_:
        return _answer(q, settler, "complaint.proceedings", body=body)
    if "enterprise" in body.is_:
        return _answer(q, settler, "complaint.enterprise", body=body)
    if body.is_ & {"party", "elected", "internal"}:
        return _answer(q, settler, "other.pass", body=body)
    return None


def _first(step: Step, q: Question) -> _Settler:
    ref = step.settled_by or (step.level, q.about.kind)
    basis = "Luật Khiếu nại Đ51 k1" if DISCIPLINE in q.signs else step.first
    return _Settler(step.head, About(*ref, key=q.about.key), basis, step.verified,
                    f"Khiếu nại lần đầu đến người đã ra quyết định hoặc đứng đầu cơ quan có hành vi: {step.head} "
                    f"({basis}).")  # fmt: skip


def _up(step: Step, q: Question) -> _Settler:
    """The direct superior of who settles first; of the provincial chair, the minister of the field."""
    if step.above is None:
        return _Settler("Tòa án nhân dân (khởi kiện)", None, "Luật Khiếu nại Đ7 k2", "primary",
                        f"Trên {step.head} không còn cấp giải quyết khiếu nại: khởi kiện tại Tòa án.")  # fmt: skip
    above = step_of(*step.above, q.on)
    if above is None:
        return UNKNOWN
    if q.about.kind == "ubnd" and step.above == ("trung_uong", "bo"):
        return _minister(step, q)
    basis = "Luật Khiếu nại Đ51 k2" if DISCIPLINE in q.signs else step.second
    return _Settler(above.head, About(*step.above), basis, step.verified,
                    f"Khiếu nại lần hai đến thủ trưởng cấp trên trực tiếp: {above.head} ({basis}).")  # fmt: skip


def _minister(step: Step, q: Question) -> _Settler:
    if DISCIPLINE in q.signs:
        return _Settler("Bộ trưởng Bộ Nội vụ", About("trung_uong", "bo"), "Luật Khiếu nại Đ51 k3", "primary",
                        "Khiếu nại kỷ luật đã được Chủ tịch UBND tỉnh giải quyết: Bộ trưởng Bộ Nội vụ.")  # fmt: skip
    table, mark = fields()
    named = table.get(q.field)
    title = named.ministry if named else "Bộ trưởng quản lý ngành, lĩnh vực"
    return _Settler(title, About("trung_uong", "bo"), step.second, _weakest(step.verified, mark if named else "primary"),
                    f"Khiếu nại lần hai đến Bộ trưởng quản lý ngành, lĩnh vực: {title} ({step.second}).")  # fmt: skip


def _reviewer(step: Step, q: Question) -> _Settler:
    """Who orders a settlement with signs of a breach to be looked at again: above who settled for the second time."""
    second = step_of(*step.above, q.on) if step.above else step
    ref = second.superior if second is not None else None
    above = step_of(*ref, q.on) if ref else None
    if second is None or ref is None or above is None:
        return UNKNOWN
    return _Settler(above.head, About(*ref), "NĐ 124/2020/NĐ-CP Đ38", _weakest(step.verified, second.verified),
                    f"Xem xét việc giải quyết khiếu nại của {second.head}: {above.head} yêu cầu, chỉ đạo "
                    "(NĐ 124/2020/NĐ-CP Đ38). Nếu mới có quyết định lần đầu thì khiếu nại lần hai hoặc khởi kiện.")  # fmt: skip


def _choices(body: Body, history: str) -> tuple[str, ...]:
    """What else the person may do. Civil enforcement has its own stages and no administrative court."""
    second = ("Khiếu nại lần hai trong 30 ngày kể từ ngày hết hạn giải quyết (Luật Khiếu nại Đ33 k1)",)
    if not body.sue:
        return (f"Khiếu nại tiếp theo {body.own_law}",)
    article = "Đ42" if history == "decided" else "Đ7"
    court = (f"Khởi kiện vụ án hành chính tại Tòa án (Luật Khiếu nại {article})",)
    return second + court if history == "overdue_below" else court


# --- denunciations ---------------------------------------------------------------------------------------------------

def _denunciation(q: Question) -> Competence:
    signs = signs_of(q)
    body = bodies().get(q.about.kind)
    if "crime" in signs:
        police = _Settler("Cơ quan điều tra hoặc Viện kiểm sát nhân dân có thẩm quyền", None, "Luật Tố cáo Đ27 k1",
                          "primary", "Có dấu hiệu tội phạm thì chuyển ngay, không chờ thụ lý.")  # fmt: skip
        return _answer(q, police, "denunciation.crime", body=body)
    settler = _denounced(q, body)
    if "party" in signs:
        return _answer(q, settler, "denunciation.party", body=body)
    if "anonymous" in signs or "anonymous_clear" in signs:
        return _answer(q, settler, _nameless(q, settler), body=body)
    if {"also_sent_to_competent", "already_guided"} & signs and not _is(q.at, settler.body):
        return _answer(q, settler, "denunciation.keep", body=body)
    if settler.body is None:
        return _answer(q, settler, "any.unclear", body=body)
    shut = ("Người bị tố cáo và cấp dưới không tham gia; thông báo không để lộ người tố cáo (Luật Tố cáo Đ29 k3, Đ56)",)
    if q.history in ("decided", "second", "overdue_below"):
        situation = "denunciation.overdue" if q.history == "overdue_below" else "denunciation.again"
    else:
        situation = "denunciation.accept"
    if not _is(q.at, settler.body):
        situation = "denunciation.in_person" if "in_person" in signs else "denunciation.transfer"
    return _answer(q, settler, situation, body=body, shut_out=shut)


def _nameless(q: Question, settler: _Settler) -> str:
    if "anonymous_clear" not in q.signs:
        return "denunciation.nameless"
    return "denunciation.inspect" if _is(q.at, settler.body) else "denunciation.pass_inspect"


def _denounced(q: Question, body: Body | None) -> _Settler:
    if q.about.level == "ngoai" or body is None:
        return _managing(q)
    step = step_of(q.about.level, q.about.kind, q.on)
    if step is None:
        return _gone(q, body)
    if q.history in ("decided", "second", "overdue_below"):
        return _superior_of_settler(step, q)
    return _superior(step, q) if q.about.post in HEADS else _own_head(step, q)


def _own_head(step: Step, q: Question) -> _Settler:
    ref = step.settled_by or (step.level, q.about.kind)
    who = About(*ref, key=q.about.key)
    if bodies()[q.about.kind].tasked:
        return _Settler(step.head, who, step.staff, step.verified,
                        "Người được giao nhiệm vụ mà không phải cán bộ, công chức, viên chức do người quản lý trực tiếp "
                        f"giải quyết: {step.head} ({step.staff}).")  # fmt: skip
    if q.about.post == "former":
        return _Settler(step.head, who, FORMER, step.verified,
                        "Tố cáo việc làm trước đây của người đã thôi việc, nghỉ hưu hoặc chuyển đi do người đứng đầu cơ quan "
                        f"quản lý người đó tại thời điểm có hành vi chủ trì: {step.head} ({FORMER}). {HIGHER}")  # fmt: skip
    unknown = "" if q.about.post else " Nếu người bị tố cáo là người đứng đầu hoặc cấp phó thì cấp trên trực tiếp giải quyết."
    return _Settler(step.head, who, step.staff, step.verified,
                    f"Tố cáo cán bộ, công chức do người đứng đầu cơ quan quản lý người đó giải quyết: {step.head} "
                    f"({step.staff}).{unknown}")  # fmt: skip


def _superior(step: Step, q: Question) -> _Settler:
    """Heads, deputies and the agency itself: the head of the direct superior (Luật Tố cáo Đ12 k1 đoạn 2, k6)."""
    ref = step.superior
    above = step_of(*ref, q.on) if ref else None
    if ref is None or above is None:
        return _Settler("Người có thẩm quyền bổ nhiệm", None, "Luật Tố cáo Đ17 k3", "primary",
                        f"Trên {step.head}: người có thẩm quyền bổ nhiệm giải quyết.")  # fmt: skip
    same_agency = q.about.key if ref[0] == step.level else ""
    if q.about.post == "former_head":
        return _Settler(above.head, About(*ref, key=same_agency), FORMER_HEAD, step.verified,
                        "Tố cáo việc làm trước đây của người từng đứng đầu hoặc cấp phó do người đứng đầu cấp trên trực tiếp của "
                        f"cơ quan quản lý tại thời điểm có hành vi chủ trì: {above.head} ({FORMER_HEAD}). {HIGHER}")  # fmt: skip
    return _Settler(above.head, About(*ref, key=same_agency), step.heads, step.verified,
                    f"Tố cáo người đứng đầu, cấp phó hoặc chính cơ quan do người đứng đầu cấp trên trực tiếp giải quyết: "
                    f"{above.head} ({step.heads}).")  # fmt: skip


def _superior_of_settler(step: Step, q: Question) -> _Settler:
    """After a conclusion, or past the limit: the direct superior of who settles (Luật Tố cáo Đ37 k1, Đ38 k1)."""
    at = step_of(*step.settled_by, q.on) if step.settled_by else step
    if q.about.post in HEADS and step.superior is not None:
        at = step_of(*step.superior, q.on)
    ref = at.superior if at is not None else None
    above = step_of(*ref, q.on) if ref else None
    if ref is None or above is None or at is None:
        return UNKNOWN
    basis = "Luật Tố cáo Đ38 k1" if q.history == "overdue_below" else "Luật Tố cáo Đ37 k1"
    return _Settler(above.head, About(*ref), basis, at.verified,
                    f"Tố cáo tiếp đến người đứng đầu cấp trên trực tiếp của người giải quyết ({at.head}): {above.head} "
                    f"({basis}).")  # fmt: skip


def _managing(q: Question) -> _Settler:
    """Breaches by anyone in a field: the agency that manages it (Luật Tố cáo Đ41 k1)."""
    table, mark = fields()
    field = table.get(q.field)
    if field is None:
        return UNKNOWN
    return _Settler(field.department, About("tinh", field.kind), "Luật Tố cáo Đ41 k1", mark,
                    f"Nội dung thuộc quản lý nhà nước của cơ quan nào thì cơ quan đó giải quyết: {field.department} "
                    "(hoặc UBND cấp xã trong phạm vi được phân cấp; nhiều cơ quan thì nơi thụ lý đầu tiên, Đ41 k3).")  # fmt: skip


def _gone(q: Question, body: Body) -> _Settler:
    """A body that is no more on that day: who took over its work, or was above it (Luật Tố cáo Đ12 k4, k5)."""
    last = max((s for s in body.steps if s.level == q.about.level), key=lambda s: s.until, default=None)
    if last is None or last.until == date.max:
        return UNKNOWN
    ended = f"{last.name} kết thúc hoạt động từ {last.until + timedelta(days=1):%d/%m/%Y}"
    if q.nature == "to_cao":
        return _gone_denounced(q, last, ended)
    under = body.relation == "under"
    basis, kin = ("NĐ 141/2025/NĐ-CP", "") if under else ("Luật Khiếu nại Đ7 k1", " cùng ngành")
    return _Settler(f"Người đứng đầu cơ quan{kin} kế thừa chức năng, nhiệm vụ", None, basis, "unread",
                    f"{ended}: cơ quan{kin} kế thừa giải quyết ({basis}; cơ quan nào: chưa đối chiếu).")  # fmt: skip


def _gone_denounced(q: Question, last: Step, ended: str) -> _Settler:
    above = step_of(*last.superior, q.on) if last.superior is not None else None
    if last.superior is not None and above is not None and q.about.post in HEADS:
        basis = "Luật Tố cáo Đ12 k3, k5"
        return _Settler(above.head, About(*last.superior), basis, "secondary",
                        f"{ended}: tố cáo chính cơ quan đó, người từng đứng đầu hoặc cấp phó do người đứng đầu cơ quan quản lý nó "
                        f"trước đó giải quyết: {above.head} ({basis}).")  # fmt: skip
    before = f", {above.head}" if above is not None else ""
    return _Settler("Người đứng đầu cơ quan sau sắp xếp mà người bị tố cáo đang công tác", None, "Luật Tố cáo Đ12 k4, k5",
                    "primary", f"{ended}: đã sáp nhập, chia tách thì nơi người bị tố cáo đang công tác chủ trì (k4); đã giải thể "
                    f"thì người đứng đầu cơ quan quản lý nó trước đó{before} (k5).")  # fmt: skip


# --- petitions, questions, the rest ----------------------------------------------------------------------------------

def _petition(q: Question) -> Competence:
    kind, stem = _pakn(q)
    if "answered_nothing_new" in q.signs:
        return _answer(q, UNKNOWN, "petition.answered", pakn=kind)
    settler = _addressed(q)
    if settler.body is None:
        return _answer(q, settler, "any.unclear", pakn=kind)
    situation = f"{stem}.accept" if _is(q.at, settler.body) else f"{stem}.transfer"
    return _answer(q, settler, situation, pakn=kind, body=bodies().get(q.about.kind))


def _pakn(q: Question) -> tuple[str, str]:
    """Which of the three things called PAKN (domain 5), and the stem of its situations."""
    if "administrative_rule" in q.signs:
        return "quy_dinh_hanh_chinh", "rules_feedback"
    if "field_report" in q.signs:
        return "hien_truong", "field_report"
    return "tiep_cong_dan", "petition"


def _addressed(q: Question) -> _Settler:
    """Who answers a petition: the head of the body it is about; else who manages the field, or the commune."""
    step = step_of(q.about.level, q.about.kind, q.on) if q.about.kind else None
    if step is not None:
        ref = step.settled_by or (step.level, q.about.kind)
        return _Settler(step.head, About(*ref, key=q.about.key), "Luật Tiếp công dân Đ26 k2", "primary",
                        f"Kiến nghị, phản ánh thuộc trách nhiệm của {step.name}.")  # fmt: skip
    if "administrative_rule" in q.signs:
        return _Settler("Văn phòng UBND tỉnh (kiểm soát thủ tục hành chính)", About("tinh", "ubnd"),
                        "NĐ 20/2008/NĐ-CP Đ9, Đ14", "secondary",
                        "Phản ánh, kiến nghị về quy định hành chính có quy trình riêng.")  # fmt: skip
    if "field_report" in q.signs and q.about.level in ("", "ngoai"):
        return _where_it_happens(q, "Phản ánh hiện trường: UBND cấp xã nơi xảy ra xử lý hoặc chuyển đơn vị quản lý.")
    level = q.about.level if q.about.level in ("xa", "tinh") else ""
    found = step_of(level, "ubnd", q.on) if level else None
    if found is not None:
        return _Settler(found.head, About(level, "ubnd", key=q.about.key), "Luật Tiếp công dân Đ2 k2, Đ26 k2", "primary",
                        f"Chưa rõ cơ quan: {found.name} nơi xảy ra việc xem xét hoặc chuyển.")  # fmt: skip
    if q.about.level != "ngoai":
        return UNKNOWN
    return _where_it_happens(q, "Việc của tổ chức, cá nhân ngoài nhà nước: UBND cấp xã nơi xảy ra xem xét hoặc chuyển.")


def _where_it_happens(q: Question, why: str) -> _Settler:
    """The commune where it happens looks, or passes on."""
    found = step_of("xa", "ubnd", q.on)
    head = found.head if found else "Chủ tịch UBND cấp xã"
    return _Settler(head, About("xa", "ubnd", key=q.about.key), "Luật Tiếp công dân Đ2 k2, Đ26 k2", "primary", why)


def _question(q: Question) -> Competence:
    """Who manages the matter explains: the agency asked about, else the department of the field, else where it was asked."""
    settler = _addressed(q)
    table, mark = fields()
    field = table.get(q.field) if q.field != ANY_FIELD else None
    if settler is UNKNOWN and field is not None:
        settler = _Settler(field.department, About("tinh", field.kind), "", mark,
                           f"Cơ quan quản lý lĩnh vực “{q.field}” trả lời: {field.department}; nơi tiếp công dân vẫn giải thích, "
                           "hướng dẫn được.")  # fmt: skip
    elif settler is UNKNOWN:
        settler = _Settler("Nơi tiếp công dân của cơ quan nhận đơn", None, "", "primary",
                           "Chưa rõ lĩnh vực: nơi tiếp công dân giải thích, hướng dẫn.")  # fmt: skip
    return _answer(q, settler, "question.answer", body=bodies().get(q.about.kind))


def _other(q: Question) -> Competence:
    route = route_of(q)
    situation = "other.pass" if route is not None and route.does == "chuyen" else "other.route"
    situation = route.act if route is not None and route.act else situation
    title = route.where if route is not None else ""
    settler = _Settler(title, None, route.basis if route else "", route.verified if route else "primary",
                       f"Không phải khiếu nại, tố cáo, kiến nghị, phản ánh: {route.name if route else ''}.")  # fmt: skip
    return _answer(q, settler, situation)


# --- the answer ------------------------------------------------------------------------------------------------------

def _is(at: About, body: About | None) -> bool:
    """Whether the receiving agency is the settling one (a reception board acts for its chair)."""
    if body is None or not at.kind:
        return False
    acts_for = bodies()[at.kind].acts_for or at.kind
    same = (at.level, acts_for) == (body.level, body.kind)
    return same and (not at.key or not body.key or at.key == body.key)


def _weakest(*marks: str) -> str:
    return min(marks, key=_WEAKEST.index)


def _answer(q: Question, settler: _Settler, situation: str, *, body: Body | None = None, pakn: str | None = None,
            choices: tuple[str, ...] = (), shut_out: tuple[str, ...] = ()) -> Competence:  # fmt: skip
    act: Act = act_of(situation, q.on)
    why = [settler.why, f"{act.words} ({act.basis})."]
    if body is not None and body.relation == "line":
        why.insert(0, f"{body.name} là ngành dọc: cấp trên là cùng ngành, không phải UBND cùng cấp.")
    if "original_papers" in q.signs and act.does in ("huong_dan", "tra_lai", "luu"):
        why.append("Có giấy tờ, tài liệu gốc: trả lại cho người gửi (TT 05/2021/TT-TTCP, chép theo TT 07/2014 Đ10).")
    basis = "; ".join(b for b in dict.fromkeys((settler.basis, act.basis)) if b)
    return Competence(q.nature, settler.title, settler.body, act.does, act.words, act.paper, act.clock, basis,
                      _weakest(settler.verified, act.verified), tuple(why), route_of(q), pakn, choices, shut_out)  # fmt: skip

