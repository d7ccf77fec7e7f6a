"""The embedded PostgreSQL of the demo, the tests and small installations."""

from .cluster import Cluster
from .databases import DEFINER, EXTENSIONS, NAME, ROLES, SUPERUSER
from .errors import PostgresRefused

__all__ = ["DEFINER", "EXTENSIONS", "NAME", "ROLES", "SUPERUSER", "Cluster", "PostgresRefused"]
