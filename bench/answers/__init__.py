"""Invented letters with an answer of each sort, to measure the check of answers. Written by the authors of the program: never
from anybody's letter. `practice.toml` was looked at while the check was written, `held.toml` only measured."""
