"""The words of a matter, not of a letter alone, may go into the vault of its family: a denunciation told at a reception table
is written down in the record first, and in the letter that was opened from it."""

from django.db import migrations

SQL = """
ALTER POLICY vaulted ON td_content USING (EXISTS (
    SELECT 1 FROM td_vault v WHERE v.case_id = td_vault_root(td_content.case_id) AND v.field = 'text:' || td_content.id));
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0003_vault")]
    operations = [migrations.RunSQL(SQL)]
