"""The internal process of a procedure at an agency: rows are only added, the newest in force counts."""

from django.db import migrations

SQL = """
CREATE TABLE td_process (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    procedure text NOT NULL,
    agency    text NOT NULL,
    since     date NOT NULL,
    days      int CHECK (days > 0),
    desks     jsonb NOT NULL, -- [{name, post, hours}]
    decision  text NOT NULL,
    set_by    uuid NOT NULL,
    at        timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX td_process_of ON td_process (procedure, agency, since DESC, id DESC);
GRANT SELECT, INSERT ON td_process TO td_web;
GRANT SELECT ON td_process TO td_job;
"""


class Migration(migrations.Migration):
    dependencies = [("procedures", "0002_took")]
    operations = [migrations.RunSQL(SQL)]
