-- A name is looked for as one (decision 0025): beside the words of a case stand the pairs of neighbours of each name in it
-- ("bui_thi", "thi_man"; platform/text.py). Three common words meet in half a province; three in a row in a few hundred cases.
-- What was indexed before has none: the worker reads the trail anew, from its beginning.
DELETE FROM td_cursor WHERE reader = 'search';
DROP FUNCTION td_search(text[], int, int);
CREATE FUNCTION td_search(words text[], most int, walk int, wide boolean) RETURNS SETOF uuid
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
    pairs text[] := '{}';
    named tsquery;
BEGIN
    IF cardinality(clean) = 0 OR cardinality(seers_of) = 0 THEN RETURN; END IF;
    exact := ('''' || array_to_string(clean, ''' & ''') || '''')::tsquery;
    open_end := length(clean[cardinality(clean)]) > 2;
    begun := (exact::text || CASE WHEN open_end THEN ':*' ELSE '' END)::tsquery;
    -- A name first: its pairs of neighbours are few where its words are many. What holds them all is what was meant; more than
    -- two pages of it are found below, newest first.
    IF NOT wide AND cardinality(clean) > 1 THEN
        FOR i IN 1 .. cardinality(clean) - 1 LOOP pairs := pairs || (clean[i] || '_' || clean[i + 1]); END LOOP;
        named := ('''' || array_to_string(pairs, ''' & ''') || '''' || CASE WHEN open_end THEN ':*' ELSE '' END)::tsquery;
        got := ARRAY(SELECT s.case_id FROM td_case_search s
                     WHERE s.words @@ named AND (whole OR s.seers && seers_of)
                       AND (whole OR td_seen(s.case_id, own, agencies, posts))
                     LIMIT most * 2);
        IF cardinality(got) BETWEEN 1 AND most * 2 - 1 THEN
            RETURN QUERY SELECT unnest(got);
            RETURN;
        END IF;
    END IF;
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
ALTER FUNCTION td_search(text[], int, int, boolean) OWNER TO td_definer;
