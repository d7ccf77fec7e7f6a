"""The Vietnamese lunar calendar from the moon and the sun, for holding the calendars against (meridian of UTC+7).

New moons and the sun's longitude after Meeus, as Hồ Ngọc Đức's public description of the calendar uses them.
"""

from __future__ import annotations

import math
from datetime import date, timedelta

ZONE = 7 / 24
SYNODIC = 29.530588853
_EPOCH = 2415021.076998695  # first new moon of 1900


def _julian(day: date) -> int:
    return day.toordinal() + 1721425


def _date(julian: int) -> date:
    return date.fromordinal(julian - 1721425)


def _new_moon(k: int) -> int:
    """The day (Julian number, in Vietnam) of the k-th new moon since 1900."""
    t = k / 1236.85
    rad = math.pi / 180
    mean = 2415020.75933 + 29.53058868 * k + 0.0001178 * t**2 - 0.000000155 * t**3
    mean += 0.00033 * math.sin((166.56 + 132.87 * t - 0.009173 * t**2) * rad)
    m = (359.2242 + 29.10535608 * k - 0.0000333 * t**2 - 0.00000347 * t**3) * rad
    mp = (306.0253 + 385.81691806 * k + 0.0107306 * t**2 + 0.00001236 * t**3) * rad
    f = (21.2964 + 390.67050646 * k - 0.0016528 * t**2 - 0.00000239 * t**3) * rad
    c = (0.1734 - 0.000393 * t) * math.sin(m) + 0.0021 * math.sin(2 * m) - 0.4068 * math.sin(mp)
    c += 0.0161 * math.sin(2 * mp) - 0.0004 * math.sin(3 * mp) + 0.0104 * math.sin(2 * f) - 0.0051 * math.sin(m + mp)
    c += -0.0074 * math.sin(m - mp) + 0.0004 * math.sin(2 * f + m) - 0.0004 * math.sin(2 * f - m)
    c += -0.0006 * math.sin(2 * f + mp) + 0.0010 * math.sin(2 * f - mp) + 0.0005 * math.sin(2 * mp + m)
    delta = -0.000278 + 0.000265 * t + 0.000262 * t**2
    return math.floor(mean + c - delta + 0.5 + ZONE)


def _sun_sector(julian: int) -> int:
    """Which twelfth of its circle the sun is in at midnight in Vietnam; a month without a new one is a leap month."""
    t = (julian - 2451545.5 - ZONE) / 36525
    rad = math.pi / 180
    m = (357.52910 + 35999.05030 * t - 0.0001559 * t**2) * rad
    longitude = 280.46645 + 36000.76983 * t + 0.0003032 * t**2
    longitude += (1.914600 - 0.004817 * t) * math.sin(m) + (0.019993 - 0.000101 * t) * math.sin(2 * m)
    longitude += 0.000290 * math.sin(3 * m)
    return math.floor((longitude % 360) / 30)


def _month_eleven(year: int) -> int:
    """The Julian day on which the eleventh lunar month begins: the one that holds the winter solstice."""
    k = math.floor((_julian(date(year, 12, 31)) - _EPOCH) / SYNODIC)
    start = _new_moon(k)
    return _new_moon(k - 1) if _sun_sector(start) >= 9 else start


def _leap_index(eleven: int) -> int:
    """Which month after the eleventh is the leap one, in a year of thirteen."""
    k = math.floor((eleven - _EPOCH) / SYNODIC + 0.5)
    last, i = 0, 1
    sector = _sun_sector(_new_moon(k + i))
    while sector != last and i < 14:
        last = sector
        i += 1
        sector = _sun_sector(_new_moon(k + i))
    return i - 1


def solar(lunar_day: int, lunar_month: int, year: int) -> date:
    """The day of a lunar day and (not leap) month, in the lunar year that begins in `year`."""
    a, b = (_month_eleven(year - 1), _month_eleven(year)) if lunar_month < 11 else (_month_eleven(year), _month_eleven(year + 1))
    k = math.floor(0.5 + (a - _EPOCH) / SYNODIC)
    off = (lunar_month - 11) % 12
    if b - a > 365:
        leap = _leap_index(a)
        if off >= leap:
            off += 1
    return _date(_new_moon(k + off)) + timedelta(days=lunar_day - 1)
