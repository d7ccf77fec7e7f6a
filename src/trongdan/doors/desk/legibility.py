"""What a clerk is told of a scan while the person is still there: which page of which file can hardly be read, and what to do."""

from __future__ import annotations

from django.utils.translation import gettext as _

from trongdan.core.papers import files
from trongdan.platform.legible import doubts


def doubted(name: str, data: bytes) -> list[str]:
    """A sentence a page that should be looked at again. Advice: nothing is refused for it."""
    return [_("%(name)s, trang %(page)s: %(words)s.") % {"name": name, "page": d.page, "words": d.words}
            for d in doubts(files.media_of(data), data)]  # fmt: skip
