"""An agency's own signing chain for a paper, by a decision (domain 10). Rows are only added; the newest in force counts."""

from django.db import migrations

SQL = """
CREATE TABLE td_chain (
    agency   text NOT NULL,
    form     text NOT NULL,
    since    date NOT NULL,
    stages   text[] NOT NULL, -- "initial:unit_head|reception", as in a kind's file; empty: the kind's own again
    decision text NOT NULL,
    set_by   uuid NOT NULL,
    at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (agency, form, since, at)
);
GRANT SELECT, INSERT ON td_chain TO td_web;
GRANT SELECT ON td_chain TO td_job;
"""


class Migration(migrations.Migration):
    dependencies = [("papers", "0001_files_and_books")]
    operations = [migrations.RunSQL(SQL)]
