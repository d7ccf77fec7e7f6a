"""The words of what is raised at a dialogue, by whoever raises it: people read these refusals."""

from __future__ import annotations

from trongdan.kernel.errors import Refusal
from trongdan.platform.text import clean

LONGEST = 2000  # characters of what is raised


def checked(words: str) -> str:
    """The words of a question, cleaned. Raises Refusal."""
    text = clean(words).strip()
    if len(text) < 5:
        raise Refusal("question.empty", "Chưa có câu hỏi. Hãy viết điều ông/bà muốn hỏi.", None, {"field": "words"})
    if len(text) > LONGEST:
        raise Refusal("question.too_long", "Câu hỏi dài quá. Hãy viết ngắn hơn; việc riêng của gia đình thì gửi đơn.", None,
                      {"field": "words"})  # fmt: skip
    return text
