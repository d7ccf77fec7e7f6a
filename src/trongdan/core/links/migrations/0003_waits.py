"""Why a dossier of the national portal waits, and when it is looked at again."""

from django.db import migrations

SQL = """
ALTER TABLE td_portal_dossier ADD COLUMN why text NOT NULL DEFAULT '', ADD COLUMN look_at timestamptz;
GRANT SELECT (why) ON td_portal_dossier TO td_web;

-- A centre and the agency it works for see the same dossiers: the portal names one, the trail the other.
CREATE FUNCTION td_scope_bodies() RETURNS SETOF text LANGUAGE sql STABLE AS $$
    SELECT s FROM unnest(td_scope_agencies()) s
    UNION SELECT a.answers_id FROM td_agency a WHERE a.code = ANY (td_scope_agencies()) AND a.answers_id IS NOT NULL
    UNION SELECT a.code FROM td_agency a WHERE a.answers_id = ANY (td_scope_agencies())
$$;
ALTER POLICY own ON td_portal_dossier USING ((SELECT td_scope_all()) OR agency IN (SELECT td_scope_bodies()));
ALTER POLICY own ON td_portal_state USING ((SELECT td_scope_all()) OR agency IN (SELECT td_scope_bodies()));
"""


class Migration(migrations.Migration):
    dependencies = [("links", "0002_portal"), ("agencies", "0001_initial")]
    operations = [migrations.RunSQL(SQL)]
