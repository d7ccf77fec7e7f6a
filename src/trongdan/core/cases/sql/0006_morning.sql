-- The lists and numbers of a morning at a reception with thousands in hand (bench/, a million cases: 60 to 150 ms each).
-- A page of a list is the first fifty by day: read in their order, so that who sees them is asked of fifty and not of all.
CREATE INDEX td_case_next ON td_case (agency, due_on, id) WHERE NOT final;

-- The numbers of a post, counted for all cases at once and not by a function for each: what it has in hand by the stage its
-- papers wait for ('' for none, 'send' for what was numbered and not sent), and in the row without a stage what its agency is
-- late with. Only cases that the scope sees, by its own rows in td_case_access of today, in which denials win.
CREATE FUNCTION td_morning(of text, roles text[], own text, sends boolean, day date)
RETURNS TABLE (stage text, cases bigint, late bigint, today bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    whole boolean := td_scope_all();
    agencies text[] := td_scope_agencies();
    posts text[] := td_scope_posts();
BEGIN
    RETURN QUERY
        SELECT m.stage, count(*), count(*) FILTER (WHERE m.due_on < day), count(*) FILTER (WHERE m.due_on = day)
        FROM (SELECT c.id, c.due_on, CASE WHEN sends AND c.unsent AND (c.final OR c.holder IS DISTINCT FROM 'registry')
                                          THEN 'send' ELSE coalesce(c.waits, '') END AS stage
              FROM td_case c
              WHERE c.agency = of AND (
                  (NOT c.final AND (c.holder = ANY (roles) OR (c.holder = 'assigned' AND c.assigned = own)))
                  OR (sends AND c.unsent))) m
        WHERE whole OR (
            SELECT bool_and(NOT a.deny) FROM td_case_access a
            WHERE a.case_id = m.id AND (a.agency = ANY (agencies) OR a.appointment = ANY (posts))
              AND a.valid_from <= current_date AND (a.valid_to IS NULL OR a.valid_to >= current_date))
        GROUP BY 1 ORDER BY min(coalesce(m.due_on, 'infinity'));
    RETURN QUERY
        SELECT NULL::text, count(*), count(*), 0::bigint FROM td_case c
        WHERE NOT c.final AND c.agency = of AND c.due_on < day AND (whole OR (
            SELECT bool_and(NOT a.deny) FROM td_case_access a
            WHERE a.case_id = c.id AND (a.agency = ANY (agencies) OR a.appointment = ANY (posts))
              AND a.valid_from <= current_date AND (a.valid_to IS NULL OR a.valid_to >= current_date)));
END $$;
ALTER FUNCTION td_morning(text, text[], text, boolean, date) OWNER TO td_definer;

-- What the open cases of an agency can be narrowed to. Only cases that the scope sees, counted at once as above.
CREATE FUNCTION td_choices(of text) RETURNS TABLE (kinds text[], topics text[], holders text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    whole boolean := td_scope_all();
    agencies text[] := td_scope_agencies();
    posts text[] := td_scope_posts();
BEGIN
    RETURN QUERY
        SELECT array_agg(DISTINCT c.kind), array_agg(DISTINCT c.topic) FILTER (WHERE c.topic IS NOT NULL),
               array_agg(DISTINCT c.holder) FILTER (WHERE c.holder IS NOT NULL)
        FROM td_case c
        WHERE NOT c.final AND c.agency = of AND (whole OR (
            SELECT bool_and(NOT a.deny) FROM td_case_access a
            WHERE a.case_id = c.id AND (a.agency = ANY (agencies) OR a.appointment = ANY (posts))
              AND a.valid_from <= current_date AND (a.valid_to IS NULL OR a.valid_to >= current_date)));
END $$;
ALTER FUNCTION td_choices(text) OWNER TO td_definer;
