-- What became of the points of conclusions, by agency and post: sums for those who answer for the agencies (domain 24). Vault
-- cases and those with signs of a state secret are in none.
CREATE POLICY promised ON td_clock FOR SELECT TO td_definer USING (clock_id = 'finish');
GRANT SELECT ON td_clock TO td_definer;
CREATE INDEX td_case_points ON td_case (agency, due_on) WHERE kind = 'reception.point';

CREATE FUNCTION td_promises(since date, until date, today date)
RETURNS TABLE (agency text, post text, kept bigint, late bigint, broken bigint, running bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.agency, c.assigned,
           count(*) FILTER (WHERE c.outcome = 'done' AND c.final AND k.stopped_on <= k.due_at),
           count(*) FILTER (WHERE c.outcome = 'done' AND c.final AND k.stopped_on > k.due_at),
           count(*) FILTER (WHERE NOT c.final AND k.due_at < today),
           count(*) FILTER (WHERE NOT c.final AND k.due_at >= today)
    FROM td_case c JOIN td_clock k ON k.case_id = c.id AND k.clock_id = 'finish'
    WHERE c.kind = 'reception.point' AND NOT c.vault AND c.secret IS NULL AND k.started_on BETWEEN since AND until
      AND c.agency IN (SELECT td_reception_bodies())
      AND (NOT c.final OR c.outcome = 'done')
    GROUP BY 1, 2 ORDER BY 5 DESC, 1, 2
$$;
ALTER FUNCTION td_promises(date, date, date) OWNER TO td_definer;
