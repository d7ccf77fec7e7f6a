-- What registers and statistics count by: one row for each time a case came to an agency, was settled by it, was accepted,
-- refused, or ran late. Derived from the trail alone (board/tally.py), never changed; `trongdan check` derives it anew.
CREATE TABLE td_tally (
    case_id uuid        NOT NULL,
    seq     int         NOT NULL,  -- the event it follows from
    fact    text        NOT NULL,
    agency  text        NOT NULL,
    on_date date        NOT NULL,
    at      timestamptz NOT NULL,  -- when it became known: a closed period counts what was known then
    kind    text        NOT NULL,
    nature  text,
    topic   text,
    outcome text,
    late    boolean     NOT NULL,
    PRIMARY KEY (case_id, seq, fact, agency)
);
CREATE INDEX td_tally_agency ON td_tally (agency, fact, on_date);

ALTER TABLE td_tally ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON td_tally FOR SELECT TO td_web USING ((SELECT td_scope_all())
    OR td_seen(case_id, (SELECT td_scope_case()), (SELECT td_scope_agencies()), (SELECT td_scope_posts())));
CREATE POLICY fill ON td_tally FOR ALL TO td_job USING ((SELECT td_scope_all())) WITH CHECK ((SELECT td_scope_all()));
CREATE POLICY count ON td_tally FOR SELECT TO td_definer USING (true);
GRANT SELECT ON td_tally TO td_web, td_definer;
GRANT SELECT, INSERT, DELETE ON td_tally TO td_job;

-- Whether the scope may read the figures of an agency: its own, those below it; of the whole province ('') only the bodies
-- of the province that answer for letters.
CREATE FUNCTION td_counts_for(wanted text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT td_scope_all() OR CASE WHEN wanted = '' THEN EXISTS (
        SELECT FROM td_agency a WHERE a.code = ANY (td_scope_agencies()) AND a.level = 'tinh'
          AND a.kind IN ('committee', 'inspectorate', 'reception_board'))
    ELSE wanted = ANY (td_scope_agencies()) OR wanted IN (SELECT td_agencies_below()) END
$$;

-- The figures of a report: for each number the sum of its terms, by agency. Sums only: no case is seen by it. Cases of the
-- vault are in none of them; `sealed` counts those alone, for the whole province at once and for the inspectorate only, so
-- that no agency can tell from its figures that somebody denounced it (domain 19).
CREATE FUNCTION td_report_numbers(wanted text, terms jsonb, known timestamptz, sealed boolean)
RETURNS TABLE (agency text, number text, total bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT td_counts_for(wanted) OR (sealed AND NOT td_scope_all() AND (wanted <> '' OR NOT EXISTS (
            SELECT FROM td_agency a WHERE a.code = ANY (td_scope_agencies()) AND a.level = 'tinh' AND a.kind = 'inspectorate')))
    THEN RETURN; END IF;
    RETURN QUERY
        SELECT CASE WHEN sealed THEN '' ELSE y.agency END, t.number, sum(t.sign)::bigint
        FROM jsonb_to_recordset(terms) AS t (number text, sign int, fact text, kinds text[], natures text[], outcomes text[],
                                             late boolean, since date, until date)
        JOIN td_tally y ON y.fact = t.fact AND y.kind = ANY (t.kinds) AND y.on_date >= t.since AND y.on_date <= t.until
            AND (t.natures IS NULL OR y.nature = ANY (t.natures)) AND (t.outcomes IS NULL OR y.outcome = ANY (t.outcomes))
            AND (t.late IS NULL OR y.late = t.late)
        JOIN td_case c ON c.id = y.case_id AND c.vault = sealed
        WHERE (wanted = '' OR y.agency = wanted) AND y.at <= known
        GROUP BY 1, 2;
END $$;
ALTER FUNCTION td_counts_for(text) OWNER TO td_definer;
ALTER FUNCTION td_report_numbers(text, jsonb, timestamptz, boolean) OWNER TO td_definer;

-- A closed period: the figures as they were known, with their hash. Never changed; what comes later shows as a correction.
CREATE TABLE td_report (
    agency    text        NOT NULL,  -- '' for the whole province
    form      text        NOT NULL,
    period    text        NOT NULL,  -- "ttcp:2026:q3"
    since     date        NOT NULL,
    until     date        NOT NULL,
    numbers   jsonb       NOT NULL,
    hash      text        NOT NULL,
    closed_at timestamptz NOT NULL,
    closed_by text        NOT NULL,
    PRIMARY KEY (agency, form, period)
);
CREATE TRIGGER td_report_frozen BEFORE UPDATE OR DELETE ON td_report FOR EACH ROW EXECUTE FUNCTION td_refuse_change();
ALTER TABLE td_report ENABLE ROW LEVEL SECURITY;
CREATE POLICY read ON td_report FOR SELECT TO td_web, td_job USING (td_counts_for(agency));
CREATE POLICY close ON td_report FOR INSERT TO td_web, td_job
    WITH CHECK (td_counts_for(agency) AND (td_scope_all() OR agency = '' OR agency = ANY (td_scope_agencies())));
GRANT SELECT, INSERT ON td_report TO td_web, td_job;
