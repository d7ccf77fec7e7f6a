-- The figures of a report in one walk of the tally: rows are first summed by what a term can ask for and by the stretches of
-- days between the terms' own bounds; the terms then add up those few sums. What is counted is as before. (A year of the whole
-- province asked the tally once for every term.)
CREATE INDEX td_case_vault ON td_case (id) WHERE vault;

CREATE OR REPLACE FUNCTION td_report_numbers(wanted text, terms jsonb, known timestamptz, sealed boolean)
RETURNS TABLE (agency text, number text, total bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    bounds date[];
    facts text[];
    of_kinds text[];
BEGIN
    IF NOT td_counts_for(wanted) OR (sealed AND NOT td_scope_all() AND (wanted <> '' OR NOT EXISTS (
            SELECT FROM td_agency a WHERE a.code = ANY (td_scope_agencies()) AND a.level = 'tinh' AND a.kind = 'inspectorate')))
    THEN RETURN; END IF;
    SELECT array_agg(DISTINCT b ORDER BY b), array_agg(DISTINCT t.fact), array_agg(DISTINCT k) INTO bounds, facts, of_kinds
    FROM jsonb_to_recordset(terms) AS t (fact text, kinds text[], since date, until date)
    CROSS JOIN LATERAL unnest(t.kinds) k CROSS JOIN LATERAL unnest(ARRAY[t.since, t.until + 1]) b;
    RETURN QUERY
        WITH hidden AS MATERIALIZED (SELECT c.id FROM td_case c WHERE c.vault),
        sums AS MATERIALIZED (
            SELECT CASE WHEN sealed THEN '' ELSE y.agency END AS agency, y.fact, y.kind, y.nature, y.outcome, y.late,
                   width_bucket(y.on_date, bounds) AS stretch, count(*) AS n
            FROM td_tally y
            WHERE y.fact = ANY (facts) AND y.kind = ANY (of_kinds) AND (wanted = '' OR y.agency = wanted) AND y.at <= known
              AND (y.case_id IN (SELECT h.id FROM hidden h)) = sealed
            GROUP BY 1, 2, 3, 4, 5, 6, 7)
        SELECT s.agency, t.number, sum(t.sign * s.n)::bigint
        FROM jsonb_to_recordset(terms) AS t (number text, sign int, fact text, kinds text[], natures text[], outcomes text[],
                                             late boolean, since date, until date)
        JOIN sums s ON s.fact = t.fact AND s.kind = ANY (t.kinds) AND s.stretch BETWEEN 1 AND cardinality(bounds) - 1
            AND bounds[s.stretch] >= t.since AND bounds[s.stretch + 1] <= t.until + 1
            AND (t.natures IS NULL OR s.nature = ANY (t.natures)) AND (t.outcomes IS NULL OR s.outcome = ANY (t.outcomes))
            AND (t.late IS NULL OR s.late = t.late)
        GROUP BY 1, 2;
END $$;
