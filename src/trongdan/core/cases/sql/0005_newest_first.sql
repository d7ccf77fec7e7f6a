-- Search that walks the newest cases of a scope first. Words that people look for are frequent: two frequent words meet in
-- hundreds of thousands of cases of a big province, and an index of words must bring the two lists together before anything
-- comes out, however small the scope (bench/: 0.1 to 0.4 s at a million cases). But where words are frequent, the newest few
-- hundred cases of the scope already hold a page full of them; and where they are not, the lists are short.
CREATE TABLE td_case_near (
    seer      text NOT NULL,  -- an agency or a post that the case was ever given to; '*' stands for whoever sees all
    opened_on date NOT NULL,
    case_id   uuid NOT NULL,
    PRIMARY KEY (seer, opened_on, case_id)
);
INSERT INTO td_case_near (seer, opened_on, case_id)
    SELECT x.seer, c.opened_on, c.id FROM td_case_search s JOIN td_case c ON c.id = s.case_id
    CROSS JOIN LATERAL (SELECT DISTINCT unnest(s.seers || '*'::text)) x (seer);
CREATE INDEX td_case_near_case ON td_case_near (case_id);

ALTER TABLE td_case_near ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON td_case_near FOR SELECT TO td_definer USING (true);
CREATE POLICY fill ON td_case_near FOR ALL TO td_job USING ((SELECT td_scope_all())) WITH CHECK ((SELECT td_scope_all()));
GRANT SELECT ON td_case_near TO td_definer;
GRANT SELECT, INSERT, DELETE ON td_case_near TO td_job;

-- The ids of cases that have the words and that the scope sees, newest first as far as `walk` cases back. `most` of them; of
-- older ones any. The last word of a query may be a beginning: among the newest always, among older ones where whole words
-- found next to nothing, since a beginning that is frequent takes the index a quarter of a second.
DROP FUNCTION td_search(text[], int);
CREATE FUNCTION td_search(words text[], most int, walk int) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    few CONSTANT int := 10;
    whole boolean := td_scope_all();
    own uuid := td_scope_case();
    agencies text[] := td_scope_agencies();
    posts text[] := td_scope_posts();
    seers_of text[] := CASE WHEN whole THEN '{*}' ELSE agencies || posts END;
    clean text[] := array_remove(ARRAY(SELECT regexp_replace(w, '[^[:alnum:]]', '', 'g') FROM unnest(words) w), '');
    exact tsquery;
    begun tsquery;
    open_end boolean;  -- whether the last word may go on; "=" between queries does not see that
    depth int;
    begin_too boolean;
    got uuid[];
    more uuid[];
BEGIN
    IF cardinality(clean) = 0 OR cardinality(seers_of) = 0 THEN RETURN; END IF;
    exact := ('''' || array_to_string(clean, ''' & ''') || '''')::tsquery;
    open_end := length(clean[cardinality(clean)]) > 2;
    begun := (exact::text || CASE WHEN open_end THEN ':*' ELSE '' END)::tsquery;
    FOREACH depth IN ARRAY ARRAY[walk, walk * 5] LOOP
        got := ARRAY(
            SELECT near.case_id
            FROM (SELECT DISTINCT n.opened_on, n.case_id
                  FROM unnest(seers_of) AS g (seer) CROSS JOIN LATERAL (
                      SELECT m.opened_on, m.case_id FROM td_case_near m WHERE m.seer = g.seer
                      ORDER BY m.opened_on DESC, m.case_id DESC LIMIT depth) n
                  ORDER BY n.opened_on DESC, n.case_id DESC LIMIT depth) near
            CROSS JOIN LATERAL (
                SELECT FROM td_case_search s WHERE s.case_id = near.case_id AND s.words @@ begun
                  AND (whole OR td_seen(s.case_id, own, agencies, posts)) OFFSET 0) hit
            LIMIT most);
        EXIT WHEN cardinality(got) >= most OR cardinality(got) < most / 5;  -- five times as far would not fill the page
    END LOOP;
    RETURN QUERY SELECT unnest(got);
    IF cardinality(got) >= most THEN RETURN; END IF;
    -- Not a page full among the newest: so few in all that the index can say which, unless the scope holds no more cases.
    IF NOT EXISTS (SELECT FROM unnest(seers_of) AS g (seer) CROSS JOIN LATERAL (
                   SELECT FROM td_case_near m WHERE m.seer = g.seer OFFSET depth LIMIT 1) older) THEN RETURN; END IF;
    FOREACH begin_too IN ARRAY CASE WHEN open_end THEN '{f,t}' ELSE '{f}' END::boolean[] LOOP
        EXIT WHEN begin_too AND cardinality(got) >= few;
        more := ARRAY(
            SELECT s.case_id FROM td_case_search s
            WHERE s.words @@ CASE WHEN begin_too THEN begun ELSE exact END
              AND (whole OR s.seers && seers_of) AND NOT s.case_id = ANY (got)
              AND (whole OR td_seen(s.case_id, own, agencies, posts))
            LIMIT most * 2);
        RETURN QUERY SELECT unnest(more);
        got := got || more;
    END LOOP;
END $$;
ALTER FUNCTION td_search(text[], int, int) OWNER TO td_definer;
