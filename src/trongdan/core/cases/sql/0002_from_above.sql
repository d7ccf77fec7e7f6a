-- What those above an agency see of it without seeing its cases: assessments, and who is late with how much.

-- What people thought of how their matter was handled (domain 21): the superior and the Front read it first; the rated
-- agency gets sums by week only, and the page shows them in batches.
CREATE INDEX td_event_assessed ON td_event (on_date DESC) WHERE tag = 'case:assessed';

CREATE POLICY assessed ON td_event FOR SELECT TO td_definer USING (tag = 'case:assessed');
CREATE POLICY assessed ON td_content FOR SELECT TO td_definer USING (field = 'reason');
GRANT SELECT ON td_event, td_content TO td_definer;
GRANT SELECT ON td_agency TO td_definer;

-- The agencies below those of the scope, by administration or by line; all of them for the Front.
CREATE FUNCTION td_agencies_below() RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH RECURSIVE own AS (
        SELECT jsonb_array_elements_text(coalesce(td_scope() -> 'agencies', '[]')) AS code
    ), below AS (
        SELECT a.code FROM td_agency a JOIN own ON own.code IN (a.under_id, a.line_id)
        UNION
        SELECT a.code FROM td_agency a JOIN below b ON b.code IN (a.under_id, a.line_id)
    )
    SELECT code FROM below WHERE code NOT IN (SELECT code FROM own)
    UNION
    SELECT a.code FROM td_agency a WHERE EXISTS (
        SELECT 1 FROM td_agency f JOIN own ON own.code = f.code WHERE f.kind = 'front')
$$;

-- The newest assessments of agencies below the scope, with the person's reason; never a reference.
CREATE FUNCTION td_assessments(most int)
RETURNS TABLE (agency text, kind text, on_date date, verdict jsonb, reason text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.agency, e.kind, e.on_date, e.payload -> 'verdict',
           (SELECT t.body FROM td_content t WHERE t.id = (e.payload #>> '{verdict,reason,content}')::uuid)
    FROM td_event e JOIN td_case c ON c.id = e.case_id
    WHERE e.tag = 'case:assessed' AND c.agency IN (SELECT td_agencies_below())
    ORDER BY e.on_date DESC, e.position DESC LIMIT most
$$;

-- Sums by week for the scope's own agencies: no single assessment, no reason.
CREATE FUNCTION td_ratings()
RETURNS TABLE (agency text, week date, people bigint, answered bigint, acted bigint, solved bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.agency, date_trunc('week', e.on_date)::date, count(*),
           count(*) FILTER (WHERE e.payload #>> '{verdict,answered}' = 'yes'),
           count(*) FILTER (WHERE e.payload #>> '{verdict,acted}' = 'yes'),
           count(*) FILTER (WHERE e.payload #>> '{verdict,solved}' = 'yes')
    FROM td_event e JOIN td_case c ON c.id = e.case_id
    WHERE e.tag = 'case:assessed'
      AND c.agency IN (SELECT jsonb_array_elements_text(coalesce(td_scope() -> 'agencies', '[]')))
    GROUP BY 1, 2 ORDER BY 1, 2
$$;

-- Late cases of agencies below the scope: sums by agency and holder, the oldest limit. The last rung of the ladder.
CREATE FUNCTION td_late_below()
RETURNS TABLE (agency text, holder text, cases bigint, oldest date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.agency, coalesce(c.holder, 'none'), count(*), min(c.due_on)
    FROM td_case c
    WHERE NOT c.final AND c.due_on < current_date AND c.agency IN (SELECT td_agencies_below())
    GROUP BY 1, 2 ORDER BY 4, 1, 2
$$;

ALTER FUNCTION td_late_below() OWNER TO td_definer;
ALTER FUNCTION td_agencies_below() OWNER TO td_definer;
ALTER FUNCTION td_assessments(int) OWNER TO td_definer;
ALTER FUNCTION td_ratings() OWNER TO td_definer;
