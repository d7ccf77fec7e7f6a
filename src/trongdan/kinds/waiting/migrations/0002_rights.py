"""Addresses for reminders lie sealed under row security: the web adds, the worker reads and removes. Entries are only added."""

from django.db import migrations

SQL = """
ALTER TABLE td_appointment_contact ENABLE ROW LEVEL SECURITY;
CREATE POLICY added ON td_appointment_contact FOR INSERT TO td_web WITH CHECK ((SELECT td_scope_is_set()));
CREATE POLICY worker ON td_appointment_contact FOR ALL TO td_job USING ((SELECT td_scope_all())) WITH CHECK ((SELECT td_scope_all()));
GRANT INSERT ON td_appointment_contact TO td_web;
GRANT SELECT, DELETE ON td_appointment_contact TO td_job;
CREATE TRIGGER td_waiting_entry_append_only BEFORE UPDATE OR DELETE ON td_waiting_entry
    FOR EACH ROW EXECUTE FUNCTION td_refuse_change();
CREATE TRIGGER td_waiting_entry_no_truncate BEFORE TRUNCATE ON td_waiting_entry
    FOR EACH STATEMENT EXECUTE FUNCTION td_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("waiting", "0001_lines"), ("cases", "0001_event_v1")]
    operations = [migrations.RunSQL(SQL)]
