"""Files of a case and the number books, under the same row security as the case."""

from django.db import migrations

SQL = """
CREATE TABLE td_file (
    id       uuid PRIMARY KEY,
    case_id  uuid NOT NULL,
    name     text NOT NULL,
    media    text NOT NULL,
    size     bigint NOT NULL,
    sheet    int  NOT NULL,
    source   text NOT NULL,
    paper    text,
    digest   bytea NOT NULL, -- SHA-256 of the bytes on disk: `trongdan check` sees a lost or changed file
    salt     bytea,          -- with the file as it was sent, opens the commitment in the letter's first event
    at       timestamptz NOT NULL DEFAULT now(),
    UNIQUE (case_id, sheet)
);
ALTER TABLE td_file ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON td_file FOR ALL TO td_web, td_job
    USING ((SELECT td_scope_all()) OR td_sees(case_id)) WITH CHECK ((SELECT td_scope_is_set()));
GRANT SELECT, INSERT ON td_file TO td_web, td_job;
GRANT DELETE ON td_file TO td_job; -- after the retention, by a decision

-- Own number book of an agency and year (NĐ 30/2020 Đ15): gap-free, because the row lock lasts until commit.
CREATE TABLE td_book (
    agency text NOT NULL,
    book   text NOT NULL,
    year   int  NOT NULL,
    last   int  NOT NULL,
    PRIMARY KEY (agency, book, year)
);
GRANT SELECT, INSERT, UPDATE ON td_book TO td_web;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("cases", "0001_event_v1")]
    operations = [migrations.RunSQL(SQL)]
