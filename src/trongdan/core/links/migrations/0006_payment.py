"""Payments of fees: what was asked of the provider, what arrived, and what does not fit."""

from django.db import migrations

SQL = """
CREATE TABLE td_payment (
    id        uuid PRIMARY KEY,     -- the order, as the provider knows it
    case_id   uuid NOT NULL,
    agency    text NOT NULL,
    amount    bigint NOT NULL CHECK (amount > 0),
    url       text,                 -- where it is paid; NULL: the provider did not answer
    asked_at  timestamptz NOT NULL,
    next_at   timestamptz,          -- when the provider is asked whether it was paid; NULL: no more
    attempts  int NOT NULL DEFAULT 0,
    last      text NOT NULL DEFAULT '',
    number    text,                 -- the provider's, once it was paid and the case knows
    paid_at   timestamptz
);
CREATE INDEX td_payment_case ON td_payment (case_id);
CREATE INDEX td_payment_due ON td_payment (next_at) WHERE next_at IS NOT NULL;
ALTER TABLE td_payment ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON td_payment FOR ALL TO td_web, td_job USING ((SELECT td_scope_all())
    OR td_seen(case_id, (SELECT td_scope_case()), (SELECT td_scope_agencies()), (SELECT td_scope_posts())))
    WITH CHECK ((SELECT td_scope_is_set()));
GRANT SELECT, INSERT, UPDATE ON td_payment TO td_web, td_job;

-- Money that arrived and is no fee of ours as asked: twice, another amount, an order that nobody made. It is owed back.
CREATE TABLE td_payment_odd (
    number     text PRIMARY KEY,
    order_id   uuid NOT NULL,
    case_id    uuid,
    agency     text,                -- NULL: nobody's order; the province looks
    amount     bigint NOT NULL,
    paid_at    timestamptz NOT NULL,
    what       text NOT NULL CHECK (what IN ('twice', 'amount', 'unknown', 'refused')),
    found_at   timestamptz NOT NULL,
    settled_at timestamptz,
    settled_by uuid,
    settled_how text
);
ALTER TABLE td_payment_odd ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON td_payment_odd FOR ALL TO td_web, td_job USING ((SELECT td_scope_all())  -- whose case it is now, after a merger too
    OR agency = ANY ((SELECT td_scope_agencies())::text[])
    OR (case_id IS NOT NULL AND td_seen(case_id, (SELECT td_scope_case()), (SELECT td_scope_agencies()), (SELECT td_scope_posts()))))
    WITH CHECK ((SELECT td_scope_is_set()));
GRANT SELECT, UPDATE (settled_at, settled_by, settled_how) ON td_payment_odd TO td_web;
GRANT SELECT, INSERT, UPDATE ON td_payment_odd TO td_job;
"""


class Migration(migrations.Migration):
    dependencies = [("links", "0005_same")]
    operations = [migrations.RunSQL(SQL)]
