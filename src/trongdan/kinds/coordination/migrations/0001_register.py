"""The register of voters' recommendations reads its own kind alone, however many letters there are."""

from django.db import migrations

SQL = """
CREATE INDEX td_case_voter ON td_case (opened_on DESC, id) WHERE kind = 'coordination.voter_recommendation';
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_morning")]
    operations = [migrations.RunSQL(SQL)]
