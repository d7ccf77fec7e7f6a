"""Guards beyond the closed list: whether enough voters asked for a dialogue."""

from __future__ import annotations

from collections.abc import Mapping

from trongdan.kernel.kind import Json, RuleFunction
from trongdan.law.shares import shares

SHARE = "DT-01-CT"


def enough_voters(fields: Mapping[str, Json], _data: Mapping[str, Json], _today: str) -> bool:
    """Whether those who asked are the share of the voters that binds the commune. Unknown numbers are not enough."""
    asked, voters = fields.get("asked_by"), fields.get("voters")
    return isinstance(asked, int) and isinstance(voters, int) and shares()[SHARE].reached(asked, voters)


def too_few_voters(fields: Mapping[str, Json], data: Mapping[str, Json], today: str) -> bool:
    return not enough_voters(fields, data, today)


FUNCTIONS: Mapping[str, RuleFunction] = {"enough_voters": enough_voters, "too_few_voters": too_few_voters}
