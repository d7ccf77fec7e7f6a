"""Scanned pages that wait to be read, and what was read: sealed under the draft they came with."""

from django.db import migrations

SQL = """
CREATE TABLE td_scan (
    draft      uuid PRIMARY KEY, -- of the form; its files lie sealed with it
    asked_at   timestamptz NOT NULL DEFAULT now(),
    claimed_at timestamptz,
    tries      int NOT NULL DEFAULT 0,
    done_at    timestamptz,
    sealed     bytea, -- the text, under the key of drafts
    problem    text   -- why there is none, in our own words
);
CREATE INDEX td_scan_waiting ON td_scan (asked_at) WHERE done_at IS NULL;
GRANT SELECT, INSERT, UPDATE, DELETE ON td_scan TO td_web;
GRANT SELECT, UPDATE, DELETE ON td_scan TO td_job;
"""


class Migration(migrations.Migration):
    dependencies = [("papers", "0002_chains")]
    operations = [migrations.RunSQL(SQL)]
