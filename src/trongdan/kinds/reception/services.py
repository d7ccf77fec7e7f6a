"""The reception calendar: days planned, posted in time, put off with a reason and a new day, and who really came."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import F

from trongdan.core.agencies.models import Agency, PostRow
from trongdan.core.cases.scope import scope
from trongdan.core.leases.leases import DAYS
from trongdan.kernel.case import VIETNAM, Actor
from trongdan.kernel.clock import Due
from trongdan.kernel.errors import Refusal
from trongdan.law import load_law
from trongdan.law.receiving import Duty, duties

from .models import Audit, Booking, Mark, Session
from .once import Doer, at, once, require_planner

POSTED, ONLINE_TOLD, ONLINE_TESTED = "TCD-09", "TCD-14", "TCD-15"
AHEAD = timedelta(days=400)
CUT_OFF = timedelta(days=DAYS)  # what a device brings later than its references are lent for is looked at by a person
SPACE = UUID("5a3a3a0e-8f3c-4f3a-9f60-2b8c4f1f7a10")  # a key gives its session's id: pressed twice, there is one
PREPARED = {"notified": ONLINE_TOLD, "tested": ONLINE_TESTED, "connected": None, "recorded": None}


@dataclass(frozen=True, slots=True)
class Plan:
    """A reception day to be held. `post` is who receives; `ground` why, when it is out of turn (sort "extra")."""

    post: str
    on: date
    starts: time
    ends: time
    place: str
    sort: str = "regular"
    ground: str = ""
    joint: bool = False
    online: bool = False
    topic: str = ""
    attends: str = ""
    capacity: int = 20


def duty_of(agency: str) -> Duty | None:
    """What the law asks of the head of an agency; None when it says nothing of such a body."""
    row = Agency.objects.filter(code=agency).values_list("kind", "level").first()
    return duties().get((row[0], row[1])) if row else None


def last_day_to_post(on: date) -> date:
    """The last day on which a calendar with this day must be posted (Luật Tiếp công dân Đ24 k4). Raises Refusal."""
    due = load_law().due(POSTED, on)
    if not isinstance(due, Due) or due.due is None:
        raise Refusal("reception.no_rule", "Không tính được hạn niêm yết lịch cho ngày này.", None, {"field": "on"})
    return due.due


def soonest(today: date) -> date:
    """The first working day that may still be posted in time."""
    calendar = load_law().calendar
    day = calendar.next_working(today)
    while last_day_to_post(day) < today:
        day = calendar.next_working(day + timedelta(days=1))
    return day


def _check(plan: Plan, today: date) -> None:
    if plan.ends <= plan.starts:
        raise Refusal("reception.hours", "Giờ kết thúc phải sau giờ bắt đầu.", None, {"field": "ends"})
    if not plan.place.strip():
        raise Refusal("reception.place", "Hãy ghi nơi tiếp.", "Luật Tiếp công dân Đ24 k2 đ.a", {"field": "place"})
    if not today <= plan.on <= today + AHEAD:
        raise Refusal("reception.day", "Ngày tiếp phải từ hôm nay trở đi và không quá một năm nữa.", None, {"field": "on"})
    if plan.sort == "extra":
        if not plan.ground.strip():
            words = ("Tiếp đột xuất phải ghi vì sao: vụ việc gay gắt, phức tạp, đông người, hoặc để chậm thì gây hậu quả "
                     "nghiêm trọng.")  # fmt: skip
            raise Refusal("reception.ground", words, "Luật Tiếp công dân Đ18 k3", {"field": "ground"})
        return
    rest = load_law().calendar.rest_reason(plan.on)
    if rest:
        raise Refusal("reception.rest", f"Ngày này nghỉ ({rest}). Hãy chọn ngày làm việc.", None, {"field": "on"})


def plan(wanted: Plan, doer: Doer, now: datetime | None = None) -> UUID:
    """Put a reception day on the agency's calendar, not yet posted; its id. Raises Refusal."""
    today = at(now).astimezone(VIETNAM).date()
    require_planner(doer, doer.agency)
    row = PostRow.objects.filter(id=wanted.post, agency_id=doer.agency, role__in=("head", "deputy")).first()
    if row is None:
        raise Refusal("reception.post", "Hãy chọn người tiếp: lãnh đạo của chính cơ quan này.", None, {"field": "post"})
    _check(wanted, today)
    session = uuid5(SPACE, f"{doer.client}:{doer.key}")
    with scope(doer.actor):
        if once(doer, "plan", doer.agency, session, asdict(wanted)):
            clash = Session.objects.filter(post=wanted.post, on=wanted.on, moved_to=None, starts__lt=wanted.ends,
                                           ends__gt=wanted.starts)  # fmt: skip
            if clash.exists():
                raise Refusal("reception.clash", "Người tiếp đã có một buổi khác vào giờ ấy.", None, {"field": "starts"})
            Session.objects.create(id=session, agency=doer.agency, **_columns(wanted))
    return session


def _columns(wanted: Plan) -> dict[str, object]:
    limits = {"place": 200, "ground": 300, "topic": 300, "attends": 300}
    return {k: v.strip()[: limits[k]] if k in limits and isinstance(v, str) else v for k, v in asdict(wanted).items()}


def _own(session: UUID, doer: Doer) -> Session:
    """The session, locked; inside the scope. Raises Refusal when it is not of the acting agency."""
    found = Session.objects.select_for_update().filter(id=session).first()
    if found is None:
        raise Refusal("reception.unknown", "Không có buổi tiếp này trong phạm vi của ông/bà. Hãy tải lại trang.")
    require_planner(doer, found.agency)
    if found.moved_to_id is not None:
        raise Refusal("reception.moved", "Buổi này đã lùi sang ngày khác.")
    return found


def post(session: UUID, doer: Doer, now: datetime | None = None) -> None:
    """Publish a planned day: on the portal, in the feed, on the poster. Raises Refusal when it is too late for a regular one."""
    moment = at(now)
    today = moment.astimezone(VIETNAM).date()
    with scope(doer.actor):
        found = _own(session, doer)
        if found.on < today:
            raise Refusal("reception.past", "Ngày tiếp đã qua.")
        last = last_day_to_post(found.on)
        if found.sort == Session.Sort.REGULAR and today > last:
            words = (f"Lịch phải niêm yết chậm nhất ngày {last:%d/%m/%Y}. Niêm yết hôm nay thì sớm nhất tiếp được ngày "
                     f"{soonest(today):%d/%m/%Y}.")  # fmt: skip
            raise Refusal("reception.too_late", words, "Luật Tiếp công dân Đ24 k4", {"field": "on"})
        if once(doer, "post", found.agency, session, {}) and found.posted_at is None:
            Session.objects.filter(id=session).update(posted_at=moment)


@dataclass(frozen=True, slots=True)
class PutOff:
    """A new day for a posted one. The law lets it be put off, with a good reason and the new day made known."""

    on: date
    starts: time
    ends: time
    reason: str


def move(session: UUID, to: PutOff, doer: Doer, now: datetime | None = None) -> UUID:
    """Put a posted day off; whoever booked comes along and is told. The new session's id. Raises Refusal."""
    moment = at(now)
    today = moment.astimezone(VIETNAM).date()
    new = uuid5(SPACE, f"move:{doer.client}:{doer.key}")
    with scope(doer.actor):
        found = Session.objects.select_for_update().filter(id=session).first()
        if found is not None and found.moved_to_id == new:
            return new
        found = _own(session, doer)
        _may_move(found, to, today)
        once(doer, "move", found.agency, session, asdict(to))
        kept = {f: getattr(found, f) for f in ("agency", "post", "place", "sort", "ground", "joint", "online", "topic", "attends",
                                               "capacity", "taken")}  # fmt: skip
        Session.objects.create(id=new, on=to.on, starts=to.starts, ends=to.ends, posted_at=moment, moved_from=found,
                               moved_reason=to.reason.strip()[:300], **kept)  # fmt: skip
        Session.objects.filter(id=session).update(moved_to=new, moved_reason=to.reason.strip()[:300])
        Booking.objects.filter(session=session, state=Booking.State.WAITING).update(session=new)
    return new


def _may_move(found: Session, to: PutOff, today: date) -> None:
    basis = "Luật Tiếp công dân Đ24 k4"
    if found.posted_at is None or found.on < today or Mark.objects.filter(session=found, what="began").exists():
        raise Refusal("reception.not_movable", "Chỉ lùi được buổi đã niêm yết, chưa diễn ra.", basis)
    if not to.reason.strip():
        raise Refusal("reception.reason", "Hãy ghi lý do chính đáng; người dân đọc được lý do này.", basis, {"field": "reason"})
    if to.on <= found.on:
        raise Refusal("reception.earlier", "Chỉ lùi sang ngày sau; người đã hẹn không thể đến sớm hơn.", basis, {"field": "new_on"})
    moved = Plan(found.post, to.on, to.starts, to.ends, found.place, found.sort, found.ground)
    _check(moved, today)


# --- who really came ----------------------------------------------------------------------------------------------------


def mark(session: UUID, what: str, doer: Doer, words: str = "", now: datetime | None = None) -> None:
    """Note, for good, that the head began or ended, that a deputy sat in, that nobody came, or what was prepared for an online
    session. Raises Refusal: a head's coming is for the head's own sign-in, on the day itself."""
    moment = at(now)
    with scope(doer.actor):
        found = Session.objects.select_for_update().filter(id=session, agency=doer.agency).first()
        if found is None or doer.actor.post is None or doer.actor.person is None:
            raise Refusal("reception.unknown", "Không có buổi tiếp này trong phạm vi của ông/bà. Hãy tải lại trang.")
        if found.moved_to_id is not None or found.posted_at is None:
            raise Refusal("reception.not_held", "Buổi này chưa niêm yết hoặc đã lùi sang ngày khác.")
        _may_mark(found, what, doer, words, moment)
        if once(doer, what, found.agency, session, {"words": words}):
            with transaction.atomic():
                Mark.objects.get_or_create(session=found, what=what, post=doer.actor.post.id, defaults={
                    "agency": found.agency, "at": moment, "person": doer.actor.person, "words": words.strip()[:300]})  # fmt: skip


def _may_mark(found: Session, what: str, doer: Doer, words: str, moment: datetime) -> None:
    today = moment.astimezone(VIETNAM).date()
    post, done = doer.actor.post, set(found.marks.values_list("what", "post"))
    if post is None:
        raise Refusal("reception.not_yours", "Hãy chọn chức danh đang làm việc.")
    if what in PREPARED:
        _may_prepare(found, what, doer)
        return
    if found.on != today and what != "absent" and not _told_afterwards(found, what, words, today):
        raise Refusal("reception.not_today", "Chỉ ghi có mặt trong đúng ngày tiếp.", None, {"on": found.on.isoformat()})
    if what in ("began", "ended"):
        _only_the_head(found, doer.actor)
        if what == "ended" and ("began", found.post) not in done:
            raise Refusal("reception.not_begun", "Chưa ghi bắt đầu nên chưa ghi kết thúc được.")
    elif what == "stood_in":
        duty = duty_of(found.agency)
        if duty is not None and not duty.delegable:
            raise Refusal("reception.not_delegable", f"{duty.name} không được giao người khác tiếp thay; hãy ghi vắng mặt "
                          "và lý do, hoặc lùi lịch.", duty.basis)  # fmt: skip
        if post.role != "deputy" or not words.strip():
            raise Refusal("reception.stand_in", "Cấp phó tự ghi, kèm số văn bản giao tiếp thay.", None, {"field": "words"})
    elif what == "absent":
        require_planner(doer, found.agency)
        if found.on > today or not words.strip():
            raise Refusal("reception.absent", "Chỉ ghi vắng mặt từ ngày tiếp trở đi, kèm lý do.", None, {"field": "words"})
    else:
        raise Refusal("reception.mark", "Không có việc ghi này. Hãy tải lại trang.")


def was_cut_off(found: Session, today: date) -> bool:
    """Whether the day was held without a network: a device brought records of it afterwards. Inside the scope of its body."""
    return today - CUT_OFF <= found.on < today and Audit.objects.filter(subject=found.id, what="offline").exists()


def _told_afterwards(found: Session, what: str, words: str, today: date) -> bool:
    """Whether a head may note afterwards that they came. Raises Refusal when nothing says from when to when."""
    if what not in ("began", "ended") or not was_cut_off(found, today):
        return False
    if not words.strip():
        raise Refusal("reception.late_mark", "Ghi sau vì hôm ấy mất mạng: hãy ghi giờ bắt đầu, kết thúc thật.", None,
                      {"field": "words"})  # fmt: skip
    return True


def _only_the_head(found: Session, actor: Actor) -> None:
    """Who came notes it: from the very post, held by appointment and not lent (Luật Tiếp công dân Đ12, Đ15, Đ18: trực tiếp)."""
    if actor.post is None or actor.post.id != found.post or actor.on_behalf is not None:
        raise Refusal("reception.own_hand", "Chỉ chính người tiếp, đăng nhập bằng tài khoản của mình, ghi được có mặt; không ghi "
                      "thay.", "Luật Tiếp công dân Đ12, Đ15, Đ18")  # fmt: skip


def _may_prepare(found: Session, what: str, doer: Doer) -> None:
    require_planner(doer, found.agency)
    if not found.online:
        raise Refusal("reception.not_online", "Buổi này không phải tiếp trực tuyến.")
    if what == "connected" and "tested" not in set(found.marks.values_list("what", flat=True)):
        raise Refusal("reception.not_tested", "Chưa ghi kết nối thử.", "NĐ 154/2026/NĐ-CP Đ23 k1")


# --- the room -----------------------------------------------------------------------------------------------------------


def call_next(session: UUID, doer: Doer, now: datetime | None = None) -> Booking | None:
    """Call the next number that waits: whoever is being received is done; None when nobody waits any more."""
    with scope(doer.actor):
        found = _own(session, doer)
        waiting = Booking.objects.filter(session=session, state=Booking.State.WAITING).order_by("number").first()
        if not once(doer, "call", found.agency, session, {}):
            return Booking.objects.filter(session=session, number=found.now).first()
        Booking.objects.filter(session=session, state=Booking.State.CALLED).update(state=Booking.State.SERVED)
        if waiting is not None:
            Booking.objects.filter(id=waiting.id).update(state=Booking.State.CALLED, called_at=at(now))
            Session.objects.filter(id=session).update(now=waiting.number)
        else:
            Session.objects.filter(id=session).update(now=F("taken"))
    return waiting


def not_there(booking: UUID, doer: Doer) -> None:
    """The number was called and nobody came; or has gone."""
    with scope(doer.actor):
        found = Booking.objects.filter(id=booking).select_related("session").first()
        if found is None:
            raise Refusal("booking.unknown", "Không có phiếu hẹn này trong phạm vi của ông/bà.")
        require_planner(doer, found.session.agency)
        if once(doer, "not_there", found.session.agency, booking, {}):
            here = (Booking.State.WAITING, Booking.State.CALLED)
            Booking.objects.filter(id=booking, state__in=here).update(state=Booking.State.ABSENT)
