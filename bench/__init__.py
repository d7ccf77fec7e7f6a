"""Measures the program and prints ratios: `make bench`, or `python -m bench intake|million|start|papers|law|reader|procedures`.

Never part of the tests: a missed target is reported, it fails nothing. Every part works in a folder of its own
that it removes at the end, writes its figures to bench/results/, and docs/bench.md is made from those files alone.
"""
