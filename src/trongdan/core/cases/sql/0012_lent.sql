-- A step that another agency does for the one that answers (decision 0058): `lent` is the agency whose post has it in hand.
-- Few cases are lent at a time: the index holds those alone, by whom they lie with.
ALTER TABLE td_case ADD COLUMN lent text;
CREATE INDEX td_case_lent ON td_case (lent, assigned, due_on, id) WHERE NOT final AND lent IS NOT NULL;

-- As in 0006; a post also has in hand what other agencies lent it. What its own agency is late with stays apart from that.
CREATE OR REPLACE FUNCTION td_morning(of text, roles text[], own text, sends boolean, day date)
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
                  OR (sends AND c.unsent))
              UNION ALL
              SELECT c.id, c.due_on, coalesce(c.waits, '') FROM td_case c
              WHERE NOT c.final AND c.lent = of AND c.assigned = own AND c.holder = 'assigned') m
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
