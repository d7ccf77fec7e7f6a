-- A name is looked for as one (decision 0025): beside the words of a case stand the pairs of neighbours of each name in it
-- ("bui_thi", "thi_man"; platform/text.py). Three common words meet in half a province; three in a row in a few hundred cases.
-- What was indexed before has none: the worker reads the trail anew, from its beginning.
DELETE FROM td_cursor WHERE reader = 'search';

-- The ids of cases that hold the words as a name and that the scope sees, when they are fewer than two pages: then they are what
-- was meant, and all of it. Otherwise, and when `wide`, what td_search finds.
CREATE FUNCTION td_find(words text[], most int, walk int, wide boolean) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    whole boolean := td_scope_all();
    own uuid := td_scope_case();
    agencies text[] := td_scope_agencies();
    posts text[] := td_scope_posts();
    clean text[] := array_remove(ARRAY(SELECT regexp_replace(w, '[^[:alnum:]]', '', 'g') FROM unnest(words) w), '');
    pairs text[] := '{}';
    named tsquery;
    got uuid[];
BEGIN
    IF NOT wide AND cardinality(clean) > 1 THEN
        FOR i IN 1 .. cardinality(clean) - 1 LOOP pairs := pairs || (clean[i] || '_' || clean[i + 1]); END LOOP;
        named := ('''' || array_to_string(pairs, ''' & ''') || ''''
                  || CASE WHEN length(clean[cardinality(clean)]) > 2 THEN ':*' ELSE '' END)::tsquery;
        got := ARRAY(SELECT s.case_id FROM td_case_search s
                     WHERE s.words @@ named AND (whole OR s.seers && (agencies || posts))
                       AND (whole OR td_seen(s.case_id, own, agencies, posts))
                     LIMIT most * 2);
        IF cardinality(got) BETWEEN 1 AND most * 2 - 1 THEN
            RETURN QUERY SELECT unnest(got);
            RETURN;
        END IF;
    END IF;
    RETURN QUERY SELECT td_search(words, most, walk);
END $$;
ALTER FUNCTION td_find(text[], int, int, boolean) OWNER TO td_definer;
