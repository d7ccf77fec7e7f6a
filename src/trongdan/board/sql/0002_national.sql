-- What of each case the national database has: the digest of the record as it is now, and of what was sent. Digests are keyed.
CREATE TABLE td_national (
    case_id     uuid PRIMARY KEY,
    agency      text        NOT NULL,  -- that has the case: for lists
    digest      text        NOT NULL,
    waiting     timestamptz,           -- since when our record is not theirs; NULL when it is
    next_at     timestamptz,           -- when to send it, or to try again
    attempts    int         NOT NULL DEFAULT 0,
    last_error  text        NOT NULL DEFAULT '',
    sent_digest text        NOT NULL DEFAULT '',
    sent_at     timestamptz,
    sent_by     text        NOT NULL DEFAULT '',  -- the post that typed it in; empty when the worker sent it
    their_id    text        NOT NULL DEFAULT '',
    differs     text[]      NOT NULL DEFAULT '{}', -- fields that read otherwise there; {"*"} when they have no such record
    checked_at  timestamptz
);
CREATE INDEX td_national_waiting ON td_national (agency, waiting) WHERE waiting IS NOT NULL;
CREATE INDEX td_national_next ON td_national (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX td_national_check ON td_national (checked_at NULLS FIRST) WHERE sent_at IS NOT NULL;

ALTER TABLE td_national ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON td_national FOR ALL TO td_web USING ((SELECT td_scope_all())
    OR td_seen(case_id, (SELECT td_scope_case()), (SELECT td_scope_agencies()), (SELECT td_scope_posts())));
CREATE POLICY fill ON td_national FOR ALL TO td_job USING ((SELECT td_scope_all())) WITH CHECK ((SELECT td_scope_all()));
CREATE POLICY count ON td_national FOR SELECT TO td_definer USING (true);
GRANT SELECT, UPDATE (waiting, next_at, attempts, last_error, sent_digest, sent_at, sent_by, their_id, differs) ON td_national TO td_web;
GRANT SELECT, INSERT, UPDATE ON td_national TO td_job;
GRANT SELECT ON td_national TO td_definer;

-- How much waits to be sent, of the scope's agencies and those below: sums, never a case of the vault.
CREATE FUNCTION td_national_behind() RETURNS TABLE (agency text, cases bigint, oldest timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT n.agency, count(*), min(n.waiting) FROM td_national n JOIN td_case c ON c.id = n.case_id
    WHERE n.waiting IS NOT NULL AND NOT c.vault
      AND (td_scope_all() OR n.agency = ANY (td_scope_agencies()) OR n.agency IN (SELECT td_agencies_below()))
    GROUP BY 1 ORDER BY 3, 1
$$;
ALTER FUNCTION td_national_behind() OWNER TO td_definer;
