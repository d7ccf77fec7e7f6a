"""Notices lie under the row security of their case: whoever sees the case sees that somebody was told of it."""

from django.db import migrations

SQL = """
ALTER TABLE td_notice ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON td_notice FOR ALL TO td_web, td_job
    USING ((SELECT td_scope_all()) OR td_sees(case_id)) WITH CHECK ((SELECT td_scope_is_set()));
GRANT SELECT, INSERT, UPDATE ON td_notice TO td_job;
GRANT SELECT, UPDATE (status, attempts, next_at, resends, read_at) ON td_notice TO td_web;
"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial"), ("cases", "0001_event_v1")]
    operations = [migrations.RunSQL(SQL)]
