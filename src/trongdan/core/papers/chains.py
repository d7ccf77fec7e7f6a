"""How an agency takes a paper through its hands: the kind's chain, or the agency's own by a decision (NĐ 30/2020; domain 10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from trongdan.kernel.chain import STAGE_NAMES
from trongdan.kernel.errors import Refusal
from trongdan.kernel.kind import ROLES, Kind

Chain = tuple[tuple[str, tuple[str, ...]], ...]
ORDER = ("initial", "check", "sign", "number", "send")


def own_chains(agency: str, on: date) -> dict[str, Chain]:
    """form -> the agency's own chain in force on a day; forms that follow their kind are left out. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT ON (form) form, stages FROM td_chain WHERE agency = %s AND since <= %s "
                       "ORDER BY form, since DESC, at DESC", [agency, on])  # fmt: skip
        return {form: parse(stages) for form, stages in cursor.fetchall() if stages}


def parse(stages: Sequence[str]) -> Chain:
    """"stage:role|role" lines as a chain."""
    return tuple((line.partition(":")[0], tuple(line.partition(":")[2].split("|"))) for line in stages)


def checked(kind: Kind, form: str, stages: Sequence[str]) -> list[str]:
    """The lines, if they may stand in the place of the kind's. Raises Refusal.

    An agency may leave out or add initials and checks and choose among the kind's signers; it may not give the signature
    to a post that the kind doesn't name, nor do without number and sending where the kind has them."""
    own, given = parse(stages), {s.stage: s.roles for s in kind.chains[form]}
    names = [stage for stage, _roles in own]
    known = ROLES | {role for roles in given.values() for role in roles}
    if names != [s for s in ORDER if s in names] or any(not set(roles) <= known for _stage, roles in own):
        raise Refusal("chain.order", _("Chuỗi trình ký phải theo thứ tự ký nháy, kiểm tra, ký, cấp số, phát hành."),
                      "NĐ 30/2020/NĐ-CP Đ10–18")  # fmt: skip
    for stage in ("sign", "number", "send"):
        if (stage in given) != (stage in names):
            raise Refusal("chain.stage", _("Văn bản này phải có đúng bước: %(stage)s.") % {"stage": STAGE_NAMES[stage]},
                          "NĐ 30/2020/NĐ-CP Đ13–18")  # fmt: skip
    signers = dict(own).get("sign", ())
    if not set(signers) <= set(given.get("sign", ())):
        raise Refusal("chain.signer", _("Chỉ người được pháp luật giao thẩm quyền mới ký văn bản này."), "NĐ 30/2020/NĐ-CP Đ13")
    return list(stages)


def set_chain(agency: str, kind: Kind, form: str, stages: Sequence[str], decision: str, since: date, by: UUID) -> None:
    """From a day on, a paper of the agency goes this way; with no stages, the kind's way again. Raises Refusal.

    Papers already drafted keep the chain they were drafted with."""
    if not decision.strip():
        words = _("Hãy ghi số quy chế hoặc quyết định quy định việc trình ký.")
        raise Refusal("chain.decision", words, None, {"field": "decision"})
    lines = checked(kind, form, stages) if stages else []
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO td_chain (agency, form, since, stages, decision, set_by) VALUES (%s, %s, %s, %s, %s, %s)",
                       [agency, form, since, lines, decision.strip()[:200], by])  # fmt: skip
