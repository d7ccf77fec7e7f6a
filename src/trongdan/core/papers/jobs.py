"""The worker's part for papers and files: what left this system goes from it."""

from . import leave

__all__ = ["leave"]
