"""The national service portal: dossiers that came, sealed until a kind takes them; states that must go back, in turn."""

from django.db import migrations

SQL = """
CREATE TABLE td_portal_dossier (
    code        text PRIMARY KEY,   -- the national code, kept as it is
    agency      text NOT NULL,
    procedure   text NOT NULL,
    lodged_at   timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    sealed      bytea,              -- applicant and parts; gone once a kind has taken the dossier
    taken_at    timestamptz,
    taken_as    text
);
CREATE INDEX td_portal_dossier_waiting ON td_portal_dossier (agency, lodged_at) WHERE taken_at IS NULL;
ALTER TABLE td_portal_dossier ENABLE ROW LEVEL SECURITY;
CREATE POLICY worker ON td_portal_dossier FOR ALL TO td_job USING ((SELECT td_scope_all())) WITH CHECK ((SELECT td_scope_all()));
CREATE POLICY own ON td_portal_dossier FOR SELECT TO td_web USING (
    (SELECT td_scope_all()) OR agency = ANY (ARRAY(SELECT jsonb_array_elements_text((SELECT td_scope()) -> 'agencies'))));
GRANT SELECT, INSERT, UPDATE ON td_portal_dossier TO td_job;
GRANT SELECT (code, agency, procedure, lodged_at, received_at, taken_at, taken_as) ON td_portal_dossier TO td_web;

CREATE TABLE td_portal_state (
    code     text NOT NULL,
    turn     int NOT NULL,
    agency   text NOT NULL,
    state    text NOT NULL,
    on_date  date NOT NULL,
    due      date,
    result   text,
    told_at  timestamptz NOT NULL,
    next_at  timestamptz,           -- when it is to be sent; NULL: arrived, or refused for good
    attempts smallint NOT NULL DEFAULT 0,
    last     text NOT NULL DEFAULT '',
    sent_at  timestamptz,
    checked_at timestamptz,
    differs  text[],
    PRIMARY KEY (code, turn)
);
CREATE INDEX td_portal_state_due ON td_portal_state (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX td_portal_state_check ON td_portal_state (checked_at NULLS FIRST) WHERE sent_at IS NOT NULL;
ALTER TABLE td_portal_state ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON td_portal_state FOR ALL TO td_web, td_job USING (
    (SELECT td_scope_all()) OR agency = ANY (ARRAY(SELECT jsonb_array_elements_text((SELECT td_scope()) -> 'agencies'))))
    WITH CHECK ((SELECT td_scope_is_set()));
GRANT SELECT, INSERT ON td_portal_state TO td_web;
GRANT SELECT, INSERT, UPDATE ON td_portal_state TO td_job;

CREATE TABLE td_portal_cursor (only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one), cursor text NOT NULL);
ALTER TABLE td_portal_cursor ENABLE ROW LEVEL SECURITY;
CREATE POLICY worker ON td_portal_cursor FOR ALL TO td_job USING ((SELECT td_scope_all())) WITH CHECK ((SELECT td_scope_all()));
GRANT SELECT, INSERT, UPDATE ON td_portal_cursor TO td_job;
"""


class Migration(migrations.Migration):
    dependencies = [("links", "0001_links")]
    operations = [migrations.RunSQL(SQL)]
