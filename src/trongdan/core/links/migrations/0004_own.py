"""Which cases are somebody's own, by a keyed digest of the personal number."""

from django.db import migrations

SQL = """
CREATE TABLE td_own_case (
    subject bytea       NOT NULL,   -- keyed digest of a personal number; the number is nowhere
    case_id uuid        NOT NULL,
    since   timestamptz NOT NULL,
    PRIMARY KEY (subject, case_id)
);
CREATE INDEX td_own_case_case ON td_own_case (case_id);
ALTER TABLE td_own_case ENABLE ROW LEVEL SECURITY;
CREATE POLICY add ON td_own_case FOR INSERT TO td_web, td_job WITH CHECK ((SELECT td_scope_is_set()));
CREATE POLICY clean ON td_own_case FOR ALL TO td_job USING ((SELECT td_scope_all()));
CREATE POLICY own ON td_own_case FOR SELECT TO td_definer USING (true);
GRANT INSERT ON td_own_case TO td_web, td_job;
GRANT SELECT, DELETE ON td_own_case TO td_job;
GRANT SELECT ON td_own_case TO td_definer;

CREATE FUNCTION td_own_cases(wanted bytea) RETURNS TABLE (case_id uuid, reference text, generation int, kind text, step text,
    agency text, opened_on date, due_on date, final boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.id, c.reference, c.generation, c.kind, c.step, c.agency, c.opened_on, c.due_on, c.final
    FROM td_own_case o JOIN td_case c ON c.id = o.case_id
    WHERE o.subject = wanted AND NOT c.vault AND c.secret IS NULL ORDER BY c.opened_on DESC, c.id DESC LIMIT 200
$$;
ALTER FUNCTION td_own_cases(bytea) OWNER TO td_definer;

CREATE POLICY about ON td_link_call FOR SELECT TO td_definer USING (turn = 1);
GRANT SELECT ON td_link_call TO td_definer;
CREATE FUNCTION td_asked_about(wanted bytea) RETURNS TABLE (at timestamptz, agency text, purpose text, basis text, fields text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT k.at, k.agency, k.purpose, k.basis, k.fields FROM td_link_call k WHERE k.subject = wanted AND k.turn = 1
    ORDER BY k.at DESC LIMIT 200
$$;
ALTER FUNCTION td_asked_about(bytea) OWNER TO td_definer;
"""


class Migration(migrations.Migration):
    dependencies = [("links", "0003_waits"), ("cases", "0010_alike_bounded")]
    operations = [migrations.RunSQL(SQL)]
