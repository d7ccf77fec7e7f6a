"""Words by which people come to something else: "ngoài ra…", "nhân đây…", "còn một việc nữa…". One sign among others of where a
letter comes to another matter (`cuts.py`)."""

from __future__ import annotations

import re

_MATTER = r"(?:viec|chuyen|dieu|van de|noi dung|y|cau|noi|chut|khoan)"
# Words at the head of a sentence with which people come to something else.
_ADDED = re.compile(
    # "và", "à", "rồi" may stand before
    r"(?:va |ma |a[,:]? |ah[,:]? |roi )?("
    r"ngoai (?:ra|viec tren|viec ay|viec do|chuyen (?:nay|do|ay|tren))|ben canh (?:do|viec)|mat khac|dong thoi|them (?:nua"
    r"|vao do|mot)"
    r"|nhan (?:day|tien|the|dip nay|cam but|luc|buoi nay|viet don|ke)|san (?:day|tien|dip)|tien (?:day|the|thay|cung|noi|viet|hoi)"
    rf"|(?:lai )?con (?:mot |them )?{_MATTER} (?:nay|nua|khac|thu|buon|ve|o)|(?:mot |them (?:mot )?){_MATTER} (?:nua|khac|nho)"
    rf"|{_MATTER} (?:khac|nua|thu (?:hai|ba|2|3))\b|rieng (?:ve |viec |chuyen )|con (?:ve|viec|chuyen|phan|rieng|cai)\b"
    r"|(?:toi|chung toi|em|chau|gia dinh toi|ba con|nhan dan) (?:cung|con) (?:xin|mong|muon|de nghi|kien nghi|phan anh|to cao"
    r"|hoi|bao)"
    r"|cung (?:xin|mong|de nghi|kien nghi) (?:hoi|phan anh|kien nghi|xa|tinh|cac|duoc|cho|som)|cho (?:toi |em |chau "
    r"|minh )?hoi (?:them|luon)"
    r"|xin hoi (?:them|luon)|hoi (?:them|luon)|neu (?:tien|duoc) thi (?:cho )?(?:xin|mong)|ma lam cung)")


def added_at(plain: str, start: int) -> bool:
    """Whether the sentence that begins at `start` opens with words by which people come to something else."""
    return _ADDED.match(plain, start) is not None
