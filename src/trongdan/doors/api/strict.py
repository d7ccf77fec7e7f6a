"""What comes in over the API: nothing but what is declared, and text that can be stored."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel, ConfigDict, field_validator

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]").search


class Strict(BaseModel):  # what comes in; plain pydantic: a ninja Schema wraps each value, which costs more than it checks
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False)

    @field_validator("*", mode="after")
    @classmethod
    def _storable(cls, value: Any) -> Any:
        """Text that no database and no letter holds: NUL and lone surrogates."""
        if isinstance(value, str) and _UNSTORABLE(value):
            raise ValueError("văn bản có ký tự không hợp lệ")
        return value
