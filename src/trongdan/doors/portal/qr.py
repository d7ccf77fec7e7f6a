"""QR codes for pages and papers."""

from __future__ import annotations

import io
from base64 import b64encode

import segno


def qr_png(text: str) -> bytes:
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="png", scale=5, border=3)
    return out.getvalue()


def qr_svg(text: str) -> bytes:
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", scale=4, border=3, light="#fff")
    return out.getvalue()


def qr_data(text: str) -> str:
    return "data:image/png;base64," + b64encode(qr_png(text)).decode()
