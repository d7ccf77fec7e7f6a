"""Copies of scanned files whose words can be found and copied, and which files wait for one."""

from django.db import migrations

SQL = """
CREATE TABLE td_readable (
    file       uuid PRIMARY KEY REFERENCES td_file (id) ON DELETE CASCADE, -- goes with it, wherever it goes
    case_id    uuid NOT NULL,
    asked_at   timestamptz NOT NULL DEFAULT now(),
    claimed_at timestamptz,
    tries      int NOT NULL DEFAULT 0,
    done_at    timestamptz,
    pages      int NOT NULL DEFAULT 0, -- 0: no copy, for it has its words already, or could not be read
    sure       real,                   -- 0 to 100, as the reader says it, over all lines
    digest     bytea                   -- SHA-256 of the copy
);
CREATE INDEX td_readable_waiting ON td_readable (asked_at) WHERE done_at IS NULL;
ALTER TABLE td_readable ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON td_readable FOR ALL TO td_web, td_job
    USING ((SELECT td_scope_all()) OR td_sees(case_id)) WITH CHECK ((SELECT td_scope_is_set()));
GRANT SELECT, INSERT ON td_readable TO td_web, td_job;
GRANT UPDATE ON td_readable TO td_job;
INSERT INTO td_readable (file, case_id) SELECT id, case_id FROM td_file
    WHERE NOT sealed AND (media LIKE 'image/%' OR media = 'application/pdf');
"""


class Migration(migrations.Migration):
    dependencies = [("papers", "0003_scans"), ("people", "0003_vault")]
    operations = [migrations.RunSQL(SQL)]
