"""What the commands share: Django under the right database role, and the embedded server when it is needed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from trongdan.platform.home import home

SETTINGS = "trongdan.config.settings"


def embedded() -> bool:
    """Whether this instance brings its own database."""
    return not os.environ.get("TRONGDAN_DATABASE_URL")


def cluster_folder() -> Path:
    return home() / "pg"


def setup(role: str) -> None:
    """Django, connecting as a role: td_web, td_job, td_owner, td_export. Called before any model is imported."""
    os.environ["TRONGDAN_DB_ROLE"] = role
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django

    django.setup()


@contextmanager
def database(role: str) -> Iterator[None]:
    """For a command that needs data: the embedded server runs meanwhile (and stops after, if we started it)."""
    started = None
    if embedded():
        from trongdan.platform.postgres import Cluster

        cluster = Cluster(cluster_folder())
        started = cluster if cluster.start(with_parent=True) else None
    try:
        setup(role)
        yield
    finally:
        from django.db import connections

        connections.close_all()
        if started is not None:
            started.stop()


def say(words: str) -> None:
    """A line of progress: to stderr, so that stdout stays for results."""
    click.echo(words, err=True)


@contextmanager
def as_role(role: str) -> Iterator[None]:
    """Part of a command's work in another role, e.g. letters of the demo as td_job; outside any transaction."""
    from django.db import connection

    before = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"] = role
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["USER"] = before
