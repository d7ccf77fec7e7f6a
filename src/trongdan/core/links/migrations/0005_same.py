"""A person's open cases of one kind and topic, so that a second one is asked about before it is made."""

from django.db import migrations

SQL = """
CREATE FUNCTION td_own_open(wanted bytea, of_kind text, about text) RETURNS TABLE (reference text, agency text, opened_on date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.reference, c.agency, c.opened_on FROM td_own_case o JOIN td_case c ON c.id = o.case_id
    WHERE o.subject = wanted AND c.kind = of_kind AND c.topic = about AND NOT c.final AND NOT c.vault AND c.secret IS NULL
    ORDER BY c.opened_on DESC, c.id DESC LIMIT 5
$$;
ALTER FUNCTION td_own_open(bytea, text, text) OWNER TO td_definer;
REVOKE ALL ON FUNCTION td_own_open(bytea, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION td_own_open(bytea, text, text) TO td_web, td_job;
"""


class Migration(migrations.Migration):
    dependencies = [("links", "0004_own")]
    operations = [migrations.RunSQL(SQL)]
