"""Training of the letters' classifier: `python -m tools.classify train | evaluate | card`."""
