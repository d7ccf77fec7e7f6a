"""Answers that only look like answers: a draft held against the letter (issue of the letters; design 9). Pure."""

from .check import COPIED, Finding, Report, check
from .copied import Copy, copied
from .marks import Mark, marks
from .requests import Request, requests

__all__ = ["COPIED", "Copy", "Finding", "Mark", "Report", "Request", "check", "copied", "marks", "requests"]
