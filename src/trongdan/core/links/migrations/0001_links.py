"""Calls to national systems: who asked what for which purpose (never the answer), and what waits for a side that was away."""

from django.db import migrations

SQL = """
CREATE TABLE td_link_call (
    id        uuid NOT NULL,
    turn      smallint NOT NULL, -- 1 asked, 2 answered: a call that was cut off has only the first
    at        timestamptz NOT NULL,
    link      text NOT NULL,
    operation text NOT NULL,
    agency    text NOT NULL,
    post      text NOT NULL,
    person    uuid,
    purpose   text NOT NULL,
    basis     text NOT NULL,
    subject   bytea NOT NULL,   -- keyed digest of the number asked about: a person can be told who asked, nobody can read it off
    fields    text[] NOT NULL,
    outcome   text,
    tries     smallint,
    millis    int,
    PRIMARY KEY (id, turn)
);
CREATE INDEX td_link_call_subject ON td_link_call (subject, at);
CREATE INDEX td_link_call_agency ON td_link_call (agency, at);
ALTER TABLE td_link_call ENABLE ROW LEVEL SECURITY;
CREATE POLICY added ON td_link_call FOR INSERT TO td_web, td_job WITH CHECK ((SELECT td_scope_is_set()));
CREATE POLICY own ON td_link_call FOR SELECT TO td_web, td_job USING (
    (SELECT td_scope_all()) OR agency = ANY (ARRAY(SELECT jsonb_array_elements_text((SELECT td_scope()) -> 'agencies'))));
GRANT SELECT, INSERT ON td_link_call TO td_web, td_job;
CREATE TRIGGER td_link_call_append_only BEFORE UPDATE OR DELETE ON td_link_call
    FOR EACH ROW EXECUTE FUNCTION td_refuse_change();
CREATE TRIGGER td_link_call_no_truncate BEFORE TRUNCATE ON td_link_call
    FOR EACH STATEMENT EXECUTE FUNCTION td_refuse_change();

CREATE TABLE td_link_check (
    id       uuid PRIMARY KEY,
    agency   text NOT NULL,
    about    text NOT NULL,      -- the dossier's code or reference; never a name
    purpose  text NOT NULL,
    sealed   bytea,              -- what is to be asked; gone once answered
    asked_at timestamptz NOT NULL,
    next_at  timestamptz,
    attempts smallint NOT NULL DEFAULT 0,
    last     text NOT NULL DEFAULT '',
    done_at  timestamptz,
    found    boolean,
    differs  text[],             -- names of attributes alone
    asked_by jsonb NOT NULL
);
CREATE INDEX td_link_check_due ON td_link_check (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX td_link_check_agency ON td_link_check (agency, asked_at);
ALTER TABLE td_link_check ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON td_link_check FOR ALL TO td_web, td_job USING (
    (SELECT td_scope_all()) OR agency = ANY (ARRAY(SELECT jsonb_array_elements_text((SELECT td_scope()) -> 'agencies'))))
    WITH CHECK ((SELECT td_scope_is_set()));
GRANT INSERT ON td_link_check TO td_web, td_job;
GRANT SELECT (id, agency, about, purpose, asked_at, next_at, attempts, last, done_at, found, differs) ON td_link_check TO td_web;
GRANT SELECT, UPDATE ON td_link_check TO td_job;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_event_v1"), ("people", "0001_initial")]
    operations = [migrations.RunSQL(SQL)]
